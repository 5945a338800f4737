"""Pictures by signature and look, texts by sketch; addresses that mails or the coordinator spoke for.

Pictures of before keep their place and are met again by their octets; sketches of texts are made from what is remembered.
"""

import sqlalchemy as sa
from alembic import op

from pipeline.text.sketch import sketch

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the pictures' table, make the others."""
    for quarter in range(4):
        op.drop_index(f"ix_picture_quarter{quarter}", table_name="picture")
    with op.batch_alter_table("picture") as picture:
        for quarter in range(4):
            picture.drop_column(f"quarter{quarter}")
        picture.add_column(sa.Column("signature", sa.Integer(), nullable=True))
        picture.add_column(sa.Column("look", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_picture_signature", "picture", ["signature"])
    sketches = op.create_table(
        "sketch",
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("deliverable", sa.String(), nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "value", "deliverable", "village"),
    )
    op.create_index("ix_sketch_text", "sketch", ["campaign", "village", "deliverable"])
    _sketch_texts(sketches)
    op.create_table(
        "testimony",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.digest"]),
        sa.PrimaryKeyConstraint("address", "village", "message"),
    )
    op.create_table(
        "confirmation",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", "village"),
    )


def _sketch_texts(sketches: sa.Table) -> None:
    entry = sa.table("entry", *map(sa.column, ("campaign", "village", "deliverable", "version")))
    version = sa.table("version", sa.column("id"), sa.column("remembered", sa.JSON()))
    in_force = sa.select(entry.c.campaign, entry.c.village, entry.c.deliverable, version.c.remembered).join(
        version, entry.c.version == version.c.id
    )
    for campaign, village, deliverable, remembered in op.get_bind().execute(in_force).all():
        rows = [
            {"campaign": campaign, "value": value, "deliverable": deliverable, "village": village}
            for value in sketch(remembered.get("text", ""))
        ]
        if rows:
            op.bulk_insert(sketches, rows)


def downgrade() -> None:
    """As it was; what was learned since is lost."""
    for table in ("confirmation", "testimony", "sketch"):
        op.drop_table(table)
    op.drop_index("ix_picture_signature", table_name="picture")
    with op.batch_alter_table("picture") as picture:
        picture.drop_column("signature")
        picture.drop_column("look")
        for quarter in range(4):
            picture.add_column(sa.Column(f"quarter{quarter}", sa.Integer(), nullable=False, server_default="0"))
    for quarter in range(4):
        op.create_index(f"ix_picture_quarter{quarter}", "picture", [f"quarter{quarter}"])
