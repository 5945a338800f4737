"""By which rules a message was judged, and the deadline that the rules gave an entry."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("message", sa.Column("edition", sa.String(), nullable=False, server_default=""))
    op.add_column("entry", sa.Column("ruled_due_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("entry", "ruled_due_at")
    op.drop_column("message", "edition")
