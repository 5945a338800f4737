"""Hostile files, by digest."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "quarantine",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.digest"]),
        sa.PrimaryKeyConstraint("digest"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("quarantine")
