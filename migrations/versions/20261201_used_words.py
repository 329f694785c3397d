"""Which words of a contribution were used: what became of them says so itself, so that a page needs no second look."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_used_words"
down_revision = "20261130b_wifi"
branch_labels = None
depends_on = None

USED = """
  SELECT fate.id, quote.text FROM fate
  JOIN input_use ON input_use.ref_id = fate.ref_id
  JOIN quote ON quote.input_id = input_use.input_id AND quote.contribution_id = fate.contribution_id
  WHERE fate.kind = 'proposal' ORDER BY fate.id, quote.start, quote.id
"""


def upgrade() -> None:
    with op.batch_alter_table("fate") as batch_op:
        batch_op.add_column(sa.Column("words", sa.JSON(), nullable=False, server_default="[]"))
    connection = op.get_bind()
    used: dict[int, dict[str, None]] = {}
    for fate_id, words in connection.execute(sa.text(USED)):
        used.setdefault(fate_id, {})[words] = None
    fate = sa.table("fate", sa.column("id", sa.Integer), sa.column("words", sa.JSON))
    for fate_id, found in used.items():
        connection.execute(sa.update(fate).where(fate.c.id == fate_id).values(words=list(found)))


def downgrade() -> None:
    with op.batch_alter_table("fate") as batch_op:
        batch_op.drop_column("words")
