"""Topics tell changes of numbers from changes of the page; what was used of a thread is found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_numbers"
down_revision = "20261125_prompts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("topic") as batch_op:
        batch_op.add_column(sa.Column("page_version", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_contribution_topic_used", "contribution", ["topic", "used"])


def downgrade() -> None:
    op.drop_index("ix_contribution_topic_used", "contribution")
    with op.batch_alter_table("topic") as batch_op:
        batch_op.drop_column("page_version")
