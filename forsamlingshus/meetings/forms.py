"""Forms of the meetings slice: what staff plan, who facilitates, and signing up."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice

from forsamlingshus.accounts import queries as accounts
from forsamlingshus.accounts import rules as account_rules
from forsamlingshus.accounts.models import User
from forsamlingshus.kernel import clock, db, guard, personal_data
from forsamlingshus.kernel.fields import Chosen, CountField, DayField, HourField, MomentField, number_field, options
from forsamlingshus.kernel.forms import AtMost, Form, GuardedForm, Needed, ValidationError, text_area, text_field
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.personal_data import Level
from forsamlingshus.meetings import rules
from forsamlingshus.meetings.models import AgendaItem, GuestPolicy, Meeting, Workshop
from forsamlingshus.process.models import Theme
from forsamlingshus.slides.models import Deck

PROMPTS_MAX, PROMPT_MAX = 5, 300


class GuestPolicyForm(Form):
    """What people without an account may do at the meeting."""

    guests = RadioField(
        _l("What guests write"),
        [Needed(_l("Choose one of the three"))],
        choices=[
            SelectChoice(GuestPolicy.MODERATED, _l("Reviewed first")),
            SelectChoice(GuestPolicy.ON, _l("Shown at once")),
            SelectChoice(GuestPolicy.OFF, _l("Closed: guests can only read along")),
        ],
    )


class MeetingForm(GuardedForm):
    """The facts of a citizen meeting, which everybody reads as soon as they are saved."""

    guarded = ("title_da", "title_en", "place", "address", "lead_da", "lead_en")

    edition = HiddenField()
    title_da = text_field(_l("Title in Danish"), Needed(_l("Write the meeting's title")), AtMost(120))
    title_en = text_field(_l("Title in English"), AtMost(120))
    day = DayField(_l("Date"), [Needed(_l("Write on which day the meeting is"))])
    starts = HourField(_l("Begins at"), [Needed(_l("Write when the meeting begins"))])
    ends = HourField(_l("Ends at"), [Needed(_l("Write when the meeting ends"))])
    place = text_field(_l("Place"), Needed(_l("Write where the meeting is")), AtMost(120))
    address = text_field(_l("Address"), AtMost(120))
    lead_da = text_area(_l("What it is about, in Danish"), AtMost(600))
    lead_en = text_area(_l("What it is about, in English"), AtMost(600))
    sign_up_required = BooleanField(_l("People sign up to come"))
    capacity = CountField(_l("Seats"), least=1)
    sign_up_until = MomentField(_l("Sign-up ends"))
    wifi_name = text_field(_l("Name of the wifi"))
    wifi_password = text_field(_l("Password of the wifi"))

    def validate_ends(self, field: Any) -> None:
        """A meeting ends later than it begins, on the same day."""
        if self.starts.data and field.data and field.data <= self.starts.data:
            raise ValidationError(_("The meeting must end later than it begins"))

    def validate_sign_up_until(self, field: Any) -> None:
        """Nobody signs up for a meeting that is over."""
        if field.data and self.day.data and self.ends.data and field.data > self._moment(self.ends.data):
            raise ValidationError(_("Sign-up must end before the meeting does"))

    def validate_wifi_name(self, field: Any) -> None:
        """A name that a network may have."""
        if len((field.data or "").encode()) > rules.WIFI_NAME_MAX:
            raise ValidationError(_("No wifi has so long a name: at most %(most)s letters", most=rules.WIFI_NAME_MAX))
        if self.wifi_password.data and not field.data:
            raise ValidationError(_("Write the name of the wifi that the password belongs to"))

    def validate_wifi_password(self, field: Any) -> None:
        """A password that a network may have, or none."""
        if field.data and not rules.is_wifi_password(field.data):
            raise ValidationError(_("The password of a wifi has 8 to 63 characters, and none of æ, ø and å"))

    def _moment(self, hour: time) -> datetime:
        day: date = self.day.data
        return datetime.combine(day, hour, clock.COPENHAGEN).astimezone(UTC)

    @property
    def facts(self) -> dict[str, Any]:
        """What is stored, once the form is valid."""
        names = ("title_da", "title_en", "place", "address", "lead_da", "lead_en", "wifi_name", "wifi_password")
        return {name: self[name].data for name in (*names, "sign_up_required", "capacity", "sign_up_until")} | {
            "starts_at": self._moment(self.starts.data),
            "ends_at": self._moment(self.ends.data),
        }

    def fill(self, meeting: Meeting) -> None:
        """Show what is stored."""
        self.edition.data = str(meeting.edition)
        starts, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
        self.day.data, self.starts.data, self.ends.data = starts.date(), starts.time(), ends.time()


class AgendaForm(GuardedForm):
    """A point of the programme."""

    guarded = ("title_da", "title_en", "speaker", "room", "text_da", "text_en")

    edition = HiddenField()
    hour = HourField(_l("Begins at"))
    title_da = text_field(_l("Title in Danish"), Needed(_l("Write what happens")), AtMost(160))
    title_en = text_field(_l("Title in English"), AtMost(160))
    speaker = text_field(_l("Speaker"), AtMost(160))
    room = text_field(_l("Room"), AtMost(120))
    text_da = text_area(_l("Description in Danish"), AtMost(600))
    text_en = text_area(_l("Description in English"), AtMost(600))
    deck = number_field(_l("Presentation"))
    workshop = number_field(_l("Workshop"))

    def __init__(
        self, *args: Any, meeting: Meeting, decks: Sequence[Deck], workshops: Sequence[Workshop], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.deck.choices = options([(0, _("None")), *((one.id, f"{one.title} ({one.place_title})") for one in decks)])
        self.workshop.choices = options([(0, _("None")), *((one.id, one.title) for one in workshops)])

    def validate_deck(self, field: Any) -> None:
        """One that is offered, or none."""
        _chosen_or_none(self, field)

    def validate_workshop(self, field: Any) -> None:
        """One that is offered, or none."""
        _chosen_or_none(self, field)

    @property
    def words(self) -> dict[str, Any]:
        """What is stored, once the form is valid."""
        names = ("title_da", "title_en", "speaker", "room", "text_da", "text_en")
        return {name: self[name].data for name in names} | {
            "starts_at": self._moment(),
            "deck_id": self.deck.data or None,
            "workshop_id": self.workshop.data or None,
        }

    def _moment(self) -> datetime | None:
        if self.hour.data is None:
            return None
        day = clock.local(self.meeting.starts_at).date()
        return datetime.combine(day, self.hour.data, clock.COPENHAGEN).astimezone(UTC)

    def fill(self, item: AgendaItem) -> None:
        """Show what is stored."""
        self.edition.data = str(item.edition)
        self.hour.data = clock.local(item.starts_at).time() if item.starts_at else None
        self.deck.data, self.workshop.data = item.deck_id or 0, item.workshop_id or 0


def _chosen_or_none(form: Form, field: Any) -> None:
    if field.data:
        Chosen(_("Choose one of the list"))(form, field)


class WorkshopForm(GuardedForm):
    """A workshop; the questions stand one on a line, the English ones in the same order."""

    guarded = (
        "own_title_da",
        "own_title_en",
        "room",
        "lead_da",
        "lead_en",
        "question_da",
        "question_en",
        "prompts_da",
        "prompts_en",
    )

    edition = HiddenField()
    theme = number_field(_l("Theme"))
    own_title_da = text_field(_l("Its own title in Danish"), AtMost(80))
    own_title_en = text_field(_l("Its own title in English"), AtMost(80))
    room = text_field(_l("Room"), AtMost(120))
    lead_da = text_area(_l("What it is about, in Danish"), AtMost(600))
    lead_en = text_area(_l("What it is about, in English"), AtMost(600))
    question_da = text_field(_l("The question on its card, in Danish"), AtMost(200))
    question_en = text_field(_l("The question on its card, in English"), AtMost(200))
    prompts_da = text_area(_l("The facilitators' questions in Danish"))
    prompts_en = text_area(_l("The facilitators' questions in English"))

    def __init__(self, *args: Any, themes: Sequence[Theme] | None = None, answered: int = 0, **kwargs: Any) -> None:
        """`themes` are those that a new workshop may have; without them it is one that exists, and keeps its own."""
        super().__init__(*args, **kwargs)
        self.is_new = themes is not None
        self.theme.choices = options([(0, _("Choose a theme")), *((one.id, one.name) for one in themes or ())])
        self.answered = answered

    def validate_theme(self, field: Any) -> None:
        """A new workshop needs a theme that has none; a workshop keeps its theme."""
        if self.is_new:
            Chosen(_("Choose a theme"))(self, field)

    def validate_prompts_da(self, field: Any) -> None:
        """One to five questions, and none taken away that some thread answers."""
        lines = _lines(field)
        if len(lines) > PROMPTS_MAX:
            raise ValidationError(_("Write at most %(most)s questions, each on its own line", most=PROMPTS_MAX))
        _demand_short(lines)
        if not rules.keeps_prompts(self.answered, [(line, "") for line in lines]):
            raise ValidationError(
                _("People have answered question %(number)s. Keep as many questions as that", number=self.answered)
            )

    def validate_prompts_en(self, field: Any) -> None:
        """As many as the Danish ones, or none."""
        lines = _lines(field)
        _demand_short(lines)
        if lines and len(lines) != len(_lines(self.prompts_da)):
            raise ValidationError(_("Write one line for each Danish question, or leave the field empty"))

    @property
    def prompts(self) -> list[tuple[str, str]]:
        """The questions as pairs, once the form is valid."""
        danish, english = _lines(self.prompts_da), _lines(self.prompts_en)
        return list(zip(danish, english or [""] * len(danish), strict=True))

    @property
    def words(self) -> dict[str, Any]:
        """What is stored beside the questions."""
        names = ("own_title_da", "own_title_en", "room", "lead_da", "lead_en", "question_da", "question_en")
        return {name: self[name].data for name in names}

    def fill(self, workshop: Workshop) -> None:
        """Show what is stored."""
        self.edition.data = str(workshop.edition)
        self.prompts_da.data = "\n".join(prompt.text_da for prompt in workshop.prompts)
        self.prompts_en.data = "\n".join(prompt.text_en for prompt in workshop.prompts).strip()


def _lines(field: Any) -> list[str]:
    return [line.strip() for line in (field.data or "").splitlines() if line.strip()]


def _demand_short(lines: Iterable[str]) -> None:
    if any(len(line) > PROMPT_MAX for line in lines):
        raise ValidationError(_("Each question may have at most %(most)s characters", most=PROMPT_MAX))


class FacilitatorForm(Form):
    """Who facilitates the meeting, or one of its workshops: an account that exists."""

    email = text_field(_l("E-mail"), Needed(_l("Write the e-mail address that the person signs in with")), AtMost(254))
    scope = number_field(_l("Where"))
    """0 is the plenary, any other number a workshop."""
    user: User | None = None

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = [(one.id, one.title) for one in meeting.workshops]
        self.scope.choices = options([(0, _("The meeting in the hall")), *rooms])

    def validate_email(self, field: Any) -> None:
        """The account must be there; the form keeps it."""
        self.user = accounts.by_email(db.session(), field.data)
        if self.user is None:
            raise ValidationError(_("Nobody signs in with that address. The person must create a user first"))

    def validate_scope(self, field: Any) -> None:
        """One that is offered; 0 is one of them."""
        if field.data:
            Chosen(_("Choose one of the list"))(self, field)


class SignUpForm(Form):
    """The name for the list at the door, and a workshop or none."""

    name = text_field(_l("Your name for the list at the door"), Needed(_l("Write your name")), AtMost(80))
    workshop = number_field(_l("Which workshop do you want to join?"))

    def __init__(self, *args: Any, workshops: Sequence[Workshop], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop.choices = options([(0, _("I do not know yet")), *((one.id, one.title) for one in workshops)])

    def validate_name(self, field: Any) -> None:
        """A name that can be read, without a CPR number or phone number beside it."""
        field.data = account_rules.tidy_name(field.data)
        if account_rules.has_hidden_letters(field.data) or not account_rules.name_key(field.data):
            raise ValidationError(_("Write your name with letters"))
        if (personal_data.worst(guard.scan(field.data)) or 0) >= Level.HOLD:
            raise ValidationError(_("Write the name alone, without numbers or addresses"))

    def validate_workshop(self, field: Any) -> None:
        """One that is offered, or none."""
        _chosen_or_none(self, field)


class AttendanceForm(Form):
    """How many people came; an empty field takes the number back."""

    attendance = CountField(_l("How many came?"))
