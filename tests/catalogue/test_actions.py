"""Writing, linking, publishing: rows, marks on the posts, and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forsamlingshus.catalogue import queries
from forsamlingshus.catalogue.forms import NeededWhenReady, ProposalForm
from forsamlingshus.catalogue.models import Catalogue, Proposal, ProposalSource
from forsamlingshus.catalogue.rules import NEEDED_WHEN_READY
from forsamlingshus.contributions.models import Fate, FateKind
from forsamlingshus.kernel import clock, db, topics
from forsamlingshus.kernel.errors import Closed, Conflict, Forbidden
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.process.models import Activity
from tests.catalogue.conftest import stored

INPUT, PROPOSAL = FateKind.INPUT, FateKind.PROPOSAL


def sums(proposal):
    return queries.row_of(db.session(), proposal).sums


def test_add_numbers_run_on_and_money_lies_in_the_ledger(writing):
    first, second = writing.proposal(), writing.proposal(-1, -2, -3, -4, number=17)
    assert (first.number, second.number, writing.proposal().number) == (1, 17, 18)
    assert (sums(second).of(2025), sums(second).full_phase_in) == (-2, -4)


def test_add_a_number_in_use_is_refused(writing):
    writing.proposal(number=17)
    with pytest.raises(Conflict):
        writing.proposal(number=17)
    assert len(stored(Proposal)) == 1


@pytest.mark.parametrize("status", ["ready", "changed", "withdrawn"])
def test_add_without_an_origin_can_only_be_a_draft(writing, status):
    with pytest.raises(Conflict):
        writing.proposal(status=status, source="workshop")
    assert stored(Proposal) == []
    assert writing.proposal(status="draft", source="workshop").lacks_source
    assert not writing.proposal(status=status, source="administration").lacks_source


@pytest.mark.parametrize("missing", [{"lead": ""}, {"lead": " \n"}, {"committee": ""}, {"amounts": {2024: -1}}])
def test_what_the_form_asks_for_holds_for_whoever_writes(writing, missing):
    """A draft may wait for its words and its money; nothing else may, by the form or past it."""
    words = {name: value for name, value in missing.items() if name != "amounts"}
    ready, draft = writing.proposal(), writing.proposal(status="draft", **words)
    with pytest.raises(Conflict):
        writing.change(ready, **missing)
    if "amounts" in missing:
        writing.change(draft, **missing)
    else:
        with pytest.raises(Conflict):
            writing.proposal(**words)
    with pytest.raises(Conflict):
        writing.change(draft, status="ready")
    assert [row.status for row in stored(Proposal)] == ["ready", "draft"]
    full = {"lead": "Sagt.", "committee": "Udvalg", "amounts": dict.fromkeys(range(2024, 2028), 0)}
    assert writing.change(draft, status="ready", **full).status == "ready"


def test_form_and_action_ask_for_the_same(app_context):
    form = ProposalForm(themes=(), years=range(2024, 2028))
    asked = {field.name for field in form if any(isinstance(one, NeededWhenReady) for one in field.validators)}
    assert asked == {*NEEDED_WHEN_READY, *(field.name for field in form.amount_fields)}


def test_unlink_the_last_source_of_what_is_public_is_refused(writing):
    """Else a proposal would stand in the catalogue naming citizens' words as its origin, without any."""
    _said, row = writing.collected()
    proposal = writing.proposal(number=17, inputs=[row])
    with pytest.raises(Conflict):
        writing.unlink(proposal, row)
    assert (writing.reload(proposal).source_count, len(stored(ProposalSource))) == (1, 1)
    writing.change(proposal, source="administration")
    writing.unlink(proposal, row)
    assert stored(ProposalSource) == []


def test_add_with_inputs_links_them_at_once(writing):
    _said, row = writing.collected()
    proposal = writing.proposal(inputs=[row])
    assert (proposal.source_count, [one.id for one in queries.sources_of(db.session(), proposal.id)]) == (1, [row.id])


def test_add_takes_no_field_that_is_not_written(writing):
    for name in ("line_id", "version", "budget_year_id", "source_count", "created_at"):
        with pytest.raises(TypeError):
            writing.proposal(**{name: 1})


@pytest.mark.parametrize("roles", [(), ("council",), ("admin",)])
def test_writing_by_others_is_forbidden(writing, build, roles):
    _said, row = writing.collected()
    proposal = writing.proposal()
    other = build.who(writing.anne, roles=roles, scopes=["workshop:1", "meeting:1"])
    for attempt in (
        lambda: writing.proposal(who=other),
        lambda: writing.change(proposal, who=other, title="Kapret"),
        lambda: writing.link(proposal, row, who=other),
    ):
        with pytest.raises(Forbidden):
            attempt()
    writing.link(proposal, row)
    with pytest.raises(Forbidden):
        writing.unlink(proposal, row, who=other)
    assert (writing.reload(proposal).title, len(stored(ProposalSource))) == ("Svømmehal: ny åbningstid", 1)


def test_writing_outside_the_phase_is_closed_but_linking_follows_collecting_too(writing, build):
    _said, row = writing.collected()
    proposal = writing.proposal()
    collecting = build.who(writing.staff, roles=["staff"], activities=[Activity.COLLECT])
    nothing = build.who(writing.staff, roles=["staff"], activities=[Activity.DISCUSS])
    with pytest.raises(Closed):
        writing.change(proposal, who=collecting, title="For sent")
    with pytest.raises(Closed):
        writing.link(proposal, row, who=nothing)
    writing.link(proposal, row, who=collecting)
    with pytest.raises(Closed):
        writing.unlink(proposal, row, who=nothing)
    writing.unlink(proposal, row, who=collecting)


def test_change_records_the_names_of_what_changed(writing):
    proposal = writing.proposal()
    writing.change(
        proposal, title="Svømmehal: kun mandag", lead="Kort sagt.", amounts={2024: -1, 2025: 0, 2026: 0, 2027: -9}
    )
    event = next(row for row in stored(EventRow) if row.name == "ProposalChanged")
    assert event.data == {"proposal_id": proposal.id, "changed": ["title"]}
    assert (sums(proposal).of(2024), sums(proposal).of(2025), sums(proposal).full_phase_in) == (-1, 0, -9)


def test_change_of_an_older_wording_is_a_conflict(writing):
    proposal = writing.proposal()
    seen = proposal.edition
    writing.change(proposal, title="Først", seen=seen)
    with pytest.raises(Conflict):
        writing.change(proposal, title="Sidst", seen=seen)
    assert writing.reload(proposal).title == "Først"


def test_change_is_not_disturbed_by_a_link(writing):
    _said, row = writing.collected()
    proposal = writing.proposal()
    seen = proposal.edition
    writing.link(proposal, row)
    assert writing.change(proposal, title="Efter linket", seen=seen).title == "Efter linket"


# ------------------------------------------------------------- links and the marks on the posts


def test_link_marks_the_posts_once_the_catalogue_has_its_moment(writing):
    said, row = writing.collected()
    proposal = writing.proposal(number=17)
    writing.link(proposal, row)
    assert writing.fates(said) == [(INPUT, 1)]
    moment = clock.now() + timedelta(days=1)
    writing.publish(moment)
    fate = db.session().scalar(select(Fate).where(Fate.kind == PROPOSAL))
    assert (fate.number, fate.path, fate.title) == (17, "/budget/2024/katalog/17", proposal.title)
    assert (fate.is_public(moment - timedelta(microseconds=1)), fate.is_public(moment)) == (False, True)


def test_link_in_a_published_catalogue_marks_at_once_and_unlink_takes_it_back(writing):
    said, row = writing.collected()
    proposal = writing.proposal(number=17)
    writing.publish()
    writing.link(proposal, row)
    assert writing.fates(said) == [(INPUT, 1), (PROPOSAL, 17)]
    version = writing.reload(said).version
    writing.unlink(proposal, row)
    assert writing.fates(said) == [(INPUT, 1)]
    assert writing.reload(said).version > version
    assert (writing.reload(proposal).source_count, stored(ProposalSource)) == (0, [])


def test_unlink_keeps_the_mark_where_another_input_of_the_proposal_quotes_the_post(writing):
    said, first = writing.collected()
    second = writing.input("Et andet")
    writing.quote(second, said, "Punktum.")
    proposal = writing.proposal(number=17, inputs=[first, second], source="administration")
    writing.publish()
    writing.unlink(proposal, first)
    assert writing.fates(said) == [(INPUT, 1), (INPUT, 2), (PROPOSAL, 17)]
    writing.unlink(proposal, second)
    assert writing.fates(said) == [(INPUT, 1), (INPUT, 2)]


def test_quote_added_later_to_a_linked_input_is_marked_too(writing):
    _said, row = writing.collected()
    writing.proposal(number=17, inputs=[row])
    writing.publish()
    late = writing.said("Jeg kommer sent.")
    writing.quote(row, late, "Jeg kommer sent.")
    assert writing.fates(late) == [(INPUT, 1), (PROPOSAL, 17)]


def test_draft_in_a_published_catalogue_marks_nothing_until_it_is_ready(writing):
    said, row = writing.collected()
    writing.publish()
    proposal = writing.proposal(number=17, inputs=[row], status="draft")
    assert writing.fates(said) == [(INPUT, 1)]
    writing.change(proposal, status="ready")
    assert writing.fates(said) == [(INPUT, 1), (PROPOSAL, 17)]
    writing.change(proposal, status="draft")
    assert writing.fates(said) == [(INPUT, 1)]


def test_number_and_title_follow_to_the_posts(writing):
    said, row = writing.collected()
    proposal = writing.proposal(number=17, inputs=[row])
    writing.publish(clock.now() + timedelta(days=1))
    writing.change(proposal, number=18, title="Nyt navn")
    assert writing.fates(said) == [(INPUT, 1), (PROPOSAL, 18)]
    fate = db.session().scalar(select(Fate).where(Fate.kind == PROPOSAL))
    assert (fate.title, fate.path) == ("Nyt navn", "/budget/2024/katalog/18")


def test_number_stays_once_it_is_public_since_others_link_to_it(writing):
    proposal, draft = writing.proposal(number=17), writing.proposal(number=18, status="draft")
    writing.publish(clock.now() - timedelta(hours=1))
    with pytest.raises(Conflict):
        writing.change(proposal, number=19)
    writing.change(draft, number=19)
    assert [writing.reload(row).number for row in (proposal, draft)] == [17, 19]


def test_publication_taken_back_takes_the_marks_back(writing):
    said, row = writing.collected()
    writing.proposal(number=17, inputs=[row])
    writing.publish()
    assert (PROPOSAL, 17) in writing.fates(said)
    writing.publish(never=True)
    assert writing.fates(said) == [(INPUT, 1)]


def test_publication_moved_moves_the_marks_with_it(writing):
    said, row = writing.collected()
    writing.proposal(inputs=[row])
    writing.publish(clock.now() + timedelta(days=1))
    sooner = clock.now() - timedelta(hours=1)
    writing.publish(sooner)
    fate = db.session().scalar(select(Fate).where(Fate.kind == PROPOSAL, Fate.contribution_id == said.id))
    assert fate.public_from == sooner


def test_link_twice_missing_or_across_years_is_a_conflict(writing, build):
    _said, row = writing.collected()
    proposal = writing.proposal()
    with pytest.raises(Conflict):
        writing.unlink(proposal, row)
    writing.link(proposal, row)
    with pytest.raises(Conflict):
        writing.link(proposal, row)
    theme = build.theme(build.year(2025))
    foreign = writing.input(theme=theme, year=2025, who=build.who(writing.staff, roles=["staff"], year=2025))
    with pytest.raises(Conflict):
        writing.link(proposal, foreign)
    assert writing.reload(proposal).source_count == 1


# ------------------------------------------------------------- publishing and the control total


def test_is_published_turns_exactly_at_the_moment(writing, session):
    assert not queries.is_published(session, 2024, clock.now())
    moment = clock.now() + timedelta(days=3)
    writing.publish(moment)
    assert not queries.is_published(session, 2024, moment - timedelta(microseconds=1))
    assert queries.is_published(session, 2024, moment)
    assert not queries.is_published(session, 2025, moment)


def test_publish_tells_the_site_and_keeps_the_control_total(writing):
    before = topics.version_of(db.session(), topics.SITE)
    writing.control(47, -28_000)
    writing.publish()
    catalogue = stored(Catalogue)[0]
    assert (catalogue.control_count, catalogue.control_tkr) == (47, -28_000)
    assert topics.version_of(db.session(), topics.SITE) > before


def test_contributions_behind_are_counted_once_and_without_drafts_or_hidden_ones(writing, session):
    said, row = writing.collected()
    second = writing.input("Et andet")
    writing.quote(second, said, "Punktum.")
    _hidden, third = writing.collected("Skjul mig.", "Skjul mig.")
    _draft, fourth = writing.collected("Kun en kladde.", "Kun en kladde.")
    writing.proposal(inputs=[row, second, third])
    writing.proposal(inputs=[fourth], status="draft")
    assert queries.contributions_behind(session, 2024) == 2
    session.get_one(type(said), _hidden.id).public = False
    session.flush()
    assert queries.contributions_behind(session, 2024) == 1
