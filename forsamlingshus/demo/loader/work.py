"""What staff make of the debate: inputs with quotes, the proposals that came of them, and the catalogue."""

from datetime import datetime, timedelta
from functools import partial

from forsamlingshus.catalogue import actions as catalogue
from forsamlingshus.catalogue.models import Status
from forsamlingshus.contributions.models import Contribution
from forsamlingshus.demo.loader.stage import Stage
from forsamlingshus.demo.told import InputText, ProposalText, WorkshopText
from forsamlingshus.inputs import actions as inputs
from forsamlingshus.inputs.models import Input
from forsamlingshus.kernel.clock import COPENHAGEN
from forsamlingshus.ledger.models import AmountKind

WRITING = datetime(2023, 6, 26, 9, tzinfo=COPENHAGEN)
"""When the first proposals are written, six of them a week."""
HANDED_OVER = timedelta(days=3)
"""How long before its publication the catalogue gets its control total and its moment."""


def plan(stage: Stage) -> None:
    """Plan the collecting, the writing and the publication."""
    staff = [key for key, person in stage.texts.people.items() if person.role == "staff"]
    collected: dict[str, Input] = {}
    for number, workshop in enumerate(stage.texts.workshops):
        key = staff[number % len(staff)]
        for item in workshop.inputs:
            _plan_input(stage, workshop, item, key, collected)
        for proposal in workshop.proposals:
            stage.at(_written(proposal.number), partial(_write, stage, workshop, proposal, key, collected))
    values = stage.texts.frame["catalogue"]
    stage.at(values["published_at"] - HANDED_OVER, partial(_hand_over, stage))


def _plan_input(stage: Stage, workshop: WorkshopText, text: InputText, key: str, collected: dict[str, Input]) -> None:
    def begin() -> None:
        collected[text.key] = inputs.create_input(
            stage.session,
            who=stage.who(key),
            budget_year=stage.year.year,
            theme_id=stage.themes[workshop.slug].id,
            title=text.title,
            note=text.note,
        )

    def quote(post: str, words: str) -> None:
        contribution = stage.session.get_one(Contribution, stage.posts[post].contribution_id)
        inputs.add_quote(
            stage.session, who=stage.who(key), input=collected[text.key], contribution=contribution, text=words
        )

    stage.at(text.created, begin)
    for minute, (post, words) in enumerate(text.quotes, 1):
        stage.at(text.created + timedelta(minutes=minute), partial(quote, post, words))


def _written(number: int) -> datetime:
    """When proposal `number` is written: a weekday in office hours, wall-clock time."""
    week, turn = divmod(number - 1, 6)
    return WRITING + timedelta(weeks=week, days=turn % 5, hours=turn)


def _write(stage: Stage, workshop: WorkshopText, text: ProposalText, key: str, collected: dict[str, Input]) -> None:
    catalogue.add_proposal(
        stage.session,
        who=stage.who(key),
        budget_year=stage.year.year,
        theme_id=stage.themes[workshop.slug].id,
        number=text.number,
        title=text.title,
        amounts=dict(zip(stage.year.estimate_years, text.amounts, strict=True)),
        kind=AmountKind(text.kind),
        inputs=[collected[item.key] for item in workshop.inputs if text.number in item.proposals],
        status=Status.READY,
        source=text.source,
        lead=text.lead,
        committee=text.committee,
        type=text.type,
        content=text.content,
        citizens=text.citizens,
        staff=text.staff,
        fte=float(text.fte.replace(",", ".")) if text.fte else None,
        legal=text.legal,
        implementation=text.implementation,
        risk=text.risk,
    )


def _hand_over(stage: Stage) -> None:
    values = stage.texts.frame["catalogue"]
    year = stage.year.year
    catalogue.set_control(stage.session, budget_year=year, count=values["control_count"], tkr=values["control_tkr"])
    catalogue.publish(stage.session, budget_year=year, at=values["published_at"])
