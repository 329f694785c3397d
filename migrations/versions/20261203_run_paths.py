"""The year in the address where a deck was uploaded: meetings and workshops of two years may have the same word."""

from alembic import op

revision = "20261203_run_paths"
down_revision = "20261202_anonymous_mutes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE deck SET manage_path = '/styring/' || budget_year || substr(manage_path, 9)"
        " WHERE manage_path LIKE '/styring/%'"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE deck SET manage_path = '/styring' || substr(manage_path, 10 + length(CAST(budget_year AS TEXT)))"
        " WHERE manage_path LIKE '/styring/' || budget_year || '/%'"
    )
