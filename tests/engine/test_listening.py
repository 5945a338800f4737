"""News of new mail wakes the service, on a real Dovecot."""

from __future__ import annotations

import os
import signal
import time
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from tests.engine.test_service import BEIJING, running, sent
from tests.flow.township import lay_out_office, plan, write_mail
from tests.servers.dovecot import PASSWORD, Dovecot

ARRIVED = datetime(2023, 5, 4, 9, tzinfo=BEIJING)
_numbers = count(1)
_HOURLY = "\n[schedule]\npoll_minutes = 60\n"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, dovecot: Dovecot) -> str:
    """An account that no other test uses, its password where the service looks for it."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    return f"listening{next(_numbers)}-{os.getpid()}@town.test"


def mail(number: int) -> bytes:
    return write_mail("shiqiao@village.test", f"石桥村活动方案{number}", (f"方案{number}.docx", plan("石桥村")))


def test_mail_is_answered_when_it_comes(tmp_path: Path, dovecot: Dovecot, account: str) -> None:
    """The clock would poll in an hour; the answer is there long before, and SIGTERM ends the waiting at once."""
    config = lay_out_office(tmp_path, mailbox=f"{dovecot.url(account)}/INBOX", more=_HOURLY)
    with running(config) as service:
        service.says("寄出0封")
        service.says("寄出0封")  # what may have come before it listened
        dovecot.append(account, mail(1), received_at=ARRIVED)
        service.says("寄出1封")
        assert len(sent(config)) == 1
        assert service.stop(signal.SIGTERM) == 0


def test_it_listens_again_after_a_cut(tmp_path: Path, account: str) -> None:
    """The server goes away and comes back: what came meanwhile is fetched, and what comes then is told again."""
    from tests.servers.dovecot import running_dovecot  # noqa: PLC0415 (one of its own, to be stopped)

    with running_dovecot() as own:
        os.environ["SSL_CERT_FILE"] = str(own.authority)  # put back by the fixture's monkeypatch
        config = lay_out_office(tmp_path, mailbox=f"{own.url(account)}/INBOX", more=_HOURLY)
        with running(config) as service:
            service.says("寄出0封")
            service.says("寄出0封")
            own.stop()
            own.start()
            own.append(account, mail(1), received_at=ARRIVED)
            service.says("寄出1封")
            time.sleep(3)  # the pause between two rounds for news
            own.append(account, mail(2), received_at=ARRIVED)
            service.says("寄出1封")
            assert service.stop(signal.SIGTERM) == 0


def test_without_notice_the_clock_goes_on(tmp_path: Path) -> None:
    """A mailbox that gives none is polled, and the operator is told so once."""
    config = lay_out_office(tmp_path, more=_HOURLY)
    with running(config) as service:
        service.says("不支持新邮件即时通知")
        assert service.stop(signal.SIGTERM) == 0
