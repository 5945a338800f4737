"""What people did: kept with who, when and why, and what is needed to take it back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and let versions and decisions name the act behind them."""
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("village", sa.String(), nullable=True),
        sa.Column("deliverable", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.digest"]),
        sa.ForeignKeyConstraint(["undoes"], ["act.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("campaign", "message", "undoes"):
        op.create_index(f"ix_act_{column}", "act", [column])
    # Added in place: a table made anew would be dropped under the rows that point to it.
    for table, column in (("version", "act"), ("version", "void_by"), ("decision", "act")):
        op.add_column(table, sa.Column(column, sa.Integer(), sa.ForeignKey("act.id")), inline_references=True)
    op.create_index("ix_decision_act", "decision", ["act"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_decision_act", "decision")
    for table, column in (("decision", "act"), ("version", "void_by"), ("version", "act")):
        op.drop_column(table, column)
    op.drop_table("act")
