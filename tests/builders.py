"""Builders of test data: real rows through the real actions, with defaults for whatever a test does not care about."""

from datetime import datetime
from itertools import count

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts.models import Role
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process import actions as process
from forsamlingshus.process.models import Activity

PASSWORD = "korrekt hest batteri"
OPENS, CLOSES = "2020-01-01T00:00:00+01:00", "2099-01-01T00:00:00+01:00"


class Build:
    """`build.user()`, `build.year()`, `build.theme()` …; slices add theirs in tests/<slice>/conftest.py."""

    def __init__(self):
        self._numbers = count(1)

    def number(self):
        return next(self._numbers)

    def user(self, name=None, *, roles=(), email=None):
        n = self.number()
        with transaction() as session:
            user = accounts.open_account(
                session, email=email or f"person{n}@example.org", password=PASSWORD, name=name or f"Person {n}"
            )
            for role in roles:
                accounts.grant_role(session, user=user, role=Role(role))
            return user

    def year(self, year=2024, *, opens=OPENS, closes=CLOSES, activities=tuple(Activity)):
        with transaction() as session:
            row = process.add_year(session, year=year)
            process.add_phase(
                session,
                budget_year=row,
                key="debat",
                title_da="Debat i temaer",
                title_en="Debate in themes",
                opens_at=datetime.fromisoformat(opens),
                closes_at=datetime.fromisoformat(closes),
                activities=activities,
            )
            return row

    def theme(self, year=None, *, slug=None, name="Trivsel", token="trivsel"):
        year = year or self.year()
        with transaction() as session:
            return process.add_theme(
                session,
                budget_year=session.merge(year),
                slug=slug or f"tema-{self.number()}",
                name_da=name,
                name_en=f"{name} (en)",
                token=token,
            )

    def who(self, user=None, *, roles=(), scopes=(), year=2024, activities=tuple(Activity)):
        """Who asks, as a request would build it."""
        return Who(
            now=clock.now(),
            author_id=user.author_id if user else None,
            user_id=user.id if user else None,
            name=user.author.name if user else "",
            roles=frozenset(roles),
            scopes=frozenset(scopes),
            opened=frozenset((year, str(activity)) for activity in activities),
        )
