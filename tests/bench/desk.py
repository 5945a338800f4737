"""What the coordinator waits for: status, report and merge of a township, a county and a province in one ledger."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice, product
from pathlib import Path
from typing import Any

ARRIVED = datetime.fromisoformat("2023-05-08T01:00:00+00:00")  # a day before the moment of the benchmark
_FINDING: dict[str, Any] = {
    "code": "late", "severity": "warning", "audience": "village", "village": None, "deliverable": None,
    "attachment": None, "message": "迟于截止日期，请下次按时报送。", "where": "", "cells": [],
}  # fmt: skip
_MOMENT = "%Y-%m-%d %H:%M:%S.%f"
_SENT = 3  # of the deliverables, by two villages in three
_SIGNS = "石青柳白黄清金龙凤高陈李王张刘杨赵周吴徐孙马朱胡林郭何罗宋郑谢韩唐冯于董程曹袁许傅沈曾彭吕苏"


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
