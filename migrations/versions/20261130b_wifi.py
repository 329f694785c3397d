"""The network of the hall, which staff write for the wall and the poster."""

import sqlalchemy as sa
from alembic import op

revision = "20261130b_wifi"
down_revision = "20261130_sign_up_news"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("wifi_name", sa.String(32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("wifi_password", sa.String(63), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.drop_column("wifi_password")
        batch_op.drop_column("wifi_name")
