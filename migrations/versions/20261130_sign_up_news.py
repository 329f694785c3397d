"""Whoever signed up is told that they moved up, or that the meeting moved, until they have said that they saw it."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_sign_up_news"
down_revision = "20261129_after"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("sign_up") as batch_op:
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sign_up") as batch_op:
        batch_op.drop_column("seen_at")
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.drop_column("moved_at")
