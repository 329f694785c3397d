"""The notes from paper, each entered by the facilitator of its workshop or of the plenary."""

from functools import partial

from sqlalchemy import select

from forsamlingshus.demo.loader.stage import Stage
from forsamlingshus.demo.told import NoteText
from forsamlingshus.meetings.models import Meeting, Prompt, Workshop
from forsamlingshus.notes import actions


def plan(stage: Stage) -> None:
    """Plan each note for the moment at which somebody typed it in."""
    facilitators = {workshop.slug: workshop.facilitator for workshop in stage.texts.workshops}
    facilitators[""] = stage.texts.meeting["facilitator"]
    for number, text in enumerate(stage.texts.notes, 1):
        stage.at(text.at, partial(_enter, stage, text, facilitators[text.theme], f"bordnote-{number}"))


def _enter(stage: Stage, text: NoteText, key: str, client_id: str) -> None:
    session = stage.session
    workshop = session.scalar(select(Workshop).where(Workshop.slug == text.theme))
    prompt = select(Prompt.id).join(Workshop).where(Workshop.slug == text.theme, Prompt.no == text.prompt)
    actions.enter_note(
        session,
        who=stage.who(key),
        meeting=session.scalars(select(Meeting)).one(),
        sheet=actions.Sheet(
            table_no=text.table,
            text=text.text,
            people=text.people or None,
            workshop_id=workshop.id if workshop else None,
            prompt_id=session.scalar(prompt),
        ),
        client_id=client_id,
    )
