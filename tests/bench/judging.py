"""How long judging takes for each message of the demo's month, and where the time goes: stages, and the slowest checks.

Judged twice: once plainly, for the times of the messages, once under the profiler, for the shares.
"""

from __future__ import annotations

import cProfile
import pstats
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Final

from rich.console import Console
from rich.table import Table

from pipeline.cli.rehearsal import rehearse
from pipeline.fetching import fetch
from pipeline.judging import judge_opened
from pipeline.ledger import intake
from pipeline.office import Office, alone, open_office
from pipeline.opening import open_message

_NOW: Final = datetime(2023, 6, 30, tzinfo=UTC)
_STAGES: Final = {
    "parse_message": "读信",
    "read_contents": "读附件（另有读取进程）",
    "find_villages": "认村",
    "file_submission": "认材料",
    "recall": "查台账",
    "judge": "核对",
    "enclose": "标注退回的文件",
    "write_reply": "写答复",
    "record": "记台账",
}


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory(prefix="baosong-bench-") as name:
        month = Path(name) / "month"
        with redirect_stdout(StringIO()):
            rehearse(month, say=lambda _: None)
        plain = _judge_all(month, "plain", lambda judge: judge())
        profile = cProfile.Profile()
        _judge_all(month, "profiled", profile.runcall)
    console = Console()
    console.print(_messages(plain))
    stages, checks = _shares(profile)
    console.print(_table("各步骤所占时间", stages, len(plain)))
    console.print(_table("最慢的三项核对", checks[:3], len(plain)))
    console.print(f"全部{len(checks)}项核对合计每封 {sum(spent for _, spent in checks) / len(plain) * 1000:.1f} 毫秒")


def _judge_all(month: Path, database: str, run: Callable[[Callable[[], object]], object]) -> list[float]:
    """Every mail of the month judged into a new ledger; seconds for each."""
    text = (month / "config.toml").read_text(encoding="utf-8")
    config = month / f"{database}.toml"
    config.write_text(text.replace("baosong.db", f"{database}.db"), encoding="utf-8")
    office = open_office(config, clock=lambda: _NOW)
    seconds: list[float] = []
    with alone(office), office.readers:
        fetch(office)
        waiting = list(intake.each_waiting(office.ledger))
        _warm_up(office)
        for each in waiting:
            start = perf_counter()
            run(lambda each=each: judge_opened(office, open_message(office, each.blob, each.received_at)))  # type: ignore[misc]
            seconds.append(perf_counter() - start)
    office.ledger.engine.dispose()
    return seconds


def _warm_up(office: Office) -> None:
    """What is made once for each program, not for each message."""
    office.register.named_in("")
    office.readers.read_all([])


def _messages(seconds: list[float]) -> Table:
    table = Table(title=f"每封来信的核对用时（共{len(seconds)}封）")
    for heading in ("中位数", "九成以内", "最慢", "合计"):
        table.add_column(heading, justify="right")
    ninth = statistics.quantiles(seconds, n=10)[-1]
    table.add_row(
        *(f"{value * 1000:.0f} 毫秒" for value in (statistics.median(seconds), ninth, max(seconds), sum(seconds)))
    )
    return table


def _shares(profile: cProfile.Profile) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Seconds in each stage, and in each check, the slowest first."""
    stages: defaultdict[str, float] = defaultdict(float)
    checks: defaultdict[str, float] = defaultdict(float)
    for (file, _, function), (_, _, _, cumulated, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        path = Path(file)
        if path.parent.name == "checks" and function == "find":
            checks[path.stem.replace("_", "-")] += cumulated
        elif "pipeline" in path.parts and function in _STAGES:
            stages[_STAGES[function]] += cumulated
    return (_slowest(stages), _slowest(checks))


def _slowest(seconds: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(seconds.items(), key=lambda each: -each[1])


def _table(title: str, rows: list[tuple[str, float]], messages: int) -> Table:
    table = Table(title=title)
    table.add_column("")
    table.add_column("每封", justify="right")
    for name, spent in rows:
        table.add_row(name, f"{spent / messages * 1000:.2f} 毫秒")
    return table


if __name__ == "__main__":
    main()
