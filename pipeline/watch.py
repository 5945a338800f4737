"""The watch: the coordinator is told when no round has reached the mailbox for too long, and once more when one has."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.channels import notify
from pipeline.ledger import letters, rounds
from pipeline.letter.alarm import alarm_key, write_alarm, write_recovery
from pipeline.model.letter import LetterState
from pipeline.model.work import Silence
from pipeline.office import Office, render_letter

# Ours is behind by so much: somebody has set it back.
CLOCK_MARGIN = timedelta(minutes=10)


def watch(office: Office, *, reached: bool) -> None:
    """Write what is to be told after a fetch, ``reached`` or not; the outbox sends it. Each reader once a silence."""
    silence = rounds.silence(office.ledger)
    if reached:
        for past in (silence, rounds.idleness(office.ledger, before_newest=True)):
            if past is not None:
                _tell_recovery(office, past)
    elif silence is not None and office.now() - silence.since >= patience(office):
        _tell_silence(office, silence)


def watch_from_outside(office: Office) -> Silence | None:
    """The same asked by another program than the one that polls, which may have ended; the silence, if any."""
    silence = rounds.silence(office.ledger) or rounds.idleness(office.ledger)
    if silence is None or office.now() - silence.since < patience(office):
        return None
    if _tell_silence(office, silence):
        since = silence.since.astimezone(office.campaign.timezone)
        notify(office.config, "报送系统：收信中断", f"从{since:%m-%d %H:%M}起没能收信。{silence.trouble}")
    return silence


def clock_trouble(office: Office) -> str:
    """A sentence where this machine's clock has been set back behind what it wrote itself; else nothing."""
    return describe_clock(rounds.latest_start(office.ledger), office.now())


def describe_clock(known: datetime | None, now: datetime) -> str:
    """The sentence for a clock that is behind a moment which has surely been; nothing where it is not."""
    if known is None or known - now <= CLOCK_MARGIN:
        return ""
    return f"电脑时间比已有记录（{known.astimezone(now.tzinfo):%Y-%m-%d %H:%M}）早，请校准系统时间"


def patience(office: Office) -> timedelta:
    """How long nobody is alarmed when no round reaches the mailbox."""
    schedule = office.config.schedule
    return timedelta(minutes=max(schedule.alarm_minutes, 2 * schedule.poll_minutes))


def _tell_silence(office: Office, silence: Silence) -> bool:
    """Whether anybody was not told before."""
    now, zone = office.now(), office.campaign.timezone
    alarms = [write_alarm(silence, zone, to=reader, domain=office.domain) for reader in office.config.report.to]
    return sum(letters.enqueue(office.ledger, render_letter(office, each, now), now) for each in alarms) > 0


def _tell_recovery(office: Office, silence: Silence) -> None:
    now: datetime = office.now()
    for reader in office.config.report.to:
        key = alarm_key(silence, reader)
        state = letters.state_of(office.ledger, key)
        if state is LetterState.NONE:
            continue
        if state is LetterState.QUEUED:  # with the mailbox the way out was gone: one letter tells it all
            letters.withdraw(office.ledger, [key])
        letter = write_recovery(silence, office.campaign.timezone, now=now, to=reader, domain=office.domain)
        letters.enqueue(office.ledger, render_letter(office, letter, now), now)
