"""All files of the corpus: public projects' own test files, many of them damaged or hostile on purpose."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections import Counter
from pathlib import Path

import pytest

from pipeline.model.files import Problem
from tests.corpus import MEMORY, Outcome, processes_of, read_corpus

CORPUS = Path(os.environ.get("BAOSONG_CORPUS") or Path(__file__).resolve().parents[2] / "shared" / "corpus")
ENDS = ["read", "no document", "text alone", *(problem.value for problem in Problem)]
MARK = uuid.uuid4().hex


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """What became of each file; read once for all tests."""
    if not CORPUS.is_dir():
        reason = f"the corpus is not here: {CORPUS} (BAOSONG_CORPUS names another place)"
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return read_corpus(CORPUS, MARK)


def test_every_file_ends_in_facts_or_findings(outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]) -> None:
    """Within ten seconds and a gigabyte each, without a traceback, and with every attachment that others find.

    The table tells how the attachments of each kind of file ended, and by which rules we differ from the others.
    """
    with capsys.disabled():
        print(f"\n{table(outcomes)}")
    faults = [f"{outcome.name}: {fault}" for outcome in outcomes for fault in outcome.faults]
    assert not faults, "\n".join(faults)
    assert len(outcomes) > 1000


def test_no_process_is_left_behind(outcomes: list[Outcome]) -> None:
    """Neither a worker nor anything that a worker started, once it has had a moment to see that its parent is gone."""
    if sys.platform != "linux":
        pytest.skip("only Linux tells the environment of processes")
    assert outcomes
    until = time.monotonic() + 30  # a loaded machine takes its time to end them
    while (left := processes_of(MARK)) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == []


def table(outcomes: list[Outcome]) -> str:
    """Files and the ends of their attachments by kind, the slowest file, and the rules that were needed."""
    lines = [f"{'':9}{'files':>6}" + "".join(f"{end:>12}" for end in ENDS) + f"{'slowest':>10}"]
    for kind in [*sorted({outcome.kind for outcome in outcomes}), "all"]:
        those = [outcome for outcome in outcomes if kind in {outcome.kind, "all"}]
        ends = sum((outcome.ends for outcome in those), Counter[str]())
        slowest = max(outcome.seconds for outcome in those)
        lines.append(f"{kind:9}{len(those):6}" + "".join(f"{ends[end]:12}" for end in ENDS) + f"{slowest:8.1f} s")
    excused = sum((outcome.excused for outcome in outcomes), Counter[str]())
    compared = sum(outcome.compared for outcome in outcomes)
    lines += [
        f"memory at most {MEMORY // 1_000_000} MB a process",
        f"attachments that walk, imap_tools and mail-parser found: {compared}; of these not the same octets here:",
        *(f"{count:6}  {rule}" for rule, count in excused.most_common()),
    ]
    return "\n".join(lines)
