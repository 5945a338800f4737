"""The command line. Every command opens the office, calls one function of the pipeline, and shows what came of it.

Exit status: 0 done; 1 it ran and something needs a person; 2 wrong use or configuration.
"""

# ruff: noqa: I001  each module puts its commands into the group, and --help shows them in this order
from pipeline.cli import setup, work, look, decide, desk, upkeep, keep, queue
from pipeline.cli.program import main, main_group

__all__ = ["decide", "desk", "keep", "look", "main", "main_group", "queue", "setup", "upkeep", "work"]
