"""A draft of a new thread keeps the question that was chosen."""

import sqlalchemy as sa
from alembic import op

revision = "20261126b_draft_prompt"
down_revision = "20261125_first_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draft") as batch_op:
        batch_op.add_column(sa.Column("prompt_no", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("draft") as batch_op:
        batch_op.drop_column("prompt_no")
