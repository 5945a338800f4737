"""An office at work: its settings, rules, register, ledger, cache and readers, opened together."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from pipeline.cache import Cache
from pipeline.cache.bucket import open_cache
from pipeline.cache.journal import read_notes
from pipeline.campaign import load_campaign
from pipeline.config import Config
from pipeline.config.loading import load_config
from pipeline.edition import find_edition
from pipeline.errors import AccessError, BusyError
from pipeline.ledger import rounds
from pipeline.ledger.entries import are_prepared, prepare_entries
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.letter.mail import render_mail
from pipeline.mailbox.held import Connections
from pipeline.model.campaign import Campaign
from pipeline.model.letter import Letter, RenderedLetter
from pipeline.model.work import Unit
from pipeline.outline import recall_outline, remember_outline
from pipeline.register import Register
from pipeline.register_file import load_register
from pipeline.sandbox.readers import Readers
from pipeline.sandbox.workers import Limits, Workers

if TYPE_CHECKING:
    from pipeline.marking.drawing import Drawing, Drawn
    from pipeline.model.content import Unreadable
    from pipeline.opened import Packed, Unopened

Clock = Callable[[], datetime]

_LIMITS: Final = Limits(jobs=1000)  # for one mail; one that takes more is read file by file
ROUND: Final = (Unit.POLL, Unit.JUDGE, Unit.SEND)  # the units of a round, in their order


def system_clock() -> datetime:
    """The moment, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Office:
    """What every command works on."""

    config: Config
    campaign: Campaign
    registered: Callable[[], Register]  # read when it is first asked for: a round that finds nothing does not ask
    ledger: Ledger
    cache: Cache
    clock: Clock
    openers: Workers[Unopened, Packed]  # of mails
    drawers: Workers[Drawing, Drawn | Unreadable]  # of what goes with letters
    readers: Readers  # of single files
    connections: Connections = field(default_factory=Connections)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The worker processes stay, once started, until the outermost such block ends."""
        with self.openers, self.drawers, self.readers:
            yield

    @property
    def register(self) -> Register:
        """The villages."""
        return self.registered()

    @property
    def domain(self) -> str:
        """The domain of our own Message-IDs: that of the office's address."""
        return self.config.outgoing.sender.address.partition("@")[2] or "baosong.invalid"

    @property
    def edition(self) -> str:
        """Of all that a verdict rests on besides the mail itself."""
        return find_edition(self.campaign, self.register, self.config.outgoing.sender.address)

    def now(self) -> datetime:
        """The moment, in the campaign's own zone."""
        return self.clock().astimezone(self.campaign.timezone)


def open_office(path: Path, clock: Clock = system_clock) -> Office:
    """Everything opened and checked. Raises ConfigError or AccessError."""
    began = time.time_ns()
    config = load_config(path)
    campaign = load_campaign(config.campaign)
    outline = recall_outline(path)
    read = cache(partial(load_register, config.villages, campaign.place_words))
    if outline is None:
        from pipeline.letter.proof import check_letters  # noqa: PLC0415 (all letters' templates, long to load and to try)

        read()
        check_letters(campaign)
    ledger = open_ledger(config.database, config.office, distributed=config.distributed)
    registered = cache(partial(_enter_villages, ledger, campaign, read))
    if outline is None:
        remember_outline(config, campaign, registered(), began=began)
    elif not are_prepared(ledger, outline.id, outline.due, outline.villages):
        registered()
    kept = open_cache(config.cache, config.bucket)
    return Office(config, campaign, registered, ledger, kept, clock, open_workers(), open_drawers(), Readers())


def _enter_villages(ledger: Ledger, campaign: Campaign, read: Callable[[], Register]) -> Register:
    """The register, its villages in the ledger: the file may have changed since the office was opened."""
    register = read()
    prepare_entries(ledger, campaign, register)
    return register


def open_workers(count: int | None = None) -> Workers[Unopened, Packed]:
    """The worker processes that open mails; as many as there are processors, where no number is given."""
    return Workers("pipeline.opened:open_stored", limits=_LIMITS, count=count)


def open_drawers() -> Workers[Drawing, Drawn | Unreadable]:
    """The worker process that draws what goes with letters."""
    return Workers("pipeline.marking.drawing:draw", count=1)


def draw(office: Office, drawing: Drawing) -> Drawn | Unreadable:
    """What goes with a letter, drawn by a worker process; why there is nothing, where it ended without."""
    (drawn,) = office.drawers.do_all([drawing])
    return drawn


def render_letter(office: Office, letter: Letter, at: datetime) -> RenderedLetter:
    """A letter of this office, ready for the outbox."""
    sender = office.config.outgoing.sender
    return RenderedLetter(
        key=letter.key,
        kind=letter.kind,
        sender=sender.address,
        recipient=letter.to.address,
        subject=letter.subject,
        message_id=letter.message_id,
        octets=render_mail(letter, sender=sender, at=at),
        asks=letter.asks,
        enclosed=tuple(sha256(file.octets).hexdigest() for file in letter.files) if letter.kind == "reply" else (),
    )


def refuse_lost(office: Office) -> None:
    """AccessError where an empty ledger lies beside a cache that knows of mail.

    Its database was lost, or a rebuilding was cut off. A round would take up what is still on the server as if it had
    just come: nothing of what people decided, and all of it answered once more.
    """
    if rounds.is_untouched(office.ledger) and (arrivals := read_notes(office.cache)[0]):
        count = len({each.blob.digest for each in arrivals})
        raise AccessError(
            f"台账是空的，缓存里却有{count}封来件：数据库丢了，或上次重建没有做完。请先运行 baosong rebuild；"
            f"确实要从头开始的，请在 config.toml 里给 cache 换一个新的文件夹"
        )


@contextmanager
def alone(office: Office, units: Collection[Unit] = ROUND) -> Iterator[None]:
    """Hold the locks of these units of the office's work: one process at a time does each. BusyError.

    A dead process cannot keep them. In an office's own ledger there is one lock for all, beside the configuration, for
    whatever mailboxes it names, and one that belongs to mailbox and ledger, whichever configuration names them. Workers
    of the distributed engine meet in the database alone, one lock for each unit.
    """
    mailboxes = sorted(each.url.text for each in office.config.mailboxes)
    busy = "另一个报送程序正在收发邮件（可能是 baosong run），请等它完成或先停下它"
    with ExitStack() as locks:
        if office.ledger.distributed:
            names = [f"{unit} {mailbox}" for unit in ROUND if unit in units for mailbox in mailboxes]
        else:
            names = mailboxes
            locks.enter_context(_locked(office.config.file.with_suffix(".lock"), busy))
        for name in names:
            if not locks.enter_context(office.ledger.alone(name)):
                raise BusyError(busy)
        yield


@contextmanager
def only_service(office: Office) -> Iterator[None]:
    """Hold the service's own lock as long as it runs: between its rounds others may poll. AccessError."""
    busy = "baosong run 已经在运行，不必再开一个；要重新启动请先停下它"
    with _locked(office.config.file.with_suffix(".run.lock"), busy):
        yield


@contextmanager
def _locked(file: Path, busy: str) -> Iterator[None]:
    lock = FileLock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(busy) from None
    except OSError as error:
        raise AccessError(f"锁文件无法建立（{error.strerror}），请检查文件夹的写入权限：{file}") from error
    try:
        yield
    finally:
        lock.release()
