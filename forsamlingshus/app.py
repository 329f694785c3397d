"""The wiring: which blueprints, subscribers, gates, jobs, grants and slots exist. Imported by wsgi and tests."""

import dataclasses
import os
from collections.abc import Mapping

from flask import Flask, g
from flask_migrate import Migrate
from flask_migrate.cli import db as migrate_commands

import config
from forsamlingshus.accounts import commands as accounts_commands
from forsamlingshus.accounts import events as account_events
from forsamlingshus.accounts import sessions
from forsamlingshus.accounts import views as accounts_views
from forsamlingshus.catalogue import commands as catalogue_commands
from forsamlingshus.catalogue import live as catalogue_live
from forsamlingshus.catalogue import views as catalogue_views
from forsamlingshus.contributions.events import ContributionChanged, FateRecorded
from forsamlingshus.demo import commands as demo_commands
from forsamlingshus.demo import queries as demo_queries
from forsamlingshus.demo import views as demo_views
from forsamlingshus.discussions import events as discussion_events
from forsamlingshus.discussions import live as discussions_live
from forsamlingshus.discussions import views as discussions_views
from forsamlingshus.inputs import events as input_events
from forsamlingshus.inputs import live as inputs_live
from forsamlingshus.inputs import views as inputs_views
from forsamlingshus.kernel import (
    cli,
    clock,
    db,
    events,
    files,
    i18n,
    jobs,
    limits,
    live,
    logs,
    permissions,
    shared,
    shares,
    slots,
    tail,
    topics,
    web,
)
from forsamlingshus.kernel.permissions import Identity, Who
from forsamlingshus.meetings import commands as meetings_commands
from forsamlingshus.meetings import live as meetings_live
from forsamlingshus.meetings import queries as meetings_queries
from forsamlingshus.meetings import views as meetings_views
from forsamlingshus.notes import live as notes_live
from forsamlingshus.notes import views as notes_views
from forsamlingshus.polls import actions as polls_actions
from forsamlingshus.polls import events as poll_events
from forsamlingshus.polls import live as polls_live
from forsamlingshus.polls import views as polls_views
from forsamlingshus.process import commands as process_commands
from forsamlingshus.process import phases
from forsamlingshus.process import queries as process_queries
from forsamlingshus.process import views as process_views
from forsamlingshus.records import live as records_live
from forsamlingshus.records import views as records_views
from forsamlingshus.site import commands as site_commands
from forsamlingshus.site import context as site_context
from forsamlingshus.site import live as site_live
from forsamlingshus.site import views as site_views
from forsamlingshus.slides import events as slide_events
from forsamlingshus.slides import jobs as slides_jobs
from forsamlingshus.slides import live as slides_live
from forsamlingshus.slides import queries as slides_queries
from forsamlingshus.slides import views as slides_views
from forsamlingshus.slides.actions import talks as slide_talks
from forsamlingshus.stages import events as stage_events
from forsamlingshus.stages import live as stages_live
from forsamlingshus.stages import views as stages_views
from forsamlingshus.stages.actions import record as stage_record

ROOT = web.ROOT

BLUEPRINTS = (
    accounts_views.blueprint,
    process_views.blueprint,
    discussions_views.blueprint,
    slides_views.blueprint,
    stages_views.blueprint,
    meetings_views.blueprint,
    polls_views.blueprint,
    notes_views.blueprint,
    records_views.blueprint,
    inputs_views.blueprint,
    catalogue_views.blueprint,
    demo_views.blueprint,
    site_views.blueprint,
)

COMMANDS = (
    *accounts_commands.GROUPS,
    *process_commands.GROUPS,
    *meetings_commands.GROUPS,
    *catalogue_commands.GROUPS,
    *demo_commands.GROUPS,
    *site_commands.GROUPS,
)

for command in (*COMMANDS, migrate_commands):
    cli.plainly(command)

# What happens after which event. A constant table: a list that each create_app() appended to would deliver twice.
SUBSCRIBERS: Mapping[type[events.Event], tuple[events.Handler, ...]] = {
    discussion_events.ThreadOpened: (discussions_live.on_thread_opened,),
    discussion_events.PostShown: (discussions_live.on_post_shown, inputs_live.on_said),
    discussion_events.PostChanged: (discussions_live.on_post_changed,),
    discussion_events.PostSupported: (discussions_live.on_post_supported,),
    discussion_events.PostHeld: (discussions_live.on_queue_changed,),
    discussion_events.PostJudged: (discussions_live.on_queue_changed,),
    discussion_events.HoldFirstSet: (discussions_live.on_queue_changed,),
    FateRecorded: (discussions_live.on_fate_recorded, polls_live.on_fate_recorded),
    ContributionChanged: (inputs_live.on_said,),
    **dict.fromkeys(input_events.COLLECTED, (inputs_live.on_collected,)),
    slide_events.DeckUploaded: (slides_live.on_deck_uploaded,),
    slide_events.DeckProgressed: (slides_live.on_deck_progressed,),
    slide_events.PresentingStarted: (slides_live.on_slide_shown,),
    slide_events.SlideShown: (slides_live.on_slide_shown,),
    slide_events.PresentingStopped: (slides_live.on_slide_shown,),
    slide_events.DeckReplaced: (slides_live.on_deck_replaced,),
    slide_events.SlideTalked: (slides_live.on_slide_talked,),
    slide_events.DeckHidden: (slides_live.on_deck_withdrawn,),
    slide_events.DeckRemoved: (slides_live.on_deck_withdrawn,),
    stage_events.StageMoved: (stages_live.on_stage_moved,),
    stage_events.DisplayKeyReplaced: (stages_live.on_key_replaced,),
    poll_events.PollOpened: (polls_live.on_opened_or_closed,),
    poll_events.PollAnswered: (polls_live.on_answered,),
    poll_events.PollClosed: (polls_live.on_opened_or_closed,),
}

# What a higher slice stores in the very transaction of an event of a lower one.
WITNESSES: Mapping[type[events.Event], tuple[events.Witness, ...]] = {
    slide_events.PresentingStarted: (stage_record.on_slide,),
    slide_events.SlideShown: (stage_record.on_slide,),
    slide_events.PresentingStopped: (stage_record.on_slides_ended,),
    **dict.fromkeys(slide_events.SEEN_OR_NOT, (stage_record.on_deck_seen_or_not,)),
    slide_events.SlideDescribed: (stage_record.on_words,),
    discussion_events.PostShown: (stage_record.on_question, slide_talks.on_post),
    discussion_events.PostChanged: (stage_record.on_question, slide_talks.on_post),
    discussion_events.PostSupported: (stage_record.on_question,),
    discussion_events.PostHeld: (stage_record.on_queue,),
    discussion_events.PostJudged: (stage_record.on_queue,),
    account_events.GuestEnded: (polls_actions.on_guest_ended,),
    stage_events.StageClosed: (polls_actions.on_stage_closed,),
}

# Of the subscribers, the ones that ask for work: they run in the process that wrote, all others where the sockets are.
WORK: frozenset[events.Handler] = frozenset({slides_live.on_deck_uploaded})

# Who may listen to which kind of topic.
GATES: Mapping[str, live.Gate] = {
    **discussions_live.GATES,
    **slides_live.GATES,
    **stages_live.GATES,
    **polls_live.GATES,
    **inputs_live.GATES,
    **catalogue_live.GATES,
}

JOBS: Mapping[str, jobs.Job] = {"render_deck": slides_jobs.render_deck}

# Taken up again at each start: rows that ask for work which a dead worker left behind.
SWEEPS = (slides_jobs.unfinished,)

# Which stored files are named by rows: what none of these knows is swept away at a start.
NAMED_FILES: tuple[files.Named, ...] = (slides_queries.still_named,)

# Who facilitates what: each slice with a scope stores its own grants.
GRANTS = (meetings_queries.scopes_of,)

# Where the guests of a meeting may write, and whether it is held first: the slice that owns the meeting says so.
GUEST_RIGHTS = meetings_queries.guest_rights

# Where a lower page shows something of a higher slice.
SLOTS: Mapping[str, tuple[slots.Slot, ...]] = {
    "workshop_aside": (inputs_live.workshop_slot, catalogue_live.workshop_slot),
    "guest_meeting": (meetings_live.guest_slot,),
    "thread_aside": (inputs_live.thread_slot,),
    "board_proposals": (catalogue_live.board_slot,),
    "input_proposals": (catalogue_live.input_slot,),
    "my_page": (meetings_live.my_sign_ups_slot, site_live.my_page_slot),
    "post_tools_staff": (inputs_live.post_slot,),
    "meeting_record": (records_live.meeting_slot,),
    "workshop_summary": (records_live.workshop_slot,),
    "stage_after": (records_live.stage_after_slot,),
    "stage_over": (records_live.stage_over_slot,),
    "stage_join": (meetings_live.stage_join_slot,),
    "paper_notes": (notes_live.paper_slot,),
    "stage_polls": (polls_live.stage_slot,),
    "stage_results": (polls_live.results_slot,),
    "control_polls": (polls_live.control_slot,),
    "control_guests": (meetings_live.control_guests_slot,),
    "control_ways": (meetings_live.control_ways_slot,),
    "hall_poll": (polls_live.hall_slot,),
    "hall_code": (meetings_live.hall_code_slot,),
    "hall_join": (meetings_live.hall_join_slot,),
}


def create_app(environ: Mapping[str, str] | None = None, *, immediate_jobs: bool = False) -> Flask:
    """Build the app from settings in `environ` (the process's own by default). Raises config.SettingsError."""
    settings = config.load(os.environ if environ is None else environ)
    logs.init()
    app = Flask(
        "forsamlingshus",
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        root_path=str(ROOT / "forsamlingshus"),
    )
    app.config.update(
        SECRET_KEY=config.secret_key(settings),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=db.engine_options(settings.database_url),
        SETTINGS=settings,
    )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    i18n.init(app, settings.default_language)
    limits.init(settings.redis_url)
    db.init(app)
    if settings.role == "live":
        app.before_request(site_views.plumbing.health_alone)
    Migrate(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    sessions.init(app)
    permissions.init(app, Identity(build_who, sessions.current_token_hash, sessions.living))
    web.init(app, settings)
    slots.init(app, SLOTS)
    site_context.init(app, demo_queries.chapter)
    app.extensions["forsamlingshus.files"] = files.store(settings.data_dir)
    app.extensions["forsamlingshus.jobs"] = jobs.Jobs(
        app, settings.data_dir, JOBS, immediate=immediate_jobs, redis_url=settings.redis_url
    )
    _connect_processes(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    with app.app_context():
        clock.start_at(demo_queries.chapter_moment(db.session()))
    return app


def _connect_processes(app: Flask, settings: config.Settings) -> None:
    """Say where events are delivered: in this process, or, when several share Redis, where the sockets are."""
    if settings.holds_sockets:
        app.extensions["forsamlingshus.sender"] = live.init(
            app,
            gates=GATES,
            socket_cap=settings.socket_cap,
            counted=stages_live.COUNTED,
            gevent=settings.role == "live",
            redis_url=settings.redis_url,
        )
    elif settings.redis_url:  # it holds nobody, and its pages say how many the others hold
        app.extensions["forsamlingshus.shares"] = shares.Shares(settings.redis_url, dict, lambda _topic: None)
    if not settings.redis_url:
        events.subscribe(SUBSCRIBERS, WITNESSES)
        return
    nudges = shared.Nudges(settings.redis_url)
    events.subscribe(events.handled_by(SUBSCRIBERS, lambda handler: handler in WORK), WITNESSES, nudges)
    if settings.holds_sockets:
        app.extensions["forsamlingshus.tail"] = tail.Tail(
            app, events.handled_by(SUBSCRIBERS, lambda handler: handler not in WORK), nudges
        )


def build_who() -> Who:
    """The person behind this request: account, site-wide roles, scoped grants and what is open now."""
    now = clock.now()
    if "site_version" not in g:  # a page of a thread has read it together with its own
        g.site_version = topics.version_now(topics.SITE)
    open_now = process_queries.opened(phases.openings_at(g.site_version), now)
    account = sessions.account()
    if account is None:
        return _guest_or_nobody(Who(now=now, opened=open_now))
    scopes = frozenset(scope for grants in GRANTS for scope in grants(account.user_id))
    return Who(
        now=now,
        author_id=account.author_id,
        user_id=account.user_id,
        name=account.name,
        roles=account.roles,
        scopes=scopes,
        mutes=account.mutes,
        opened=open_now,
    )


def _guest_or_nobody(nobody: Who) -> Who:
    visit = sessions.guest()
    if visit is None:
        return nobody
    scopes, held = GUEST_RIGHTS(visit.scope_key)
    return dataclasses.replace(
        nobody, author_id=visit.author_id, name=visit.name, guest_scopes=scopes, guest_held=held, mutes=visit.mutes
    )
