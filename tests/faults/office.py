"""An office under trial: its command line, what the ledger has, and what reached the villages."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from tests.flow.township import VILLAGES, lay_out_office, plan, write_mail


@dataclass(frozen=True)
class Trial:
    """The office, and what was sent to it."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def configure(self, *, mailbox: str = "eml:mailbox", outgoing: str = "maildir:outgoing", more: str = "") -> None:
        """Write config.toml anew."""
        lay_out_office(self.folder, mailbox=mailbox, outgoing=outgoing, more=more)

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def run(self, *arguments: str) -> tuple[int, list[str], str]:
        """Exit status, lines of output, complaint; never a traceback."""
        self.capture.readouterr()
        status = main(["--config", str(self.config), *arguments])
        said = self.capture.readouterr()
        assert "Traceback" not in said.out + said.err
        return status, said.out.splitlines(), said.err

    def poll(self, *arguments: str) -> tuple[int, str, list[str]]:
        """Exit status of a round, what it did, what it complains of."""
        status, (did, *troubles), complaint = self.run(*arguments, "poll")
        assert complaint == ""
        return status, did, troubles

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads("\n".join(self.run("messages", "--json")[1]))["messages"]
        return found

    def judged(self) -> list[str]:
        """The Message-IDs of what was judged, in order."""
        return sorted(each["message_id"] for each in self.messages() if each["disposition"])

    def answered(self) -> Counter[str]:
        """How often each mail was answered, by its Message-ID, in the Maildir."""
        letters = [message_from_bytes(file.read_bytes()) for file in (self.folder / "outgoing").glob("new/*")]
        return Counter(str(letter["In-Reply-To"]) for letter in letters)


def mail_of(number: int) -> bytes:
    """A plan of one village or another."""
    village, name = list(VILLAGES.items())[number % 3]
    return write_mail(
        f"{name}@village.test", f"{village}方案", ("方案.docx", plan(village)), message_id=f"<{number}@village.test>"
    )


def ids(*numbers: int) -> list[str]:
    """Their Message-IDs, in order."""
    return sorted(f"<{number}@village.test>" for number in numbers)
