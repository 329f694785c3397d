"""Builders of contributions and inputs, for the tests of this slice and of those above."""

from forsamlingshus.contributions.models import Contribution, Fate, FateKind
from forsamlingshus.inputs import actions, queries
from forsamlingshus.inputs.models import Input, Quote
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction

WORDS = "Luk hellere en hverdagsaften. Efter kl. 20 er der næsten tomt.\nMorgenen skal I lade være."


def fresh():
    """The session of the test, knowing nothing: what it reads next is what stands in the database."""
    session = db.session()
    session.rollback()
    session.expire_all()
    return session


class Collecting:
    """One budget year with a theme, people who said something, and somebody who collects it."""

    def __init__(self, build):
        self.build = build
        self.year = build.year(2024)
        self.theme = build.theme(self.year, slug="trivsel")
        self.anne = build.user("Anne Bjerre")
        self.staff = build.user("Mette Holm", roles=["staff"])
        self.who = build.who(self.staff, roles=["staff"])

    def said(self, text=WORDS, *, author=None, topic="thread:1", public=True, theme=None, year=2024, created_at=None):
        """A contribution, as the slice that owns it would store it."""
        with transaction() as session:
            row = Contribution(
                kind="post",
                author_id=(author or self.anne).author_id,
                budget_year=year,
                theme_id=(theme or self.theme).id,
                path="/i/0",
                place="Skal hallen åbne før?",
                text=text,
                created_at=created_at or clock.now(),
                public=public,
                topic=topic,
            )
            session.add(row)
            session.flush()
            row.path = f"/i/{row.id}"
            return row

    def input(self, title="Kortere åbningstid på hverdage", *, theme=None, year=2024, who=None):
        with transaction() as session:
            return actions.create_input(
                session, who=who or self.who, budget_year=year, theme_id=(theme or self.theme).id, title=title
            )

    def quote(self, row, contribution, text="Luk hellere en hverdagsaften.", *, who=None):
        with transaction() as session:
            return actions.add_quote(
                session,
                who=who or self.who,
                input=session.get_one(Input, row.id),
                contribution=session.get_one(Contribution, contribution.id),
                text=text,
            )

    def unquote(self, quote):
        with transaction() as session:
            row = session.get_one(Input, quote.input_id)
            return actions.remove_quote(session, who=self.who, input=row, quote=session.get_one(Quote, quote.id))

    def use(self, row, ref_id=17, *, title="Svømmehal", public_from=None):
        """What the slice above tells when a proposal is built on an input."""
        with transaction() as session:
            return actions.record_use(
                session,
                input=session.get_one(Input, row.id),
                ref_id=ref_id,
                number=ref_id,
                title=title,
                path=f"/budget/2024/katalog/{ref_id}",
                public_from=public_from,
            )

    def drop_use(self, row, ref_id=17):
        with transaction() as session:
            actions.take_back_use(session, input=session.get_one(Input, row.id), ref_id=ref_id)

    @staticmethod
    def fates(contribution):
        """What the contribution carries now: pairs of kind and number."""
        session = fresh()
        rows = session.query(Fate).filter_by(contribution_id=contribution.id).order_by(Fate.kind, Fate.ref_id)
        return [(FateKind(row.kind), row.number) for row in rows]

    @staticmethod
    def reload(row):
        session = fresh()
        return session.get_one(type(row), row.id)

    @staticmethod
    def quotes(row):
        session = fresh()
        return queries.quotes_of(session, [row.id], public_only=False)
