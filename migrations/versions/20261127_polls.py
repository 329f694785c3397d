"""Polls on stages, the answers to open ones, and an author for what a hall says together."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_polls"
down_revision = "20261127_decks"
branch_labels = None
depends_on = None

BEFORE, AFTER = "kind IN ('account', 'guest', 'paper')", "kind IN ('account', 'guest', 'paper', 'hall')"


def upgrade() -> None:
    _let_authors_be(AFTER)
    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=220), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("agenda_item_id", sa.Integer(), nullable=True),
        sa.Column("deck_id", sa.Integer(), nullable=True),
        sa.Column("slide_no", sa.Integer(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("on_screen", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer_count", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('single', 'multiple', 'scale', 'spread')", name=op.f("ck_poll_kind")),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"],
            ["agenda_item.id"],
            name=op.f("fk_poll_agenda_item_id_agenda_item"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_poll_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(["deck_id"], ["deck.id"], name=op.f("fk_poll_deck_id_deck"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_poll_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_poll_contribution_id")),
        sa.UniqueConstraint("path", name=op.f("uq_poll_path")),
        sa.UniqueConstraint("stage_id", "no", name=op.f("uq_poll_stage_id_no")),
    )
    op.create_table(
        "poll_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_poll_answer_author_id_author")),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_poll_answer_poll_id_poll"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint("poll_id", "author_id", name=op.f("uq_poll_answer_poll_id_author_id")),
    )


def _let_authors_be(kinds: str) -> None:
    with op.batch_alter_table("author") as table:
        table.drop_constraint(op.f("ck_author_kind"), type_="check")
        table.create_check_constraint(op.f("ck_author_kind"), kinds)


def downgrade() -> None:
    op.drop_table("poll_answer")
    op.drop_table("poll")
    op.execute("UPDATE author SET kind = 'paper' WHERE kind = 'hall'")  # its contributions stay, and are somebody's
    _let_authors_be(BEFORE)
