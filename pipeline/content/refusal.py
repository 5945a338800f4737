"""How a reader says that it cannot read a file."""

from __future__ import annotations

from pipeline.model.content import Unreadable
from pipeline.model.files import Problem


class Refusal(Exception):  # noqa: N818 (no fault of ours: the answer to a file that cannot be read)
    """Raised within this package alone; :func:`pipeline.content.read_content` returns the value it carries."""

    def __init__(self, problem: Problem, detail: str = "", *, macros: bool = False) -> None:
        super().__init__(problem, detail)
        self.unreadable = Unreadable(problem, " ".join(detail.split())[:300], macros)


def refuse(problem: Problem, error: BaseException) -> Refusal:
    """The refusal for what a library raised; its text goes to the coordinator's log alone."""
    return Refusal(problem, f"{type(error).__name__}: {error}")
