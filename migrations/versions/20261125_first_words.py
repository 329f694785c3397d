"""An edited post keeps a trace of its first words, by which a retry of the write that made it is known."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_first_words"
down_revision = "20261125_guests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("post") as batch_op:
        batch_op.add_column(sa.Column("first_trace", sa.String(length=5), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("post") as batch_op:
        batch_op.drop_column("first_trace")
