"""How dates are written: as the language does, and never broken over two lines."""

from datetime import UTC, datetime

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
