"""One life of an office: from an empty ledger, through deaths, to all mail answered; and what is left at its end."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from tests.crash.mails import BEIJING, Sent, register
from tests.flow.township import lay_out_office
from tests.servers.dovecot import Dovecot
from tests.servers.smtpd import ScriptedSmtpd

ROOT = Path(__file__).parent.parent.parent
_MORNING = datetime(2023, 5, 6, 8, tzinfo=BEIJING)
_BETWEEN = timedelta(minutes=11)  # runs: longer than a copy in the folder of sent mail is waited for
_MOST_RUNS = 40  # undisturbed, until all is done

# What must be equal, however often the program died: everything but row numbers and our own clock.
_TABLES = {
    "message": "digest, received_at, state, message_id, sender_address, subject, fingerprint, disposition, reason,"
    " no_reply, village, trouble",
    "attachment": "message, ordinal, path, digest, size, village, deliverable",
    "finding": "message, code, severity, audience, village, deliverable, attachment, place, text",
    "entry": "village, deliverable, due_at, state, late, received_at",
    "version": "village, deliverable, message, received_at, state, late, stands, attachments, findings, remembered",
    "decision": "village, deliverable, effective_at, state, late, received_at",
    "picture": "village, deliverable, digest",
    "sighting": "folder, uid, digest, size, arrived_at",
    "letter": "key, kind, message, recipient, subject, message_id",
}

Ledger = dict[str, list[tuple[Any, ...]]]


class Launcher:
    """The process that starts the program (:mod:`tests.crash.launcher`)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.launcher"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def run(self, **run: Any) -> int:
        """How the program ended: its exit status, or minus the signal."""
        stdin, stdout = self._pipes()
        stdin.write(json.dumps(run) + "\n")
        stdin.flush()
        return int(stdout.readline())

    def close(self) -> None:
        """End it."""
        for pipe in self._pipes():
            pipe.close()
        self._process.wait(10)

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


@dataclass
class Life:
    """An office with an account of its own."""

    folder: Path
    launcher: Launcher
    sink: ScriptedSmtpd
    account: str
    runs: int = 0
    kills: int = 0
    window: int = 0  # kills that left a letter on its way
    without: str = ""  # a step of the program that is left out

    @property
    def output(self) -> str:
        """All that the program said."""
        file = self.folder / "output.txt"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def start(self, **plan: Any) -> int:
        """Run the program once, to its end or to its death."""
        now = _MORNING + self.runs * _BETWEEN
        self.runs += 1
        arguments = ["--config", str(self.folder / "config.toml"), "--now", now.isoformat(), "poll"]
        status = self.launcher.run(
            arguments=arguments, output=str(self.folder / "output.txt"), without=self.without, **plan
        )
        self.sink.await_silence()
        if status < 0:
            self.kills += 1
            self.window += self._count("letter", "state = 'sending'")
        return status

    def finish(self) -> None:
        """Run undisturbed until nothing is left to do."""
        for _ in range(_MOST_RUNS):
            status = self.start()
            waiting = self._count("message", "state = 'received'") + self._count("letter", "state = 'queued'")
            if status == 0 and not waiting:
                return
        raise AssertionError(f"not done after {_MOST_RUNS} runs:\n{self.output[-3000:]}")

    def nearly_poison(self) -> bool:
        """Whether one more death at the same mail would quarantine it, as it should one that kills the program."""
        return self._count("message", "state = 'received' AND attempts >= 2") > 0

    def held(self) -> list[str]:
        """Message-IDs of letters that wait for a person because of the window."""
        return [row[0] for row in self._rows("SELECT message_id FROM letter WHERE in_doubt AND state = 'held'")]

    def sent(self) -> list[str]:
        """Message-IDs of letters that the ledger takes for sent."""
        return [row[0] for row in self._rows("SELECT message_id FROM letter WHERE state = 'sent'")]

    def arrived(self) -> Counter[str]:
        """How often each letter reached its recipient, by Message-ID."""
        heads = (taken.octets.partition(b"\r\n\r\n")[0].decode("ascii") for taken in self.sink.taken)
        ids = (next(line for line in head.splitlines() if line.startswith("Message-ID:")) for head in heads)
        return Counter(line.partition(":")[2].strip() for line in ids)

    def ledger(self) -> Ledger:
        """The whole ledger as it must be."""
        return {
            table: sorted(self._rows(f"SELECT {columns} FROM {table}"), key=repr) for table, columns in _TABLES.items()
        }

    def _count(self, table: str, condition: str) -> int:
        rows = self._rows(f"SELECT count(*) FROM {table} WHERE {condition}")
        return int(rows[0][0]) if rows else 0

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        file = self.folder / "baosong.db"
        if not file.exists():
            return []
        with closing(sqlite3.connect(file, timeout=30)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'letter'").fetchone():
                return []
            return connection.execute(query).fetchall()


@contextmanager
def begin_life(
    folder: Path, launcher: Launcher, sink: ScriptedSmtpd, dovecot: Dovecot, mails: Sequence[Sent], *, copies: bool
) -> Iterator[Life]:
    """An office whose account has these mails. ``copies``: its server keeps one of every letter in Sent."""
    account = f"{folder.name}@town.test"
    config = lay_out_office(folder, mailbox=dovecot.url(account), outgoing=sink.url, office=account, more=_MORE)
    (folder / "villages.csv").write_text(register(), encoding="utf-8")
    assert config.exists()
    with dovecot.session(account) as client:
        if copies:
            client.create("Sent")
        for mail in mails:
            date = '"' + f"{mail.received_at:%d-%b-%Y %H:%M:%S %z}" + '"'
            status, said = client.append(mail.folder, "", date, mail.octets)
            assert status == "OK", said
    sink.taken.clear()
    sink.keep = (lambda octets: dovecot.append(account, octets, folder="Sent")) if copies else None
    yield Life(folder, launcher, sink, account)


_MORE = "most_per_hour = 10000\n"  # of [outgoing], which stands last
