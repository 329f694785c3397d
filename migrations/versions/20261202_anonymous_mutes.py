"""Mutes for a question that was asked anonymously, which are told by its number."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_anonymous_mutes"
down_revision = "20261201_used_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mute") as batch_op:
        batch_op.add_column(sa.Column("anonymous_no", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("mute") as batch_op:
        batch_op.drop_column("anonymous_no")
