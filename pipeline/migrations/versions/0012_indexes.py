"""Indexes by which a mail costs the same, however many were judged before.

SQLite, which keeps no statistics unless told to, chose the wrong one of two for a copy (all that is judged), a sketch
(all texts of the campaign) and a village's versions (all of the campaign), and read every letter to an address to count
those of a day.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them anew."""
    op.drop_index("ix_message_fingerprint", table_name="message")
    op.create_index("ix_message_copy", "message", ["fingerprint", "message_id"])
    op.drop_index("ix_letter_recipient", table_name="letter")
    op.create_index("ix_letter_recipient", "letter", ["recipient", "created_at"])
    op.drop_index("ix_sketch_text", table_name="sketch")
    op.create_index("ix_sketch_text", "sketch", ["village", "deliverable", "campaign"])
    for table in ("version", "decision"):
        op.drop_index(f"ix_{table}_campaign", table_name=table)
        op.drop_index(f"ix_{table}_village", table_name=table)
        op.create_index(f"ix_{table}_entry", table, ["campaign", "village", "deliverable"])


def downgrade() -> None:
    """As they were."""
    for table in ("version", "decision"):
        op.drop_index(f"ix_{table}_entry", table_name=table)
        op.create_index(f"ix_{table}_village", table, ["village"])
        op.create_index(f"ix_{table}_campaign", table, ["campaign"])
    op.drop_index("ix_sketch_text", table_name="sketch")
    op.create_index("ix_sketch_text", "sketch", ["campaign", "village", "deliverable"])
    op.drop_index("ix_letter_recipient", table_name="letter")
    op.create_index("ix_letter_recipient", "letter", ["recipient"])
    op.drop_index("ix_message_copy", table_name="message")
    op.create_index("ix_message_fingerprint", "message", ["fingerprint"])
