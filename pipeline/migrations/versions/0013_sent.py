"""What went out within the hour is found by an index, not by reading every letter with its octets."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.create_index("ix_letter_sent", "letter", ["sent_at"])


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_letter_sent", table_name="letter")
