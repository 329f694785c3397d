"""A draft keeps the words that a reply quotes."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_draft_quote"
down_revision = "20261125_numbers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draft") as batch_op:
        batch_op.add_column(sa.Column("quote", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("draft") as batch_op:
        batch_op.drop_column("quote")
