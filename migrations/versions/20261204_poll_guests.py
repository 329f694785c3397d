"""How many of a poll's answers guests gave, counted as it closes; polls that are over were not counted so."""

import sqlalchemy as sa
from alembic import op

revision = "20261204_poll_guests"
down_revision = "20261203_run_paths"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("poll") as batch_op:
        batch_op.add_column(sa.Column("guest_count", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("poll") as batch_op:
        batch_op.drop_column("guest_count")
