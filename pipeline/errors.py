"""Errors by who must act. What is wrong with a submission is no error but a :class:`pipeline.model.finding.Finding`."""

from pathlib import Path

# The remedy where a part is missing that many offices need and one does without (the extra ``province``). By the lock
# file, never by name: on a public registry the program's name may be anybody's.
INSTALL_PROVINCE = "请在程序所在文件夹里运行：pip install --require-hashes -r requirements-province.lock"


class BaosongError(Exception):
    """Anything we raise on purpose; its text is one line of Chinese for the operator, with the remedy."""


class ConfigError(BaosongError):
    """The operator must mend a file: the text names file, line, key and remedy."""

    def __init__(self, problem: str, *, file: Path | str | None = None, line: int | None = None, key: str = "") -> None:
        place = "".join([str(file) if file else "", f" 第{line}行" if line else ""])
        super().__init__("：".join(part for part in (place, key, problem) if part))
        self.file, self.line, self.key, self.problem = file, line, key, problem


def write_place(error: BaseException) -> str:
    """Where an error that nobody foresaw was raised, for whoever maintains the program."""
    import traceback  # noqa: PLC0415 (most commands end without)

    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}，{Path(place.filename).name} 第{place.lineno}行"


class AccessError(BaosongError):
    """The operator must act: a wrong password, a refused login, no permission, a full disk."""


class BusyError(AccessError):
    """Another program of this office is at it: wait, or try again later."""


class TransientError(BaosongError):
    """Nobody must act: tried again at the next round (server away, time-out, too many connections)."""
