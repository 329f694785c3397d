"""Guests, mutes, and the join code and guest policy of a meeting."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "20261125_guests"
down_revision = "20261125_stages"
branch_labels = None
depends_on = None

LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("scope_key", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_guest_author_id_author")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("author_id", name=op.f("uq_guest_author_id")),
        sa.UniqueConstraint("scope_key", "number", name=op.f("uq_guest_scope_key_number")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guest_token_hash")),
    )
    op.create_table(
        "mute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("scope_key", sa.String(length=40), nullable=False),
        sa.Column("reason_code", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_mute_author_id_author")),
        sa.ForeignKeyConstraint(["by_id"], ["author.id"], name=op.f("fk_mute_by_id_author")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["author.id"], name=op.f("fk_mute_lifted_by_id_author")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute")),
    )
    with op.batch_alter_table("mute") as table:
        table.create_index(op.f("ix_mute_author_id_lifted_at"), ["author_id", "lifted_at"])
    with op.batch_alter_table("meeting") as table:
        table.add_column(sa.Column("join_code", sa.String(length=5), nullable=True))
        table.add_column(sa.Column("guests", sa.String(length=10), nullable=False, server_default="moderated"))
    _give_codes()
    with op.batch_alter_table("meeting") as table:
        table.alter_column("join_code", existing_type=sa.String(length=5), nullable=False)
        table.alter_column("guests", existing_type=sa.String(length=10), server_default=None)
        table.create_unique_constraint(op.f("uq_meeting_join_code"), ["join_code"])
        table.create_check_constraint(op.f("ck_meeting_guests"), "guests IN ('off', 'moderated', 'on')")


def _give_codes() -> None:
    meeting = sa.table("meeting", sa.column("id", sa.Integer), sa.column("join_code", sa.String))
    connection = op.get_bind()
    given: set[str] = set()
    for row in connection.execute(sa.select(meeting.c.id)).all():
        code = next(code for code in iter(_code, "") if code not in given)
        given.add(code)
        connection.execute(meeting.update().where(meeting.c.id == row.id).values(join_code=code))


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(5))


def downgrade() -> None:
    with op.batch_alter_table("meeting") as table:
        table.drop_constraint(op.f("ck_meeting_guests"), type_="check")
        table.drop_constraint(op.f("uq_meeting_join_code"), type_="unique")
        table.drop_column("guests")
        table.drop_column("join_code")
    op.drop_table("mute")
    op.drop_table("guest")
