"""Talks about slides, new versions of decks, files of office programs, speaker notes, the badge of an answer."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_decks"
down_revision = "20261127_sign_ups"
branch_labels = None
depends_on = None

deck = sa.table(
    "deck",
    sa.column("id", sa.Integer),
    sa.column("budget_year", sa.Integer),
    sa.column("scope_key", sa.String),
    sa.column("slug", sa.String),
    sa.column("title", sa.String),
    sa.column("state", sa.String),
    sa.column("hidden", sa.Boolean),
    sa.column("page_count", sa.Integer),
    sa.column("forum_id", sa.Integer),
    sa.column("bare_count", sa.Integer),
    sa.column("uploaded_at", sa.DateTime(timezone=True)),
)
slide = sa.table(
    "slide", sa.column("deck_id", sa.Integer), sa.column("text", sa.Text), sa.column("alt", sa.String)
)
stage = sa.table("stage", sa.column("scope_key", sa.String), sa.column("forum_id", sa.Integer))
thread = sa.table(
    "thread",
    sa.column("id", sa.Integer),
    sa.column("forum_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("title", sa.String),
    sa.column("path", sa.String),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("last_post_at", sa.DateTime(timezone=True)),
    sa.column("excerpt", sa.String),
    sa.column("shown", sa.Boolean),
    sa.column("closed", sa.Boolean),
    sa.column("post_count", sa.Integer),
    sa.column("author_count", sa.Integer),
    sa.column("support_count", sa.Integer),
    sa.column("last_position", sa.Integer),
)
slide_talk = sa.table(
    "slide_talk", sa.column("deck_id", sa.Integer), sa.column("no", sa.Integer), sa.column("thread_id", sa.Integer)
)


def upgrade() -> None:
    op.create_table(
        "slide_talk",
        sa.Column("deck_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["deck_id"], ["deck.id"], name=op.f("fk_slide_talk_deck_id_deck"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_slide_talk_thread_id_thread")),
        sa.PrimaryKeyConstraint("deck_id", "no", name=op.f("pk_slide_talk")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_slide_talk_thread_id")),
    )
    with op.batch_alter_table("deck") as batch_op:
        batch_op.add_column(sa.Column("forum_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("bare_count", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("file_type", sa.String(4), server_default="pdf", nullable=False))
        batch_op.add_column(sa.Column("file_notes", sa.JSON(), server_default="[]", nullable=False))
        batch_op.create_foreign_key(op.f("fk_deck_forum_id_forum"), "forum", ["forum_id"], ["id"])
        batch_op.create_foreign_key(
            op.f("fk_deck_replaces_id_deck"), "deck", ["replaces_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_unique_constraint(op.f("uq_deck_replaces_id"), ["replaces_id"])
    with op.batch_alter_table("slide") as batch_op:
        batch_op.add_column(sa.Column("alt_old", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("notes", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("notes_typed", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("official_answer") as batch_op:
        batch_op.add_column(sa.Column("author_role", sa.String(20), server_default="", nullable=False))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """The forum of each deck's place, and a talk for each slide of those that are ready."""
    forums = dict(connection.execute(sa.select(stage.c.scope_key, stage.c.forum_id)).all())
    bare = dict(
        connection.execute(
            sa.select(slide.c.deck_id, sa.func.count())
            .where(slide.c.text == "", slide.c.alt == "")
            .group_by(slide.c.deck_id)
        ).all()
    )
    for row in connection.execute(sa.select(deck)).all():
        forum_id = forums.get(row.scope_key)
        values = {"forum_id": forum_id, "bare_count": bare.get(row.id, 0)}
        connection.execute(deck.update().where(deck.c.id == row.id).values(**values))
        if forum_id is None or row.state != "ready":
            continue
        for no in range(1, row.page_count + 1):
            talk = thread.insert().values(
                forum_id=forum_id,
                kind="slide",
                title=f"Slide {no}: {row.title}"[:120],
                path=f"/budget/{row.budget_year}/oplaeg/{row.slug}/{no}",
                created_at=row.uploaded_at,
                last_post_at=row.uploaded_at,
                excerpt="",
                shown=not row.hidden,
                closed=False,
                post_count=0,
                author_count=0,
                support_count=0,
                last_position=0,
            )
            thread_id = connection.execute(talk.returning(thread.c.id)).scalar_one()
            connection.execute(slide_talk.insert().values(deck_id=row.id, no=no, thread_id=thread_id))


def downgrade() -> None:
    with op.batch_alter_table("official_answer") as batch_op:
        batch_op.drop_column("author_role")
    with op.batch_alter_table("slide") as batch_op:
        batch_op.drop_column("notes_typed")
        batch_op.drop_column("notes")
        batch_op.drop_column("alt_old")
    with op.batch_alter_table("deck") as batch_op:
        batch_op.drop_constraint(op.f("uq_deck_replaces_id"), type_="unique")
        batch_op.drop_constraint(op.f("fk_deck_replaces_id_deck"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_deck_forum_id_forum"), type_="foreignkey")
        for name in ("file_notes", "file_type", "bare_count", "replaces_id", "forum_id"):
            batch_op.drop_column(name)
    op.drop_table("slide_talk")
    # Talks in which nobody wrote go with the slides; those with posts become threads of their forum: no word is lost.
    post = sa.table("post", sa.column("thread_id", sa.Integer))
    written = sa.select(post.c.thread_id)
    connection = op.get_bind()
    connection.execute(thread.delete().where(thread.c.kind == "slide", thread.c.id.not_in(written)))
    connection.execute(thread.update().where(thread.c.kind == "slide").values(kind="talk"))
