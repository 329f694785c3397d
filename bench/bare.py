"""The bare limits that ours is compared with: the least that Flask, SQLAlchemy, Jinja and Flask-SocketIO can do.

Two apps for gunicorn: `bare:app` knows nothing of the product; `bare:page()` has its templates and none of its hooks.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, render_template, request
from flask_socketio import SocketIO, join_room
from sqlalchemy import Engine, Text, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from forsamlingshus.app import create_app
from forsamlingshus.discussions import partials
from forsamlingshus.discussions.models import Forum, Thread
from forsamlingshus.discussions.queries import thread_page
from forsamlingshus.kernel import db, html
from forsamlingshus.kernel.db import UtcDateTime
from forsamlingshus.process.models import Theme

DATABASE = Path(os.environ["FORSAMLINGSHUS_DATA_DIR"]) / "bare.db"
PAGE = 50


class Base(DeclarativeBase):
    """Base of the two bare tables."""


class Line(Base):
    """What a bare insert stores."""

    __tablename__ = "line"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Row(Base):
    """A post as one flat row, under the names that the product's template asks for."""

    __tablename__ = "row"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(index=True)
    parent_id: Mapped[int | None]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    html: Mapped[str] = mapped_column(html.SafeHtml)
    support_count: Mapped[int]
    version: Mapped[int] = mapped_column(default=0)

    state, edited_at, quote, author_role, answer = "visible", None, "", "", None

    @property
    def contribution(self) -> "Row":
        """The row itself: a flat row has no second table."""
        return self

    author = contribution

    @property
    def author_name(self) -> str:
        """The name that stands at the post."""
        return self.name

    @property
    def path(self) -> str:
        """The permalink."""
        return f"/i/{self.id}"


def _engine() -> Engine:
    engine = create_engine(f"sqlite:///{DATABASE}", connect_args={"check_same_thread": False, "timeout": 5})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    Base.metadata.create_all(engine)
    return engine


app = Flask(__name__)
role = os.environ.get("FORSAMLINGSHUS_ROLE", "all")
socketio = SocketIO(
    app,
    async_mode="gevent" if role == "live" else "threading",
    message_queue=os.environ.get("BARE_QUEUE"),  # by which one process broadcasts to the sockets of another
    transports=["websocket"],
    manage_session=False,
)
sessions = sessionmaker(_engine())
_ready: dict[int, bytes] = {}


@app.get("/bytes/<int:size>")
def ready_bytes(size: int) -> bytes:
    """A page of `size` bytes that is there already."""
    if size not in _ready:
        _ready[size] = b"x" * size
    return _ready[size]


@app.post("/line")
def store_line() -> str:
    """One ORM insert and one commit; `?times=20` does that so often in one request."""
    text = request.form["body"]
    for _ in range(request.args.get("times", 1, type=int)):
        with sessions() as session:
            session.add(Line(thread_id=1, text=text, html=f"<p>{text}</p>", created_at=datetime.now(UTC)))
            session.commit()
    return "stored"


@socketio.on("listen")
def listen(_wanted: object) -> dict[str, Any]:
    """Join the one room."""
    join_room("all")
    return {"ok": True, "version": 0}


@app.post("/say")
def say() -> str:
    """Broadcast the message that was posted."""
    socketio.emit("changes", request.get_json(), to="all")
    return "said"


def page() -> Flask:
    """The thread page by 50 rows of the ORM and the product's own templates, everything else stripped or constant."""
    product = create_app()
    constants: dict[str, Any] = {}
    with product.test_request_context("/"):
        product.update_template_context(constants)
        constants |= _copy_first_thread(db.session())
    for name in ("request", "session", "g"):
        constants.pop(name, None)
    product.before_request_funcs.clear()
    product.after_request_funcs.clear()
    product.error_handler_spec.clear()  # their pages would ask for what is stripped here
    product.template_context_processors = {None: product.template_context_processors[None][:1]}  # Flask's own
    product.jinja_env.globals |= {
        "place": lambda name: partials.NEUTRAL.get(name.partition(":")[0], ""),
        "slot": lambda _name, _thing: "",
        "csrf_token": lambda: "",
    }
    product.jinja_env.cache.clear()
    product.wsgi_app = Flask.wsgi_app.__get__(product)  # without the server of static files

    @product.get("/bare")
    def thread() -> str:
        with sessions() as session:
            rows = session.scalars(select(Row).order_by(Row.position).limit(PAGE)).all()
        return render_template("discussions/thread.html", groups=_groups(product, rows), **constants)

    return product


def _copy_first_thread(session: Session) -> dict[str, Any]:
    """Copy the first page of the first thread into flat rows; returns what its template needs beside them."""
    thread = session.get_one(Thread, 1)
    found = thread_page(session, thread.id)
    with sessions() as bare:
        bare.query(Row).delete()
        for place, post in enumerate(found.posts):
            bare.add(
                Row(
                    id=post.id,
                    position=place,
                    parent_id=post.parent_id,
                    name=post.contribution.author.name,
                    created_at=post.created_at,
                    html=post.html,
                    support_count=post.support_count,
                )
            )
        bare.commit()
    forum = session.get_one(Forum, thread.forum_id)
    return {
        "thread": thread,
        "forum": forum,
        "theme": session.get_one(Theme, forum.theme_id),
        "page": found,
        "version": 1,
        "closed": None,
        "moderates": False,
        "closes_at": thread.created_at,
        "previous_url": "",
        "next_url": f"{thread.path}?fra=50-50",
        "newest_url": f"{thread.path}?vis=nyeste#skriv",
    }


def _groups(product: Flask, rows: Any) -> list[dict[str, Any]]:
    template = product.jinja_env.get_template("discussions/_post.html")
    groups: list[dict[str, Any]] = []
    for row in rows:
        body = html.trusted(template.render(post=row, fates=[], lang="da"))
        if row.parent_id is None:
            groups.append({"root": True, "root_id": row.id, "root_body": body, "replies": []})
        else:
            groups[-1]["replies"].append((row.id, body))
    return groups
