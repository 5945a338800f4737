"""Alembic's environment: the connection is handed in by :mod:`pipeline.ledger.opening`."""

from alembic import context
from sqlmodel import SQLModel

import pipeline.ledger.tables  # noqa: F401 (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
