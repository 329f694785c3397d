"""What happens to the record of a meeting."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesDrafted(Event):
    """A draft of a meeting's minutes was made from its programme, slides and numbers."""

    meeting_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesEdited(Event):
    """Somebody put other words in the minutes, or chose other posts; nobody else reads that yet."""

    meeting_id: int
    edition: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesPublished(Event):
    """Everybody may read the minutes; `corrected` when that replaced minutes that they could read before."""

    meeting_id: int
    edition: int
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryChanged(Event):
    """A point of a workshop's summary was written, changed or taken out."""

    workshop_id: int
    edition: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPublished(Event):
    """Everybody may read the summary of a workshop."""

    workshop_id: int
