"""What judging a mail asks of the ledger costs the same, however many were judged before."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.fetching import fetch
from pipeline.judging import judge_opened
from pipeline.ledger import intake
from pipeline.office import open_office
from pipeline.opening import open_message
from tests.flow.township import lay_out_office, photo, plan, progress, write_mail

ARRIVED = datetime(2023, 5, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
# A few rows, or none at all: what is barred, when the ledger was restored.
SMALL = ("quarantine", "restoration", "json_each", "CONSTANT ROW")
# What is as good as all rows of a table, though an index leads to them.
WHOLE = re.compile(r"\((campaign|state|kind)=\?\)$")


def test_no_statement_reads_what_all_villages_sent(tmp_path: Path) -> None:
    """SQLite's own plan of each statement: by an index, and one that names the village, the sender or the octets."""
    office = open_office(lay_out_office(tmp_path))
    files = [("计划.docx", plan("石桥村")), ("写实表.docx", progress("石桥村")), ("照片.jpg", photo("石桥村"))]
    mail = write_mail("shiqiao@village.test", "石桥村材料", *files, arrived=ARRIVED, message_id="<1@village.test>")
    (tmp_path / "mailbox" / "1.eml").write_bytes(mail)
    with office.at_work():
        fetch(office)
        (waiting,) = intake.waiting(office.ledger)
        opened = open_message(office, waiting.blob, waiting.received_at)
        asked: list[str] = []
        with office.ledger.together():
            with office.ledger.writing() as session:
                driver = session.connection().connection.driver_connection
                assert driver is not None
                driver.set_trace_callback(asked.append)
            verdict = judge_opened(office, opened)
            driver.set_trace_callback(None)
    assert len(verdict.outcomes) == 3
    statements = [each for each in asked if each.startswith(("SELECT", "UPDATE", "DELETE"))]
    assert len(statements) > 10
    with office.ledger.engine.connect() as connection:
        plans = {
            statement: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            for statement in statements
        }
    read_whole = {
        statement: step
        for statement, steps in plans.items()
        for step in steps
        if (step.startswith("SCAN") and not step.startswith(tuple(f"SCAN {each}" for each in SMALL)))
        or WHOLE.search(step)
    }
    assert not read_whole
