"""After a rule has changed: all cached mail judged anew, in order, on a scratch ledger, and what comes out otherwise.

Nothing is changed and nobody is written to unless told. What people decided stands.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.fetching import Progress
from pipeline.judging import judge_each
from pipeline.ledger import letters, memory, scratch, succession, verdicts, views
from pipeline.ledger.again import standing_rules
from pipeline.ledger.intake import Waiting
from pipeline.ledger.opening import Ledger
from pipeline.ledger.scratch import OldMail, Ruling
from pipeline.model.verdict import Verdict
from pipeline.office import Office
from pipeline.opened import Opened
from pipeline.recheck.comparing import Change, MailChange, Side, find_changes, find_mail_changes
from pipeline.recheck.notice import write_notices
from pipeline.rejudging import reach_ruled_verdict

__all__ = ["Change", "MailChange", "Rechecked", "recheck"]

_STAGE = "重新核对"


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What came of it. With ``troubles`` nothing was taken over: the comparison is not whole."""

    mails: int
    judged: int  # of them; 0 where all were judged by today's rules already
    changes: tuple[Change, ...] = ()
    mail_changes: tuple[MailChange, ...] = ()
    troubles: tuple[str, ...] = ()
    applied: bool = False
    letters: int = 0  # put into the outbox

    @property
    def changed(self) -> bool:
        """Whether today's rules say anything else than the ledger did."""
        return bool(self.changes or self.mail_changes)


def recheck(
    office: Office, progress: Progress, *, apply: bool = False, mail: bool = False, everything: bool = False
) -> Rechecked:
    """Judge all mail of the campaign anew.

    ``apply`` takes over what came out otherwise, its caller holds :func:`~pipeline.office.alone`; ``mail`` tells the
    villages too, by letters in the outbox. Where every mail was judged by today's rules already there is nothing to do,
    unless ``everything`` is wanted.
    """
    took_place = scratch.timeline(office.ledger, office.campaign)
    mails = [each for each in took_place if isinstance(each, OldMail)]
    if not everything and all(each.edition == office.edition for each in mails):
        return Rechecked(len(mails), 0)
    with (
        tempfile.TemporaryDirectory(prefix="baosong-", ignore_cleanup_errors=True) as folder,
        scratch.open_scratch(office.ledger, office.campaign, Path(folder)) as ledger,
        office.at_work(),
    ):
        judging = _Judging(replace(office, ledger=ledger), {} if mail else None)
        troubles = _repeat_all(office, judging, took_place, progress)
        before, after = _side(office, office.ledger), _side(office, ledger)
        result = Rechecked(
            mails=len(mails),
            judged=len(mails),
            changes=find_changes(before, after, office.campaign),
            mail_changes=find_mail_changes(before, after),
            troubles=tuple(troubles),
        )
        if apply and not troubles:
            now = office.now()
            succession.take_over(
                office.ledger,
                ledger,
                office.campaign,
                entries={(each.village, each.deliverable.id) for each in result.changes},
                messages={each.after.digest for each in result.mail_changes},
                edition=office.edition,
                now=now,
            )
            result = replace(result, applied=True)
            if judging.verdicts is not None:
                result = replace(result, letters=_tell(office, result, judging.verdicts, before, after, now))
        return result


@dataclass(frozen=True, slots=True)
class _Judging:
    office: Office  # with the scratch ledger
    verdicts: dict[str, Verdict] | None  # by digest, where letters are wanted

    def judge(self, office: Office, opened: Opened) -> None:
        """As for a new mail, with what people said of its files later; only that nobody is answered."""
        message, digest = opened.message, opened.message.blob.digest
        rules = standing_rules(office.ledger, office.campaign, digest)
        duplicate = memory.is_copy(office.ledger, message)
        verdict, _ = reach_ruled_verdict(office, message, rules, duplicate=duplicate, contents=opened.contents)
        verdicts.record(office.ledger, verdict, None, None, office.campaign, office.now(), edition=office.edition)
        if self.verdicts is not None:
            self.verdicts[digest] = verdict


def _repeat_all(
    office: Office, judging: _Judging, took_place: Sequence[OldMail | Ruling], progress: Progress
) -> list[str]:
    """All that took place once more, in the scratch ledger; what could not be judged now and could be before."""
    troubles: list[str] = []
    given_up = {each.digest for each in views.messages(office.ledger) if each.disposition is None}
    total = sum(isinstance(each, OldMail) for each in took_place)
    done = 0
    for each in took_place:
        if isinstance(each, Ruling):
            scratch.repeat(office.ledger, judging.office.ledger, each)
            continue
        waiting = [Waiting(each.blob, each.received_at, 0)]
        _, failures = judge_each(judging.office, waiting, judging.judge)
        if each.blob.digest not in given_up:
            troubles += failures
        done += 1
        progress(_STAGE, done, total)
    return troubles


def _side(office: Office, ledger: Ledger) -> Side:
    now = office.now()
    return Side(
        standings={(each.village, each.deliverable): each for each in views.standings(ledger, office.campaign, now)},
        remembered={key: kept for key, (_, kept) in views.remembered(ledger, office.campaign, now).items()},
        messages={each.digest: each for each in views.messages(ledger, until=now)},
        in_force=succession.in_force(ledger, office.campaign),
        ruled=succession.ruled(ledger, office.campaign),
    )


def _tell(
    office: Office, result: Rechecked, judged: dict[str, Verdict], before: Side, after: Side, now: datetime
) -> int:
    """Letters to the villages for which something changed; how many are new in the outbox."""
    notices = write_notices(office, result.changes, judged, before, after, now)
    return sum(letters.enqueue(office.ledger, each, now) for each in notices)
