"""A forum may close before its phase does, and a question that was not answered goes on in a thread."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_after"
down_revision = "20261125_guests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("forum") as batch_op:
        batch_op.add_column(sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("question") as batch_op:
        batch_op.add_column(sa.Column("thread_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_question_thread_id_thread"), "thread", ["thread_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_question_thread_id"), ["thread_id"])


def downgrade() -> None:
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_thread_id"))
        batch_op.drop_constraint(batch_op.f("fk_question_thread_id_thread"), type_="foreignkey")
        batch_op.drop_column("thread_id")
    with op.batch_alter_table("forum") as batch_op:
        batch_op.drop_column("closes_at")
