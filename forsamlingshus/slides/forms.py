"""Forms of the slides slice: parse and validate, nothing else."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, TypeVar, cast

from werkzeug.datastructures import FileStorage
from wtforms import FileField, IntegerField, MultipleFileField

from forsamlingshus.kernel import guard, personal_data
from forsamlingshus.kernel.files import FileStore
from forsamlingshus.kernel.forms import AtMost, Form, GuardedForm, Needed, ValidationError, text_area, text_field
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.personal_data import Level
from forsamlingshus.slides import converter, office, rules
from forsamlingshus.slides.models import FileType

MIB = 1024 * 1024
BODY_MAX = 4 * rules.FILE_MAX
"""Bytes of a request that an upload page reads, so that a file which is too large gets a sentence, not a cut line."""

V = TypeVar("V", bound=Callable[..., Any])


def takes_deck(view: V) -> V:
    """Mark the view of an upload page: its requests may be larger than those of other pages."""
    view.body_max = BODY_MAX  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An uploaded file in the store: its key, its size in bytes, its name for display and what it is."""

    key: str
    size: int
    name: str
    type: FileType


class TitleForm(GuardedForm):
    """What a deck is called and who speaks; both become public."""

    guarded = ("title", "speaker")

    title = text_field(
        _l("Title of the presentation"), Needed(_l("Write a title for the presentation")), AtMost(rules.TITLE_MAX)
    )
    speaker = text_field(_l("Who presents? (optional)"), AtMost(rules.SPEAKER_MAX))


class FileForm(GuardedForm):
    """The file of a deck. The type is read from the content; the name and the declared type are never asked."""

    file = FileField(_l("The slides"))
    file_type = FileType.PDF

    def validate_file(self, field: Any) -> None:
        """A PDF, or a presentation where that can be read, of at most rules.FILE_MAX bytes."""
        if not isinstance(field.data, FileStorage):
            raise ValidationError(_("Choose a file"))
        self.file_type = self._judge(field.data)

    def _judge(self, file: FileStorage) -> FileType:
        """What a file is; raises why it is refused."""
        found = guard.scan(rules.display_name(file.filename), allow=self.allow)
        if (personal_data.worst(found) or 0) >= Level.HOLD:
            raise ValidationError(_("The file's name seems to hold private information. Give the file another name."))
        stream: IO[bytes] = file.stream
        size = stream.seek(0, 2)
        if not size and not file.filename:
            raise ValidationError(_("Choose a file"))
        stream.seek(0)
        head = stream.read(converter.MARK_WITHIN)
        stream.seek(0)
        if size > rules.FILE_MAX:
            # Rounded up: a file that is a little too large must not be told that it is 50 MB of 50.
            megabytes, most = math.ceil(size / MIB), rules.FILE_MAX // MIB
            raise ValidationError(_("The file is %(size)s MB. The limit is %(max)s MB", size=megabytes, max=most))
        if not size:
            raise ValidationError(_("The file is empty. Choose a file with at least one slide."))
        return _type_of(head)

    def keep(self, store: FileStore) -> KeptFile:
        """Put the validated file into the store. Raises files.TooLarge should it have grown meanwhile."""
        key, size = store.put(self.file.data.stream, limit=rules.FILE_MAX)
        return KeptFile(key, size, rules.display_name(self.file.data.filename, self.file_type), self.file_type)


def _type_of(head: bytes) -> FileType:
    """What the first bytes of a file say that it is; raises what to do with any other."""
    if converter.sniff(head):
        return FileType.PDF
    if office.is_old(head):
        raise ValidationError(
            _("Old PowerPoint files (.ppt) and files with a password can't be read. Save it as PDF, and upload that.")
        )
    found = office.sniff(head)
    if found is None:
        raise ValidationError(_("The file is not a PDF. Save the presentation as PDF, and upload that."))
    if not office.available():
        raise ValidationError(_("Only PDF can be read here. Save the presentation as PDF, and upload that."))
    return found


class DeckForm(TitleForm, FileForm):
    """A deck to upload, or several at once: each file is judged by itself, and is called by its own name."""

    title = text_field(_l("Title of the presentation"), AtMost(rules.TITLE_MAX))
    file = MultipleFileField(_l("The slides"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.good: list[tuple[FileStorage, FileType]] = []
        self.refused: list[str] = []
        """A sentence for each file that is not taken, when others are."""

    @property
    def files(self) -> list[FileStorage]:
        """What was chosen; a browser sends a nameless empty part when nothing was."""
        return [file for file in self.file.data or [] if isinstance(file, FileStorage) and file.filename]

    def validate_title(self, field: Any) -> None:
        """One presentation needs a title; of several the files say it."""
        if not field.data and len(self.files) <= 1:
            raise ValidationError(_("Write a title for the presentation"))

    def validate_file(self, field: Any) -> None:
        """At least one file that can be read; what is wrong with the others stands in `refused`."""
        if not self.files:
            raise ValidationError(_("Choose a file"))
        if len(self.files) > rules.FILES_MAX:
            raise ValidationError(
                _(
                    "Choose at most %(most)s files at a time. You chose %(count)s",
                    most=rules.FILES_MAX,
                    count=len(self.files),
                )
            )
        for file in self.files:
            try:
                self.good.append((file, self._judge(file)))
            except ValidationError as fault:
                self.refused.append(str(fault))
                if len(self.files) > 1:
                    name = rules.shown_name(file.filename)
                    self.refused[-1] = f"{name}: {fault}" if self._may_be_named(name) else str(fault)
        if not self.good:
            field.errors = [*self.refused[:-1]]
            raise ValidationError(self.refused[-1])

    def _may_be_named(self, name: str) -> bool:
        return (personal_data.worst(guard.scan(name, allow=self.allow)) or 0) < Level.HOLD

    def keep_all(self, store: FileStore) -> list[tuple[str, KeptFile]]:
        """Put the good files into the store, each with its title."""
        found = []
        for file, kind in self.good:
            key, size = store.put(cast(BinaryIO, file.stream), limit=rules.FILE_MAX)
            kept = KeptFile(key, size, rules.display_name(file.filename, kind), kind)
            found.append((self.title.data or "" if len(self.files) == 1 else rules.title_of(kept.name), kept))
        return found


class VersionForm(FileForm):
    """A newer version of a deck."""


class ShowForm(Form):
    """The number of the slide to show."""

    no = IntegerField(_l("Go to slide"))

    def __init__(self, *args: Any, last: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = last

    def validate_no(self, field: Any) -> None:
        """Within the deck."""
        if field.data is None or not 1 <= field.data <= self.last:
            field.errors = []
            raise ValidationError(_("Write a number from 1 to %(last)s", last=self.last))


class WordsForm(GuardedForm):
    """What a slide's picture shows, in words that everybody reads; and notes that nobody reads but those who steer."""

    guarded = ("alt",)

    alt = text_area(_l("Describe the picture"), AtMost(rules.ALT_MAX))
    notes = text_area(_l("Speaker notes"), AtMost(rules.NOTES_MAX))
