"""What judging a mail asks of the ledger costs the same, however many were judged before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.fetching import fetch
from pipeline.judging import judge_opened
from pipeline.ledger import intake
from pipeline.model.work import Unit
from pipeline.office import Office, open_office
from pipeline.opening import open_message
from pipeline.posting import Post
from pipeline.run import poll
from tests.flow.township import lay_out_office, photo, plan, progress, write_mail

ARRIVED = datetime(2023, 5, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
# A few rows, or none at all: what is barred, when the ledger was restored.
SMALL = ("quarantine", "restoration", "json_each", "CONSTANT ROW")
# What is as good as all rows of a table, though an index leads to them.
WHOLE = re.compile(r"\((campaign|state|kind)=\?\)$")


def read_whole(office: Office, asked: list[str]) -> dict[str, str]:
    """The statements that by SQLite's own plan go through all of a table, with the step that does."""
    statements = [each for each in asked if each.startswith(("SELECT", "UPDATE", "DELETE"))]
    assert len(statements) > 5
    with office.ledger.engine.connect() as connection:
        plans = {
            statement: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            for statement in statements
        }
    return {
        statement: step
        for statement, steps in plans.items()
        for step in steps
        if (step.startswith("SCAN") and not step.startswith(tuple(f"SCAN {each}" for each in SMALL)))
        or WHOLE.search(step)
    }


@contextmanager
def overhearing(office: Office) -> Iterator[list[str]]:
    """What the ledger is asked meanwhile; by the one connection that one thread after the other takes."""
    asked: list[str] = []
    with office.ledger.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_trace_callback(asked.append)
    yield asked
    driver.set_trace_callback(None)


def test_no_statement_reads_what_all_villages_sent(tmp_path: Path) -> None:
    """Each goes by an index, and one that names the village, the sender or the octets."""
    office = open_office(lay_out_office(tmp_path))
    files = [("计划.docx", plan("石桥村")), ("写实表.docx", progress("石桥村")), ("照片.jpg", photo("石桥村"))]
    mail = write_mail("shiqiao@village.test", "石桥村材料", *files, arrived=ARRIVED, message_id="<1@village.test>")
    (tmp_path / "mailbox" / "1.eml").write_bytes(mail)
    with office.at_work():
        fetch(office)
        (waiting,) = intake.each_waiting(office.ledger)
        opened = open_message(office, waiting.blob, waiting.received_at)
        with overhearing(office) as asked, office.ledger.together():
            verdict = judge_opened(office, opened)
    assert len(verdict.outcomes) == 3
    assert not read_whole(office, asked)


def test_no_statement_reads_all_letters(tmp_path: Path) -> None:
    """What waits, what is in doubt and what went out within the hour are found beside the letters of months."""
    office = open_office(lay_out_office(tmp_path))
    mail = write_mail(
        "shiqiao@village.test", "石桥村计划", ("计划.docx", plan("石桥村")), message_id="<1@village.test>"
    )
    (tmp_path / "mailbox" / "1.eml").write_bytes(mail)
    poll(office, resting=[Unit.SEND])
    with Post(office) as post, overhearing(office) as asked:
        post.send_written()
        assert post.send_all().sent == 1
    asked = [each for each in asked if "letter" in each]
    found = {statement: step for statement, step in read_whole(office, asked).items() if "state=" not in step}
    assert not found
