"""Uploads a deck as a form would: `python -m tests.processes.upload PAGES` prints its id."""

import io
import sys

from sqlalchemy import select

from forsamlingshus.accounts.models import User
from forsamlingshus.app import create_app
from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides import actions
from tests.builders import Build
from tests.slides.pdfs import SLIDE, deck, says


def main(pages):
    app = create_app()
    pdf = deck(*((says(f"Side {number}"), SLIDE) for number in range(pages)))
    with app.test_request_context("/"):
        key, size = app.extensions["forsamlingshus.files"].put(io.BytesIO(pdf), limit=50_000_000)
        staff = db.session().scalars(select(User).order_by(User.id.desc())).first()
        with transaction() as session:
            uploaded = actions.upload_deck(
                session,
                who=Build().who(staff, roles=["staff"], scopes=["workshop:1"]),
                scope_key="workshop:1",
                budget_year=2024,
                place_title="Trivsel",
                title="Vores svømmehal",
                speaker="Kultur og fritid",
                file_key=key,
                file_size=size,
                file_name="hallen.pdf",
                place_path="/budget/2024/temaer/trivsel",
                manage_path="/styring/2024/trivsel/oplaeg",
            )
    sys.stdout.write(f"{uploaded.id}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
