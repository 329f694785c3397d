"""Meetings are planned and signed up for on pages: address, seats, rooms, descriptions, and who comes."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_sign_ups"
down_revision = "20261126b_draft_prompt"
branch_labels = None
depends_on = None


def words(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def edition() -> sa.Column[int]:
    return sa.Column("edition", sa.Integer(), server_default="1", nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("milestone") as batch_op:
        batch_op.alter_column("place", existing_type=sa.String(length=120), type_=sa.String(length=250))
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(words("address", 120))
        batch_op.add_column(sa.Column("sign_up_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("attendance", sa.Integer(), nullable=True))
        batch_op.add_column(edition())
        batch_op.create_check_constraint("capacity", "capacity > 0")
        batch_op.create_check_constraint("attendance", "attendance >= 0")
    with op.batch_alter_table("workshop") as batch_op:
        batch_op.add_column(words("own_title_da", 80))
        batch_op.add_column(words("own_title_en", 80))
        batch_op.add_column(words("room", 120))
        batch_op.add_column(edition())
    with op.batch_alter_table("agenda_item") as batch_op:
        batch_op.add_column(words("text_da", 600))
        batch_op.add_column(words("text_en", 600))
        batch_op.add_column(words("room", 120))
        batch_op.add_column(sa.Column("deck_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("workshop_id", sa.Integer(), nullable=True))
        batch_op.add_column(edition())
        batch_op.create_index(batch_op.f("ix_agenda_item_deck_id"), ["deck_id"])
        batch_op.create_index(batch_op.f("ix_agenda_item_workshop_id"), ["workshop_id"])
        for target in ("deck", "workshop"):
            name = batch_op.f(f"fk_agenda_item_{target}_id_{target}")
            batch_op.create_foreign_key(name, target, [f"{target}_id"], ["id"], ondelete="SET NULL")
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("waiting_no", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("waiting_no > 0", name=op.f("ck_sign_up_waiting_no")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["author.id"], name=op.f("fk_sign_up_author_id_author"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_sign_up_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_sign_up_workshop_id_workshop"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
        sa.UniqueConstraint("meeting_id", "author_id", name=op.f("uq_sign_up_meeting_id_author_id")),
    )
    for columns in (["meeting_id", "waiting_no"], ["author_id"], ["workshop_id"]):
        op.create_index(op.f(f"ix_sign_up_{'_'.join(columns)}"), "sign_up", columns)


def downgrade() -> None:
    op.drop_table("sign_up")
    with op.batch_alter_table("agenda_item") as batch_op:
        for target in ("deck", "workshop"):
            batch_op.drop_constraint(batch_op.f(f"fk_agenda_item_{target}_id_{target}"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_agenda_item_{target}_id"))
        for name in ("text_da", "text_en", "room", "deck_id", "workshop_id", "edition"):
            batch_op.drop_column(name)
    with op.batch_alter_table("workshop") as batch_op:
        for name in ("own_title_da", "own_title_en", "room", "edition"):
            batch_op.drop_column(name)
    with op.batch_alter_table("meeting") as batch_op:
        for name in ("capacity", "attendance"):
            batch_op.drop_constraint(batch_op.f(f"ck_meeting_{name}"), type_="check")
        for name in ("address", "sign_up_until", "capacity", "attendance", "edition"):
            batch_op.drop_column(name)
    # A place with its address may be longer than the version before holds.
    op.execute("UPDATE milestone SET place = substr(place, 1, 120)")
    with op.batch_alter_table("milestone") as batch_op:
        batch_op.alter_column("place", existing_type=sa.String(length=250), type_=sa.String(length=120))
