"""Notes from paper."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_table_notes"
down_revision = "20261127_polls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=True),
        sa.Column("prompt_id", sa.Integer(), nullable=True),
        sa.Column("table_no", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.CheckConstraint("table_no > 0", name=op.f("ck_table_note_table")),
        sa.CheckConstraint("people IS NULL OR people > 0", name=op.f("ck_table_note_people")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_table_note_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_table_note_workshop_id_workshop")),
        sa.ForeignKeyConstraint(
            ["prompt_id"], ["prompt.id"], name=op.f("fk_table_note_prompt_id_prompt"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_table_note_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["author.id"], name=op.f("fk_table_note_entered_by_author")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_note")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_table_note_contribution_id")),
        sa.UniqueConstraint("entered_by", "client_id", name=op.f("uq_table_note_entered_by_client_id")),
    )
    op.create_index(op.f("ix_table_note_meeting_id_table_no"), "table_note", ["meeting_id", "table_no"])
    op.create_index(op.f("ix_table_note_workshop_id"), "table_note", ["workshop_id"])


def downgrade() -> None:
    op.drop_table("table_note")
