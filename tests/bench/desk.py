"""What the coordinator waits for: status, report and merge of a township, a county and a province in one ledger."""

from __future__ import annotations

import importlib
import json
import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice, product
from pathlib import Path
from typing import Any

from pipeline.cli.program import main
from tests.bench.timing import Run

ARRIVED = datetime.fromisoformat("2023-05-08T01:00:00+00:00")  # a day before the moment of the benchmark
_FINDING: dict[str, Any] = {
    "code": "late", "severity": "warning", "audience": "village", "village": None, "deliverable": None,
    "attachment": None, "message": "迟于截止日期，请下次按时报送。", "where": "", "cells": [],
}  # fmt: skip
_MOMENT = "%Y-%m-%d %H:%M:%S.%f"
_SENT = 3  # of the deliverables, by two villages in three
_HEAVY = (
    "holidays",
    "psycopg",
    "pipeline.merge.telling",
    "pipeline.report.workbook",
    "pipeline.run",
    "pipeline.stocktaking",
)
_SIGNS = "石青柳白黄清金龙凤高陈李王张刘杨赵周吴徐孙马朱胡林郭何罗宋郑谢韩唐冯于董程曹袁许傅沈曾彭吕苏"


def run_loaded(arguments: Sequence[str], folder: Path) -> Run:
    """A command in a process that has all modules loaded: to load them takes longer than a township's work."""
    for name in _HEAVY:
        importlib.import_module(name)
    begun = time.perf_counter()
    child = os.fork()
    if not child:
        said = os.open(folder / "said.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        status = 70
        try:
            status = main(arguments)
        finally:
            os._exit(status)
    _, status, usage = os.wait4(child, 0)
    wall, processor = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime
    code = os.waitstatus_to_exitcode(status)
    return Run(wall, processor, usage.ru_maxrss * 1024, code, (folder / "said.txt").read_text("utf-8", "replace"))


def villages(count: int) -> list[tuple[str, str]]:
    """So many villages with their addresses, in more than one town could hold."""
    names = ("".join(signs) + "村" for signs in product(_SIGNS, _SIGNS, _SIGNS))
    return [(name, f"v{number}@village.test") for number, name in enumerate(islice(names, count))]


def fill_ledger(database: Path, villages: Sequence[str]) -> None:
    """Two villages in three have sent three deliverables in one mail each; one in nine has something to mend."""
    at = ARRIVED.strftime(_MOMENT)
    with closing(sqlite3.connect(database)) as connection, connection:
        campaign, *_ = connection.execute("SELECT campaign FROM entry LIMIT 1").fetchone()
        ids = [row[0] for row in connection.execute("SELECT DISTINCT deliverable FROM entry ORDER BY due_at")][:_SENT]
        senders = [(f"{number:064x}", name) for number, name in enumerate(villages) if number % 3]
        connection.executemany(
            "INSERT INTO message (digest, size, received_at, stored_at, state, attempts, trouble, sender_name,"
            " sender_address, subject, fingerprint, disposition, village, links, edition) VALUES"
            " (?, 5000, ?, ?, 'judged', 1, '', '', 'a@village.test', '材料', '', 'submission', ?, '[]', '')",
            ((digest, at, at, name) for digest, name in senders),
        )
        rows = [
            (number, digest, name, id_, "returned" if int(digest, 16) % 9 == 1 else "accepted")
            for number, (digest, name, id_) in enumerate(((*sender, id_) for sender in senders for id_ in ids), 1)
        ]
        connection.executemany(
            "INSERT INTO attachment (message, ordinal, path, digest, size, village, deliverable, evidence) VALUES"
            " (?, 0, ?, ? || ?, 5000, ?, ?, '[]')",
            (
                (digest, json.dumps([f"{id_}.docx"]), digest[10:], f"{number:010x}", name, id_)
                for number, digest, name, id_, _ in rows
            ),
        )
        connection.executemany(
            "INSERT INTO version (id, campaign, village, deliverable, message, received_at, state, late, stands,"
            " attachments, findings, remembered) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 1, ?, ?, '{}')",
            (
                (
                    number,
                    campaign,
                    name,
                    id_,
                    digest,
                    at,
                    state,
                    json.dumps([digest[10:] + f"{number:010x}"]),
                    _findings(state),
                )
                for number, digest, name, id_, state in rows
            ),
        )
        connection.executemany(
            "INSERT INTO decision (campaign, village, deliverable, effective_at, recorded_at, state, late, received_at,"
            " version, who, why) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, 'baosong', '')",
            ((campaign, name, id_, at, at, state, at, number) for number, _, name, id_, state in rows),
        )
        connection.executemany(
            "UPDATE entry SET state = ?, received_at = ?, version = ?"
            " WHERE campaign = ? AND village = ? AND deliverable = ?",
            ((state, at, number, campaign, name, id_) for number, _, name, id_, state in rows),
        )


def _findings(state: str) -> str:
    return json.dumps([_FINDING | {"severity": "error"}] if state == "returned" else [])
