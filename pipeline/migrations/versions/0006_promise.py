"""What the server said of a message when it was fetched, whether a round reached the mailbox, letters in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. A round that ended without trouble before today did reach the mailbox."""
    op.add_column("sighting", sa.Column("size", sa.Integer(), nullable=True))
    op.add_column("sighting", sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("poll", sa.Column("reached", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("letter", sa.Column("in_doubt", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE poll SET reached = (1 = 1) WHERE finished_at IS NOT NULL AND trouble = ''")


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("letter") as letter:
        letter.drop_column("in_doubt")
    with op.batch_alter_table("poll") as poll:
        poll.drop_column("reached")
    with op.batch_alter_table("sighting") as sighting:
        sighting.drop_column("arrived_at")
        sighting.drop_column("size")
