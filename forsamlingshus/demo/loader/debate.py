"""What the people of the demo wrote, answered, corrected, took back and found important, in the order of time."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from forsamlingshus.demo.loader.stage import Stage, Support
from forsamlingshus.demo.told import PostText, Texts, ThreadText, WorkshopText
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Post, Thread

TAKEN_BACK = timedelta(minutes=40)
"""How long a withdrawn post stood."""
HIDDEN = timedelta(minutes=75)
"""How long a post stood that a moderator hid."""


def plan(stage: Stage) -> None:
    """Plan every thread of every workshop."""
    for workshop in stage.texts.workshops:
        for thread in workshop.threads:
            _Talk(stage, workshop, thread).plan()


def supporters(texts: Texts, post: PostText, ends: datetime) -> Iterator[tuple[str, datetime]]:
    """Who found a post important and when: always the same citizens, the first soon, the last within a day.

    `ends` is when nobody can press any more; whoever would come later presses just before.
    """
    citizens = [key for key, person in texts.people.items() if person.role == "citizen" and key != post.author]
    citizens.sort(key=lambda key: hashlib.sha256(f"{post.key} {key}".encode()).digest())
    for number, key in enumerate(citizens[: post.supports], 1):
        moment = post.at + timedelta(minutes=3 * number**1.6)
        yield key, min(moment, ends - timedelta(seconds=1))


class _Talk:
    """One thread, while it grows."""

    def __init__(self, stage: Stage, workshop: WorkshopText, text: ThreadText) -> None:
        self.stage = stage
        self.workshop = workshop
        self.text = text
        self.forum = stage.forums[workshop.slug]
        self.closes = next(phase["closes_at"] for phase in stage.texts.frame["phases"] if phase["key"] == "debat")
        self.thread: Thread | None = None

    def plan(self) -> None:
        for post in self.text.posts:
            self.stage.at(post.at, partial(self.write, post))
            ends = self.closes
            if post.edited_at:
                self.stage.at(post.edited_at, partial(self.edit, post))
            if post.withdrawn:
                ends = post.at + TAKEN_BACK
                self.stage.at(ends, partial(self.withdraw, post))
            if post.hidden:
                ends = post.at + HIDDEN
                self.stage.at(ends, partial(self.hide, post))
            for key, moment in supporters(self.stage.texts, post, ends):
                self.stage.at(moment, Support(person=key, post=post.key, forum=self.forum))

    def write(self, text: PostText) -> None:
        session, who = self.stage.session, self.stage.who(text.author)
        body = text.edited_from or text.text
        if self.thread is None:
            self.thread, post = discussions.open_thread(
                session,
                who=who,
                forum=self.forum,
                title=self.text.title,
                body=body,
                client_id=text.key,
                prompt_no=self.text.prompt,
            )
        else:
            quoted = self.stage.posts[text.quote_of] if text.quote_of else None
            post = discussions.write_post(
                session,
                who=who,
                thread=self.thread,
                forum=self.forum,
                body=body,
                client_id=text.key,
                parent=self.stage.posts[text.reply_to] if text.reply_to else None,
                quoted=quoted,
                quote=text.quote,
                quote_name=self.name_of(quoted),
            )
        self.stage.posts[text.key] = post

    def edit(self, text: PostText) -> None:
        discussions.edit_post(
            self.stage.session,
            who=self.stage.who(text.author),
            post=self.stage.posts[text.key],
            forum=self.forum,
            body=text.text,
        )

    def withdraw(self, text: PostText) -> None:
        who = self.stage.who(text.author)
        discussions.withdraw_post(self.stage.session, who=who, post=self.stage.posts[text.key])

    def hide(self, text: PostText) -> None:
        assert self.thread is not None
        discussions.hide(
            self.stage.session,
            who=self.stage.who(self.workshop.facilitator),
            post=self.stage.posts[text.key],
            thread=self.thread,
            forum=self.forum,
            reason_code=text.hidden_code,
            reason=text.hidden,
        )

    def name_of(self, quoted: Post | None) -> str:
        if quoted is None:
            return ""
        key = next(post.author for post in self.text.posts if self.stage.posts[post.key] is quoted)
        return self.stage.texts.people[key].name
