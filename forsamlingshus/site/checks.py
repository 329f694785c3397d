"""Is this instance well? Each check says what it found and, when that is bad, how to mend it."""

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from config import Settings
from forsamlingshus.kernel import db, web
from forsamlingshus.slides import converter, office

MIN_FREE = 1_000_000_000
"""Bytes of free disk below which uploads are in danger."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; `mend` is a sentence for the administrator, empty when all is well."""

    name: str
    ok: bool
    found: str
    mend: str = ""


def ready(settings: Settings) -> list[Check]:
    """What a serving process needs at every moment; quick."""
    return [_try(check, settings) for check in (_database, _migrations, _data_folder, _free_disk)]


def all_of(settings: Settings) -> list[Check]:
    """Everything, with a slide drawn for the purpose; takes a second."""
    more = (_settings, _user, _secret_key, _converter, _office)
    return [_try(more[0], settings), *ready(settings), *(_try(check, settings) for check in more[1:])]


def _try(check: Callable[[Settings], Check], settings: Settings) -> Check:
    """A check that breaks is a finding as well: the doctor must not fall ill."""
    try:
        return check(settings)
    except Exception as error:
        name = check.__name__.strip("_").replace("_", " ")
        return Check(name, ok=False, found=f"{type(error).__name__}: {error}", mend="See the message.")


def _settings(settings: Settings) -> Check:
    where = f"{settings.public_url}, data in {settings.data_dir}"
    if settings.secure or "127.0.0.1" in settings.public_url or "localhost" in settings.public_url:
        return Check("settings", ok=True, found=where)
    mend = "Set FORSAMLINGSHUS_PUBLIC_URL to the https address that citizens use; cookies are not protected without."
    return Check("settings", ok=False, found=where, mend=mend)


def _user(settings: Settings) -> Check:
    """Root is above the limit that keeps the slide renderer from starting processes, and above every file's owner."""
    if os.geteuid() or not settings.secure:
        return Check("user", ok=True, found=str(os.geteuid()) if os.geteuid() else "root, on a local instance")
    mend = "Run the server as a user of its own that owns nothing but the data folder."
    return Check("user", ok=False, found="root", mend=mend)


def _database(settings: Settings) -> Check:
    # A connection of its own: the session of this request may be in the middle of something.
    with db.db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return Check("database", ok=True, found=db.db.engine.url.render_as_string(hide_password=True))


def _migrations(settings: Settings) -> Check:
    wanted = set(ScriptDirectory(str(web.ROOT / "migrations")).get_heads())
    found: set[str] = set()
    if inspect(db.db.engine).has_table("alembic_version"):
        with db.db.engine.connect() as connection:
            found = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    ok = bool(wanted) and found == wanted
    state = f"at {', '.join(sorted(found)) or 'nothing'}, the newest is {', '.join(sorted(wanted)) or 'missing'}"
    return Check("migrations", ok, found=state, mend="" if ok else "Run: flask db upgrade")


def _data_folder(settings: Settings) -> Check:
    try:
        with tempfile.NamedTemporaryFile(dir=settings.data_dir):
            return Check("data folder", ok=True, found=str(settings.data_dir))
    except OSError as error:
        mend = f"Make {settings.data_dir} a folder that the server's user may write to (FORSAMLINGSHUS_DATA_DIR)."
        return Check("data folder", ok=False, found=error.strerror or str(error), mend=mend)


def _free_disk(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.data_dir).free
    mend = "" if free >= MIN_FREE else "Free at least 1 GB on the disk of the data folder, or move the folder."
    return Check("free disk", ok=free >= MIN_FREE, found=f"{free / 1e9:.1f} GB", mend=mend)


def _secret_key(settings: Settings) -> Check:
    if settings.secret_key:
        return Check("secret key", ok=True, found="from the settings")
    kept = settings.data_dir / "secret_key"
    ok = kept.is_file() and not kept.stat().st_mode & 0o077
    mend = "" if ok else f"Run: chmod 600 {kept}, or set FORSAMLINGSHUS_SECRET_KEY to 32 random characters or more."
    return Check("secret key", ok, found="kept in the data folder", mend=mend)


def _converter(settings: Settings) -> Check:
    """Draw a page of our own in the same child process that uploads use."""
    if importlib.util.find_spec("pypdfium2") is None:
        return Check("slides", ok=False, found="pypdfium2 is missing", mend="Install the requirements again.")
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "page.pdf"
        _write_page(pdf)
        try:
            drawn = list(converter.render(pdf, Path(folder), pages=1))
        except converter.ConversionFailed as error:
            mend = "The child process may take 1 GB of memory; see that the machine has it, and the log above."
            return Check("slides", ok=False, found=f"the converter says {error.fault}", mend=mend)
    return Check("slides", ok=len(drawn) == 1, found="a page was drawn")


def _office(settings: Settings) -> Check:
    """Nothing that an instance needs: without it facilitators are asked for a PDF."""
    found = office.program()
    without = "LibreOffice is not installed: only PDF can be uploaded (apt-get install libreoffice-impress-nogui)"
    return Check("office files", ok=True, found=f"PowerPoint and ODP by {found}" if found else without)


def _write_page(pdf: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(960, 540)
    document.save(str(pdf))
    document.close()
