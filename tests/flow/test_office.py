"""An office, opened: what it has not to read is not read."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.ledger.views import standings
from pipeline.office import Office, open_office
from pipeline.register_file import load_register
from pipeline.run import poll
from tests.flow.township import VILLAGES, lay_out_office, plan, write_mail

_NEW = "新来村"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An office that was opened before, a while ago."""
    file = lay_out_office(tmp_path)
    for each in file.parent.glob("*.*"):
        os.utime(each, (time.time() - 3600,) * 2)
    open_office(file)
    return file


def in_ledger(office: Office) -> set[str]:
    """The villages that have entries."""
    return {each.village for each in standings(office.ledger, office.campaign, office.now())}


def test_a_round_without_mail_reads_no_register(config: Path) -> None:
    """What a province's register costs is paid by him who judges."""
    office = open_office(config)
    (config.parent / "villages.csv").unlink()  # nobody looks
    assert poll(office).reached
    with pytest.raises(ConfigError):
        _ = office.register


_FOR_NEWS = ("jinja2", "pipeline.activity", "pipeline.archive", "pipeline.judging", "pipeline.matching", "rapidfuzz")


def test_a_round_without_mail_loads_nothing_that_judges(config: Path) -> None:
    """Most rounds find nothing, and to load what judges and answers takes half of their time."""
    assert poll(open_office(config)).reached
    code = (
        f"import sys; from pipeline.cli import main; main(['--config', {str(config)!r}, 'poll']);"
        f"print(*[name for name in {_FOR_NEWS!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stderr.strip() == ""
    assert "新收0封" in done.stdout


def test_a_village_that_was_added_meanwhile_is_entered_when_the_register_is_read(config: Path) -> None:
    """Between the opening of the service and its first mail the file may change: judge and ledger know the same."""
    office = open_office(config)
    with (config.parent / "villages.csv").open("a", encoding="utf-8") as file:
        file.write(f"\n{_NEW},,new@village.test,\n")
    mail = write_mail("new@village.test", f"{_NEW}活动方案", ("方案.docx", plan(_NEW)), message_id="<1@village.test>")
    (config.parent / "mailbox" / "1.eml").write_bytes(mail)
    assert poll(office).judged == 1
    assert in_ledger(office) == {*VILLAGES, _NEW}


def test_a_ledger_of_other_villages_is_brought_up(config: Path) -> None:
    """As after a restoring: the office is known, the ledger is another, with as many villages."""
    office = open_office(config)
    office.ledger.rest()
    (config.parent / "baosong.db").unlink()
    register = config.parent / "villages.csv"
    written = register.read_bytes()
    first = next(iter(VILLAGES))
    register.write_text(written.decode("utf-8-sig").replace(first, _NEW), encoding="utf-8")
    open_office(config).ledger.rest()
    register.write_bytes(written)
    assert in_ledger(open_office(config)) >= set(VILLAGES)
    assert load_register(register).names == tuple(VILLAGES)
