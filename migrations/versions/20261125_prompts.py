"""Count the threads that answer a facilitator's question along an index."""

from alembic import op

revision = "20261125_prompts"
down_revision = "20261123_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_thread_prompt", "thread", ["forum_id", "shown", "prompt_no", "post_count"])


def downgrade() -> None:
    op.drop_index("ix_thread_prompt", table_name="thread")
