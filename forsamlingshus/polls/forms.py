"""Forms of polls: what is asked, and what is answered. Parse and validate, nothing else."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, SelectField

from forsamlingshus.kernel.forms import AtMost, GuardedForm, Needed, ValidationError, text_area, text_field
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.polls import rules
from forsamlingshus.polls.actions import Wording
from forsamlingshus.polls.models import Poll, PollKind
from forsamlingshus.polls.queries import Subjects

POINTS = 10
WHOLE = ""
"""What a poll is about when it is about the whole meeting."""


class PollForm(GuardedForm):
    """A poll before it is opened. Everybody at the meeting will read its words."""

    guarded = ("question", "options", "low", "high")

    kind = RadioField(
        _l("How is it answered?"),
        [Needed(_l("Choose how the poll is answered"))],
        default=PollKind.SINGLE,
        choices=[
            SelectChoice(PollKind.SINGLE, _l("One answer")),
            SelectChoice(PollKind.MULTIPLE, _l("Several answers")),
            SelectChoice(PollKind.SCALE, _l("A scale from 1 to 5")),
            SelectChoice(PollKind.SPREAD, _l("Points to spread over the answers")),
        ],
    )
    question = text_field(_l("Question"), Needed(_l("Write what you ask")), AtMost(rules.QUESTION_MAX))
    options = text_area(_l("Answers to choose from"))
    points = IntegerField(_l("Points for each person"), default=POINTS)
    low = text_field(_l("What 1 means"), AtMost(rules.OPTION_MAX))
    high = text_field(_l("What 5 means"), AtMost(rules.OPTION_MAX))
    about = SelectField(_l("What the poll is about"), default=WHOLE, validate_choice=False)
    edition = HiddenField()

    def __init__(self, *args: Any, subjects: Subjects, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agenda = [SelectChoice(f"agenda:{item.id}", item.title) for item in subjects.agenda]
        groups: dict[str, list[SelectChoice]] = {
            _("The meeting"): [SelectChoice(WHOLE, _("The whole meeting")), *agenda]
        }
        for title, slides in subjects.decks:
            words = [SelectChoice(one.value, _slide_words(one.value, one.label)) for one in slides]
            groups.setdefault(title, []).extend(words)
        self.about.choices = groups
        self.known = {choice.value for group in groups.values() for choice in group}

    @classmethod
    def of(cls, poll: Poll, **kwargs: Any) -> "PollForm":
        """The form with the words that a poll has now."""
        scale = poll.kind == PollKind.SCALE
        about = f"slide:{poll.deck_id}:{poll.slide_no}" if poll.deck_id else WHOLE
        values = {
            "kind": poll.kind,
            "question": poll.question,
            "options": "" if scale else "\n".join(poll.options),
            "points": poll.points or POINTS,
            "low": poll.options[0] if scale else "",
            "high": poll.options[-1] if scale else "",
            "about": f"agenda:{poll.agenda_item_id}" if poll.agenda_item_id else about,
            "edition": poll.edition,
        }
        return cls(data=values, **kwargs)

    @property
    def lines(self) -> list[str]:
        """The answers, one from each line."""
        return [" ".join(line.split()) for line in (self.options.data or "").split("\n") if line.strip()]

    def validate_options(self, field: Any) -> None:
        """From two to eight different answers, each short enough for the wall; a scale has none of its own."""
        if self.kind.data == PollKind.SCALE:
            return
        if not rules.OPTIONS_MIN <= len(self.lines) <= rules.OPTIONS_MAX:
            fewest, most = rules.OPTIONS_MIN, rules.OPTIONS_MAX
            raise ValidationError(
                _("Write from %(fewest)s to %(most)s answers, one on each line", fewest=fewest, most=most)
            )
        if len({line.casefold() for line in self.lines}) < len(self.lines):
            raise ValidationError(_("Two answers are the same. Change one of them"))
        for line in self.lines:
            if len(line) > rules.OPTION_MAX:
                beginning = line[:20]
                raise ValidationError(
                    _(
                        "“%(beginning)s …” is too long: at most %(most)s characters",
                        beginning=beginning,
                        most=rules.OPTION_MAX,
                    )
                )

    def validate_points(self, field: Any) -> None:
        """A number that people can spread in their heads."""
        if self.kind.data != PollKind.SPREAD:
            field.errors = []
            return
        if field.data is None or not rules.POINTS_MIN <= field.data <= rules.POINTS_MAX:
            field.errors = []
            raise ValidationError(
                _("Write a number from %(fewest)s to %(most)s", fewest=rules.POINTS_MIN, most=rules.POINTS_MAX)
            )

    def validate_about(self, field: Any) -> None:
        """Something that is offered."""
        if (field.data or WHOLE) not in self.known:
            raise ValidationError(_("Choose something from the list"))

    @property
    def wording(self) -> Wording:
        """What was typed, as the actions take it."""
        kind = PollKind(self.kind.data)
        about, _colon, rest = (self.about.data or WHOLE).partition(":")
        deck, _colon, slide = rest.partition(":")
        scale = [self.low.data or "", *[""] * (rules.STEPS - 2), self.high.data or ""]
        return Wording(
            kind=kind,
            question=" ".join(self.question.data.split()),
            options=scale if kind == PollKind.SCALE else self.lines,
            points=self.points.data if kind == PollKind.SPREAD else 0,
            agenda_item_id=int(rest) if about == "agenda" else None,
            deck_id=int(deck) if about == "slide" else None,
            slide_no=int(slide) if about == "slide" else None,
        )


def _slide_words(value: str, caption: str) -> str:
    words = _("Slide %(no)s", no=value.rpartition(":")[2])
    return f"{words}: {caption}" if caption else words


def read_answer(poll: Poll, sent: MultiDict[str, str]) -> tuple[list[int], str]:
    """The answer that was sent, as numbers, and what is wrong with it in a sentence; what was typed is kept."""
    if poll.kind == PollKind.SPREAD:
        return _read_points(poll, sent)
    chosen = set(sent.getlist("choice"))
    weights = [int(str(no) in chosen) for no in range(1, len(poll.options) + 1)]
    if rules.fits(poll, weights):
        return weights, ""
    one = _("Choose an answer") if poll.kind != PollKind.MULTIPLE else _("Choose at least one answer")
    return weights, one


def _read_points(poll: Poll, sent: MultiDict[str, str]) -> tuple[list[int], str]:
    typed = [sent.get(f"points_{no}", "").strip() for no in range(1, len(poll.options) + 1)]
    weights = [int(one) if one.isascii() and one.isdigit() and len(one) < 4 else 0 for one in typed]
    if any(one and not (one.isascii() and one.isdigit() and len(one) < 4) for one in typed):
        return weights, _("Write whole numbers, such as 3")
    surplus = sum(weights) - poll.points
    if surplus > 0:
        return weights, ngettext(
            "You have spread %(num)s point too many. Take it back somewhere",
            "You have spread %(num)s points too many. Take them back somewhere",
            surplus,
        )
    return weights, "" if sum(weights) else _("Give at least one point")
