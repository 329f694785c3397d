"""P11, our side: `python bench/draw.py FILE` uploads a deck and does its job; prints the seconds as JSON.

`first` until the first slide is stored where the page shows it, `ready` until all are and the deck is public, both
counted from the begin of the job.
"""

import json
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from seed import frame, people, who
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import joinedload

from forsamlingshus.accounts.models import User
from forsamlingshus.app import create_app
from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process.models import Activity, BudgetYear
from forsamlingshus.slides import actions, jobs, office
from forsamlingshus.slides.models import Deck, DeckState, FileType

SCOPE = "workshop:1"
LOOK_EVERY = 0.01


def uploader() -> Who:
    """Somebody who leads the workshop, while presentations are open."""
    if not db.session().scalar(select(func.count(BudgetYear.id))):
        frame()
        people(1)
    user = db.session().scalars(select(User).options(joinedload(User.author))).first()
    if user is None:
        sys.exit("nobody has an account")
    return replace(who(user), opened=frozenset({(2024, str(Activity.PRESENT))}), scopes=frozenset({SCOPE}))


def upload(path: Path) -> int:
    """The deck's row, as the form leaves it."""
    store, host = app.extensions["forsamlingshus.files"], uploader()
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(0)
        key, size = store.put(file, limit=50_000_000)
    with transaction() as session:
        return actions.upload_deck(
            session,
            who=host,
            scope_key=SCOPE,
            budget_year=2024,
            place_title="Trivsel",
            title="Oplæg",
            speaker="Måling",
            file_key=key,
            file_size=size,
            file_name=path.name,
            file_type=office.sniff(head) or FileType.PDF,
        ).id


def watch(deck_id: int, start: float, seen: list[float]) -> None:
    """Note when the first slide can be seen by others."""
    engine = create_engine(db.db.engine.url)
    query = text("SELECT count(*) FROM slide WHERE deck_id = :id AND image_key != ''")
    while not seen:
        with engine.connect() as connection:
            if connection.execute(query, {"id": deck_id}).scalar():
                seen.append(time.perf_counter() - start)
        time.sleep(LOOK_EVERY)


def main(path: Path) -> None:
    """Upload, draw, tell."""
    deck_id, seen = upload(path), []
    start = time.perf_counter()
    watcher = threading.Thread(target=_in_context, args=(deck_id, start, seen), daemon=True)
    watcher.start()
    jobs.render_deck(deck_id)
    ready = time.perf_counter() - start
    watcher.join(5)
    deck = db.session().get_one(Deck, deck_id)
    if deck.state != DeckState.READY:
        sys.exit(f"the deck ended as {deck.state}: {deck.fault}")
    print(json.dumps({"first": seen[0], "ready": ready, "pages": deck.page_count}))


def _in_context(deck_id: int, start: float, seen: list[float]) -> None:
    with app.app_context():
        watch(deck_id, start, seen)


if __name__ == "__main__":
    app = create_app(immediate_jobs=True)
    app.extensions["forsamlingshus.jobs"].run = lambda _name, _row_id: None  # the job is begun by us, and timed
    with app.test_request_context("/"):
        main(Path(sys.argv[1]))
