"""Letters handed over to the way out that the settings name, no more within an hour than they allow.

An answer need not wait until all mail of its round is judged: it goes out between two portions of judging, where the
account asks for no pause between letters. Reminders, and what is in doubt, have their turn at the round's end.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from pipeline.cache.journal import noting_sent
from pipeline.config.passwords import mailbox_password, outgoing_password
from pipeline.errors import AccessError, TransientError
from pipeline.ledger import letters
from pipeline.ledger.letters import LetterQueue
from pipeline.mailbox.opening import open_mailbox
from pipeline.office import Office
from pipeline.outbox.sending import SendReport

if TYPE_CHECKING:
    from pipeline.outbox import Transport

# What a round needs that finds something is loaded when it is found: most rounds find nothing.
# ruff: noqa: PLC0415

_log = logging.getLogger(__name__)


def send(office: Office, *, looking: bool = True, at_any_hour: bool = False) -> SendReport:
    """Hand over all that is due, as :meth:`Post.send_all`."""
    with Post(office) as post:
        return post.send_all(looking=looking, at_any_hour=at_any_hour)


class Post:
    """An office's way out, open for a round: one connection for all its letters.

    Its user is :func:`~pipeline.office.alone`: it settles others' crashes.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._open = ExitStack()
        self._way: tuple[Transport, Callable[[str, datetime], None]] | None = None  # and what notes a letter sent
        self._early = office.config.outgoing.seconds_between_mails == 0
        self._room: int | None = None  # letters, of those that go out early
        self._settled = False  # what earlier rounds left open, as far as the way out knows of it
        self._done = SendReport()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def send_written(self) -> None:
        """Hand over the answers that are due by now. What stops it stops the round's; :meth:`send_all` tells."""
        if not self._early:
            return
        try:
            self._room = self._measure_room() if self._room is None else self._room
            report = self._send(self._room, quiet=True, looking=False)
        except (AccessError, TransientError) as error:
            report = SendReport(note=str(error), access_refused=isinstance(error, AccessError))
        self._room = max((self._room or 0) - report.sent - report.held, 0)
        self._early = self._room > 0 and not report.held and not report.note
        self._done = _add(self._done, report)

    def send_all(self, *, looking: bool = True, at_any_hour: bool = False) -> SendReport:
        """Hand over what is due, as far as the hour has room; the rest stays due. What the round did in all.

        ``looking``: letters in doubt are looked for in the mailbox's folder of sent mail. Reminders wait while villages
        are not to be disturbed, unless ``at_any_hour``.
        """
        with self._open:  # all that went out is noted when it ends
            # A server that has refused the account a moment ago might lock it.
            report = self._done if self._done.note else self._send_rest(looking=looking, at_any_hour=at_any_hour)
        if self._office.config.outgoing.keep_sent:
            from pipeline.copies import file_copies

            trouble = file_copies(self._office)
            report = replace(report, note="；".join(part for part in (report.note, trouble) if part))
        return report

    def _send_rest(self, *, looking: bool, at_any_hour: bool) -> SendReport:
        from pipeline.letter.reminder import explain_quiet
        from pipeline.reminding import renew_reminders

        office, config = self._office, self._office.config.outgoing
        reminders = not at_any_hour and letters.reminder_keys(office.ledger, queued=True)
        quiet = bool(reminders and explain_quiet(office.campaign, office.now()))  # the calendar takes long to load
        renew_reminders(office)
        room = self._measure_room()
        # Where we file copies ourselves, that one is missing proves nothing.
        report = self._send(room, quiet=quiet, looking=looking and not config.keep_sent)
        return _add(self._done, self._explain_full_hour(report, room, quiet=quiet))

    def _measure_room(self) -> int:
        """How many letters may go out now."""
        most, now = self._office.config.outgoing.most_per_hour, self._office.now()
        if most is None:
            return sys.maxsize
        return max(most - len(letters.handed_over(self._office.ledger, now - timedelta(hours=1), now)), 0)

    def _send(self, most: int, *, quiet: bool, looking: bool) -> SendReport:
        from pipeline.outbox.doubt import nowhere
        from pipeline.outbox.sending import send_due

        transport, tell = self._find_way()
        report = send_due(
            LetterQueue(self._office.ledger, tell, without_reminders=quiet),
            transport,
            now=self._office.now,
            most=most,
            sent_folder=self._look_into_sent if looking else nowhere,
            settled=self._settled and not looking,
        )
        self._settled = True
        return report

    def _find_way(self) -> tuple[Transport, Callable[[str, datetime], None]]:
        from pipeline.outbox.opening import open_transport

        if self._way is None:
            config = self._office.config.outgoing
            transport = open_transport(
                config.url.text,
                password=outgoing_password(config),
                timeout=config.timeout,
                pace=timedelta(seconds=config.seconds_between_mails),
                mails_per_connection=config.mails_per_connection,
            )
            tell = self._open.enter_context(noting_sent(self._office.cache))
            self._way = self._open.enter_context(transport), tell
        return self._way

    def _explain_full_hour(self, report: SendReport, room: int, *, quiet: bool) -> SendReport:
        """With a note where letters stay due because the hour has no more room."""
        waiting = letters.count_due(self._office.ledger, self._office.now(), without_reminders=quiet)
        if report.note or not waiting or report.sent + report.postponed + report.held < room:
            return report
        most = self._office.config.outgoing.most_per_hour
        note = (
            f"一小时内发信已达{most}封的上限（config.toml 的 outgoing.most_per_hour），"
            f"其余{waiting}封稍后自动发出；如非预期，请查看是不是有邮箱在与本邮箱互相自动回复"
        )
        return replace(report, note=note)

    def _look_into_sent(self) -> frozenset[str] | None:
        """The account's own copies of what it sent; None where there are none, or they cannot be read now."""
        config = self._office.config.mailbox
        try:
            with open_mailbox(config, mailbox_password(config)) as mailbox:
                return mailbox.sent_ids()
        except (AccessError, TransientError) as error:
            _log.info("the folder of sent mail cannot be read: %s", error)
            return None


def _add(before: SendReport, after: SendReport) -> SendReport:
    """Both together, as the later one ended."""
    return replace(
        after,
        sent=before.sent + after.sent,
        postponed=before.postponed + after.postponed,
        held=before.held + after.held,
    )
