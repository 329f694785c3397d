"""What happens to table notes. Their words stand in no event."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEntered(Event):
    """A note from paper was entered."""

    note_id: int
    meeting_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteChanged(Event):
    """What was entered of a note was corrected, or taken back because it was entered wrongly."""

    note_id: int
    meeting_id: int
    removed: bool
