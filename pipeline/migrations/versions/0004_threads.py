"""Letters know what they asked for, what went with them, and whether a copy was filed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; of letters written before, nothing is known."""
    op.add_column("letter", sa.Column("asks", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("letter", sa.Column("filed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_letter_message_id", "letter", ["message_id"])
    op.create_table(
        "enclosure",
        sa.Column("letter", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["letter.id"]),
        sa.PrimaryKeyConstraint("letter", "digest"),
    )
    op.create_index("ix_enclosure_digest", "enclosure", ["digest"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_enclosure_digest", "enclosure")
    op.drop_table("enclosure")
    op.drop_index("ix_letter_message_id", "letter")
    with op.batch_alter_table("letter") as table:
        table.drop_column("filed")
        table.drop_column("asks")
