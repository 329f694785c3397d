"""Builders of proposals, on top of those of the inputs."""

import re

import pytest

from forsamlingshus.catalogue import actions
from forsamlingshus.catalogue.models import Proposal
from forsamlingshus.inputs.models import Input
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction
from tests.inputs.builders import Collecting

YEARS = (2024, 2025, 2026, 2027)


class Writing(Collecting):
    """Somebody who writes the catalogue of Budget 2024."""

    def proposal(self, *tkr, inputs=(), who=None, year=2024, theme=None, title="Svømmehal: ny åbningstid", **words):
        words = {
            "status": "ready",
            "source": "workshop" if inputs else "administration",
            "lead": "Kort sagt.",
            "committee": "Kultur og fritid",
            **words,
        }
        with transaction() as session:
            return actions.add_proposal(
                session,
                who=who or self.who,
                budget_year=year,
                theme_id=(theme or self.theme).id,
                title=title,
                amounts=dict(zip(YEARS, tkr or (-400, -600, -600, -600), strict=True)),
                inputs=[session.get_one(Input, row.id) for row in inputs],
                **words,
            )

    def collected(self, text="Luk hellere en hverdagsaften. Punktum.", words="Luk hellere en hverdagsaften.", **said):
        """A contribution and the input that quotes it."""
        contribution, row = self.said(text, **said), self.input()
        self.quote(row, contribution, words)
        return contribution, row

    def change(self, proposal, **values):
        with transaction() as session:
            row = session.get_one(Proposal, proposal.id)
            return actions.change_proposal(session, who=values.pop("who", self.who), proposal=row, **values)

    def link(self, proposal, row, *, who=None):
        with transaction() as session:
            return actions.link_input(
                session,
                who=who or self.who,
                proposal=session.get_one(Proposal, proposal.id),
                input=session.get_one(Input, row.id),
            )

    def unlink(self, proposal, row, *, who=None):
        with transaction() as session:
            return actions.unlink_input(
                session,
                who=who or self.who,
                proposal=session.get_one(Proposal, proposal.id),
                input=session.get_one(Input, row.id),
            )

    def publish(self, at=None, *, never=False):
        with transaction() as session:
            return actions.publish(session, budget_year=2024, at=None if never else at or clock.now())

    def control(self, count, tkr):
        with transaction() as session:
            return actions.set_control(session, budget_year=2024, count=count, tkr=tkr)


@pytest.fixture
def writing(build):
    return Writing(build)


@pytest.fixture
def staff(app, writing):
    """The browser of somebody who writes proposals."""
    client = app.test_client()
    assert client.log_in(writing.staff).status_code == 303
    return client


def text(response):
    """A page with single spaces, so that line breaks in templates do not matter."""
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def stored(model):
    db.session().rollback()
    db.session().expire_all()
    return db.session().query(model).order_by(*model.__table__.primary_key).all()
