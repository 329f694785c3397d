"""How dates are written: as the language does, and never broken over two lines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from shutil import copytree, ignore_patterns
from threading import Barrier

import pytest
from flask import g

from forsamlingshus.kernel import i18n

MOMENT = datetime(2023, 5, 3, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("da", ("3.~maj~2023", "onsdag den 3.~maj~2023", "03.05.2023", "3.~maj", "maj~2023", "kl.~18.30")),
        ("en", ("3~May~2023", "Wednesday 3~May~2023", "3~May~2023", "3~May", "May~2023", "18:30")),
    ],
)
def test_day_month_and_hour_stay_on_one_line(app, language, written):
    with app.test_request_context():
        g.language = language
        forms = (i18n.date, i18n.date_long, i18n.date_short, i18n.day_month, i18n.month, i18n.clock_time)
        assert tuple(form(MOMENT) for form in forms) == tuple(
            text.replace("~", "\N{NO-BREAK SPACE}") for text in written
        )


def test_processes_that_start_at_once_on_a_fresh_clone_all_build_the_catalogue(tmp_path, monkeypatch):
    copytree(i18n.FOLDER, tmp_path / "translations", ignore=ignore_patterns("LC_MESSAGES"))
    monkeypatch.setattr(i18n, "FOLDER", tmp_path / "translations")
    write_mo, all_have_begun = i18n.write_mo, Barrier(3, timeout=60)

    def slowly(file, catalogue):
        all_have_begun.wait()
        write_mo(file, catalogue)
        file.flush()
        all_have_begun.wait()

    monkeypatch.setattr(i18n, "write_mo", slowly)
    with ThreadPoolExecutor(3) as processes:
        for built in [processes.submit(i18n.build) for _ in range(3)]:
            built.result()
    left = list((tmp_path / "translations/da/LC_MESSAGES").iterdir())
    assert [file.name for file in left] == ["messages.mo"]
    assert left[0].stat().st_mode & 0o444 == 0o444


def test_amounts_and_times_of_translations_stay_on_one_line():
    said = {message.id: message.string for message in i18n.merged(sorted((i18n.FOLDER / "da").glob("*.po")))}
    assert said["DKK million"] == "mio.\N{NO-BREAK SPACE}kr."
    assert said["Draft saved at %(time)s"] == "Kladde gemt kl.\N{NO-BREAK SPACE}%(time)s"


def test_words_that_two_files_translate_differently_are_refused_and_nothing_is_left_behind(tmp_path, monkeypatch):
    (tmp_path / "da").mkdir()
    for name, said in (("one", "Ja"), ("two", "Jo")):
        (tmp_path / f"da/{name}.po").write_text(f'msgid "Yes"\nmsgstr "{said}"\n', encoding="utf-8")
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="differently"):
        i18n.build()
    assert list((tmp_path / "da/LC_MESSAGES").iterdir()) == []
