"""Languages: Danish first, English complete; one gettext file per slice, merged into one catalogue when built."""

import re
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, g, request
from flask_babel import Babel, force_locale, get_locale, lazy_gettext
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext

from forsamlingshus.kernel import clock
from forsamlingshus.kernel.joints import unbroken

LANGUAGES = ("da", "en")
FOLDER = Path(__file__).parent.parent / "translations"
COOKIE = "fh_sprog"

__all__ = ["gettext", "lazy_gettext", "ngettext"]

# The library's own functions say nothing of what they return.
gettext: Callable[..., str] = _gettext
ngettext: Callable[..., str] = _ngettext


def init(app: Flask, default: str) -> None:
    """Bind Babel to the app; the language follows ?sprog=, then the cookie, then the setting."""
    build()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    Babel(app, locale_selector=lambda: g.get("language", default), timezone_selector=lambda: "Europe/Copenhagen")

    @app.before_request
    def choose() -> None:
        asked = request.args.get("sprog") or request.cookies.get(COOKIE)
        g.language = asked if asked in LANGUAGES else default


def language() -> str:
    """The language of this page, `da` or `en`."""
    return str(get_locale() or "da")


def in_language(code: str) -> AbstractContextManager[None]:
    """Words and moments in another language than the page's, as for listeners who read it in theirs."""
    return force_locale(code)  # type: ignore[no-any-return]


def pick(da: str, en: str) -> str:
    """The text of data that is kept in both languages; Danish where there is no English."""
    return en if en and language() == "en" else da


def build() -> None:
    """Merge translations/da/*.po into the one catalogue that gettext reads, when one of them is newer."""
    folder = FOLDER / "da" / "LC_MESSAGES"
    sources = sorted((FOLDER / "da").glob("*.po"))
    built = folder / "messages.mo"
    if built.exists() and all(source.stat().st_mtime <= built.stat().st_mtime for source in sources):
        return
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = merged(sources)  # which may be refused, and then nothing is left behind
    # A name of its own: on a fresh clone several processes start at once, and each of them builds.
    with tempfile.NamedTemporaryFile(dir=folder, prefix="building-", delete=False) as fresh:
        write_mo(fresh, catalogue)
    Path(fresh.name).chmod(0o644)
    Path(fresh.name).replace(built)


def merged(sources: list[Path]) -> Catalog:
    """One catalogue of several files. Raises ValueError where two of them translate the same words differently."""
    catalogue = Catalog(locale="da")
    for source in sources:
        with source.open("rb") as file:
            for message in read_po(file, locale="da", abort_invalid=True):
                if not message.id:
                    continue
                string = _joined(message.string)
                known = catalogue.get(message.id)
                if known is not None and known.string != string:
                    raise ValueError(f"{source.name} translates {message.id!r} differently from another file")
                catalogue.add(message.id, string)
    return catalogue


def _joined(said: Any) -> Any:
    """A translation whose amounts and times of day stay on one line; translators write plain spaces."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", said) if isinstance(said, str) else tuple(map(_joined, said))


_UNIT = re.compile(r"(?<=mio\.) (?=kr\.)|(?<=\)s) (?=mio\.)|(?<=\d) (?=mio\.)|(?<=\bkl\.) (?=[\d%])")


def date(moment: datetime) -> str:
    """3. maj 2023 | 3 May 2023."""
    return _unbroken(format_date(clock.local(moment), _DAY_MONTH[language()] + " y", locale=language()))


def date_long(moment: datetime) -> str:
    """onsdag den 3. maj 2023 | Wednesday 3 May 2023."""
    weekday = format_date(clock.local(moment), "EEEE 'den'" if language() == "da" else "EEEE", locale=language())
    return f"{weekday} {date(moment)}"


def date_short(moment: datetime) -> str:
    """03.05.2023 | 3 May 2023."""
    pattern = "dd.MM.y" if language() == "da" else "d MMM y"
    return _unbroken(format_date(clock.local(moment), pattern, locale=language()))


def day_month(moment: datetime) -> str:
    """3. maj | 3 May."""
    return _unbroken(format_date(clock.local(moment), _DAY_MONTH[language()], locale=language()))


def month(moment: datetime) -> str:
    """juni 2023 | June 2023."""
    return _unbroken(format_date(clock.local(moment), "MMMM y", locale=language()))


def hour(moment: datetime) -> str:
    """The hour alone, as on a wall clock: `19.42` or `19:42`."""
    return format_time(clock.local(moment), "HH.mm" if language() == "da" else "HH:mm", locale=language())


def clock_time(moment: datetime) -> str:
    """kl. 18.30 | 18:30."""
    pattern = "'kl.' H.mm" if language() == "da" else "HH:mm"
    return _unbroken(format_time(clock.local(moment), pattern, locale=language()))


def when(moment: datetime) -> str:
    """3. maj kl. 18.30 | 3 May, 18:30; with the year when it is another one than now."""
    same_year = clock.local(moment).year == clock.local(clock.now()).year
    return _when(moment.replace(second=0, microsecond=0), language(), same_year=same_year)


@lru_cache(maxsize=4096)  # writing one takes a tenth of a post's time, and posts come many to a minute
def _when(minute: datetime, language: str, *, same_year: bool) -> str:
    day = day_month(minute) if same_year else date(minute)
    return f"{day}{' ' if language == 'da' else ', '}{clock_time(minute)}"


_DAY_MONTH = {"da": "d. MMMM", "en": "d MMMM"}


def _unbroken(text: str) -> str:
    """Text that stays on one line: a line that ends with "3." or "kl." reads as the end of a sentence."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def ago(moment: datetime) -> str:
    """for 3 minutter siden | 3 minutes ago, by the machine's clock: for sessions, which never follow a demo's date."""
    return _passed(clock.machine_now() - moment)


def _passed(passed: timedelta) -> str:
    if passed < timedelta(minutes=1):
        return gettext("just now")
    return format_timedelta(-passed, granularity="minute", add_direction=True, locale=language())


def waited(moment: datetime) -> str:
    """for 3 minutter siden | 3 minutes ago, by the domain's clock: for what stands in a page as of its rendering."""
    return _passed(clock.now() - moment)


def span(length: timedelta) -> str:
    """How long something took, in its largest unit: 4 dage | 4 days."""
    return format_timedelta(max(length, timedelta(minutes=1)), granularity="minute", threshold=1, locale=language())


def number(count: int) -> str:
    """2.000 | 2,000: a number that stands in a sentence."""
    return format_decimal(count, "#,##0", locale=language()).replace("\u2212", "-")


def tkr(amount: int) -> str:
    """-1.250 | -1,250: thousands of kroner, signed as effect on net expenditure."""
    return number(amount)


def mio(amount_tkr: int, *, signed: bool = False) -> str:
    """28,0 | 28.0: millions with one decimal, half away from zero; without sign unless `signed`."""
    tenths = (abs(amount_tkr) + 50) // 100
    text = format_decimal(tenths / 10, "#,##0.0", locale=language())
    return f"-{text}" if signed and amount_tkr < 0 and tenths else text


def one_decimal(number: float) -> str:
    """3,4 | 3.4."""
    return format_decimal(number, "0.0", locale=language())


def file_size(size: int) -> str:
    """1,2 MB | 84 KB."""
    if size >= 1_000_000:
        return f"{format_decimal(size / 1_000_000, '0.0', locale=language())} MB"
    return f"{max(1, round(size / 1000))} KB"


def initials(name: str) -> str:
    """Two letters or the number of a name: `Anne Bjerre` → `AB`, `Borger 14` → `14`."""
    words = name.split()
    numbers = [word for word in words if word.isdigit()]
    if numbers:
        return numbers[-1][:3]
    letters = [word[0] for word in words if word[0].isalpha()]
    return "".join([*letters[:1], *letters[1:][-1:]]).upper() or "?"


FILTERS: dict[str, Callable[..., str]] = {
    "date": date,
    "date_long": date_long,
    "date_short": date_short,
    "day_month": day_month,
    "month": month,
    "clock": clock_time,
    "hour": hour,
    "when": when,
    "ago": ago,
    "waited": waited,
    "span": span,
    "iso": lambda moment: clock.local(moment).isoformat(timespec="seconds"),
    "one_decimal": one_decimal,
    "number": number,
    "tkr": tkr,
    "mio": mio,
    "mio_signed": lambda amount: mio(amount, signed=True),
    "filesize": file_size,
    "initials": initials,
    "unbroken": unbroken,
}
