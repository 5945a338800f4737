"""Stored mails opened for the judge, the next ones ahead of time.

While mail comes, and while some is judged and its answers written, the next is parsed and its files read by the worker
processes: that is most of the work, and none of it depends on what was judged before. Judging keeps the order of
arrival.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final, Self

from pipeline.cache import Cache
from pipeline.cache.spool import Spool
from pipeline.ledger import intake
from pipeline.ledger.quarantine import quarantined_files
from pipeline.model.content import Content, Unreadable
from pipeline.model.files import Problem
from pipeline.model.message import Attachment, Blob, Message
from pipeline.office import Office
from pipeline.opened import Opened, Packed, Stored, Unopened, pack, problem_of, read_stored, unpack
from pipeline.sandbox.readers import Job, Readers

_MOST_BEGUN: Final = 2048  # mails, while they come; after a crash so many are opened by themselves
_WINDOW: Final = 64  # mails, while they are judged
_TOGETHER: Final = 32  # mails given at once, where so many are opened

Opening = Callable[[], Opened]  # waits for it; raises what went wrong
Group = list[tuple[intake.Waiting, Opening]]


def read_message(office: Office, blob: Blob, received_at: datetime) -> Message:
    """The message of these octets, its attachments kept in the cache."""
    return read_stored(office.cache, _stored(office, blob, received_at, quarantined_files(office.ledger)))


def open_message(office: Office, blob: Blob, received_at: datetime) -> Opened:
    """The message of these octets and what its files hold, each read by itself; nothing is read of a machine's mail."""
    barred = quarantined_files(office.ledger)
    message = read_stored(office.cache, _stored(office, blob, received_at, barred))
    if message.automatic is not None:
        return Opened(message, None)
    return Opened(message, tuple(read_contents(office.readers, office.cache, message.attachments, barred)))


def read_contents(
    readers: Readers, cache: Cache, attachments: Sequence[Attachment], barred: Collection[str] = ()
) -> list[Content]:
    """What each file holds; a container that could not be opened holds its problem. No file ``barred`` is opened."""
    problems = [problem_of(each, barred) for each in attachments]
    whole = [each for each, problem in zip(attachments, problems, strict=True) if problem is None]
    contents = iter(readers.read_all([_job(cache, each) for each in whole]))
    return [next(contents) if problem is None else Unreadable(problem) for problem in problems]


def _job(cache: Cache, attachment: Attachment) -> Job:
    return Job(cache.path(attachment.blob.digest), attachment.sniffed_kind, attachment.name)


def _stored(office: Office, blob: Blob, received_at: datetime, barred: frozenset[str]) -> Stored:
    config = office.config
    mailbox = config.mailbox
    if config.more_mailboxes:  # no server of another mailbox is believed: it lets through what claims to be of this one
        name = intake.mailbox_of(office.ledger, blob.digest)
        mailbox = next((each for each in config.mailboxes if each.url.text == name), mailbox)
    return Stored(blob, received_at, config.cache, config.bucket, mailbox.receiving_servers, barred, config.scan)


# --- ahead ------------------------------------------------------------------------------------------------------------


class Ahead:
    """Mails opened before their turn, by the worker processes: begun by any thread, taken by the judge's.

    What is opened lies in a file until it is taken, so that many may be. An attempt of each is counted when it is
    begun, so that one that kills the program is counted too; those that were merely opened are not counted when the
    context is left.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._busy = threading.Lock()  # who begins, or leaves
        self._changed = threading.Condition()  # of what the thread that opens shares with them:
        self._begun: dict[str, intake.Waiting] = {}  # by digest, in their order; neither taken nor left
        self._unopened: deque[intake.Waiting] = deque()  # of these, not given to a worker yet
        self._given: deque[intake.Waiting] = deque()  # of these, to a worker
        self._opened: dict[str, Opening] = {}  # of these
        self._left = False
        self._barred = frozenset[str]()
        self._forms = b""
        self._stream: Generator[Packed | Unreadable] | None = None
        self._broken = False
        self._spool = Spool()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="baosong-opening")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave what is not opened yet as it is."""
        with self._busy, self._changed:
            self._left = True
        if self._stream is None and not self._begun:
            return
        self._office.openers.interrupt()
        self._office.readers.interrupt()
        self._thread.submit(self._close).result()
        self._office.openers.resume()
        self._office.readers.resume()
        self._thread.shutdown()
        self._spool.close()
        intake.withdraw_attempts(self._office.ledger, list(self._begun))

    def begin(self, fresh: Sequence[intake.Waiting]) -> None:
        """Let these be opened, in this order; those for which there is no room are left to their turn."""
        with self._busy:
            if not self._left:  # else it is a mailbox that nobody waited for
                self._begin(fresh[: max(_MOST_BEGUN - len(self._begun), 0)])

    def in_turn(self, waiting: Iterable[intake.Waiting]) -> Generator[Group]:
        """These in their order, each with a call that yields it opened; the next ones are opened meanwhile.

        Given together are those that are opened by then, at least one. What was attempted before it was begun here is
        opened and given by itself: who dies beside a poisonous mail shall not be taken for it.
        """
        rest = (self._begun.get(each.blob.digest, each) for each in waiting)
        left = deque(islice(rest, _WINDOW))
        order: deque[intake.Waiting] = deque()
        while left or order:
            if not order and left[0].attempts:
                each = left.popleft()
                if each.attempts < intake.ATTEMPTS:
                    intake.begin_attempts(self._office.ledger, [each.blob.digest])
                yield [(each, partial(open_message, self._office, each.blob, each.received_at))]
                left.extend(islice(rest, 1))
                continue
            if len(order) <= _WINDOW - _TOGETHER:
                fresh = _take(left, _WINDOW - len(order))
                with self._busy:
                    self._begin([each for each in fresh if each.blob.digest not in self._begun])
                order.extend(fresh)
                left.extend(islice(rest, len(fresh)))
            yield self._take_opened(order)

    def _begin(self, fresh: Sequence[intake.Waiting]) -> None:
        if not fresh:
            return
        barred = quarantined_files(self._office.ledger)
        intake.begin_attempts(self._office.ledger, [each.blob.digest for each in fresh])
        with self._changed:
            self._barred = barred
            self._begun |= {each.blob.digest: each for each in fresh}
            self._unopened.extend(fresh)
        self._thread.submit(self._open_begun)

    def _take_opened(self, order: deque[intake.Waiting]) -> Group:
        """The first of them, when it is opened, and those after it that are opened as well."""
        group: Group = []
        with self._changed:
            self._changed.wait_for(lambda: order[0].blob.digest in self._opened)
            while order and len(group) < _TOGETHER and order[0].blob.digest in self._opened:
                each = order.popleft()
                del self._begun[each.blob.digest]
                group.append((each, self._opened.pop(each.blob.digest)))
        return group

    # --- by the thread that opens -----------------------------------------------------------------------------------

    def _open_begun(self) -> None:
        """All that is begun, in its order, until there is none."""
        while (each := self._next_begun()) is not None:
            opening = self._open(each)
            with self._changed:
                (self._given or self._unopened).popleft()
                self._opened[each.blob.digest] = opening
                self._changed.notify_all()

    def _next_begun(self) -> intake.Waiting | None:
        with self._changed:
            return None if self._left else next(iter(self._given or self._unopened), None)

    def _open(self, each: intake.Waiting) -> Opening:
        """In one go where that can be done; else file by file, so that what is wrong is found to be one file's."""
        try:
            answer = self._answer()
            if isinstance(answer, Unreadable):
                octets = pack(open_message(self._office, each.blob, each.received_at))
            elif answer.unsupported:
                octets = pack(_with_twins(self._office, unpack(answer.octets)))
            else:
                octets = answer.octets
            return partial(_unpack, self._spool.keep(octets))
        except BaseException as error:  # noqa: BLE001 raised again by whoever takes it
            return partial(_raise, error)

    def _answer(self) -> Packed | Unreadable:
        if self._broken:
            return Unreadable(Problem.UNSUPPORTED)
        if self._stream is None:
            self._stream = self._office.openers.stream(self._give, ahead=_WINDOW)
        self._broken = True  # what a stream that raises had in hand comes no more
        answer = next(self._stream, None)
        self._broken = False
        if answer is None:  # it had come to its end before this one was begun
            self._stream = None
            return self._answer()
        return answer

    def _give(self) -> Unopened | None:
        """The next to a worker; None where there is none at the moment."""
        with self._changed:
            if not self._unopened:
                return None
            each, barred = self._unopened.popleft(), self._barred
            self._given.append(each)
        self._forms = self._forms or pack(self._office.campaign.forms)
        return Unopened(_stored(self._office, each.blob, each.received_at, barred), self._forms)

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()


def _raise(error: BaseException) -> Opened:
    raise error


def _unpack(kept: Callable[[], bytes]) -> Opened:
    return unpack(kept())


def _with_twins(office: Office, opened: Opened) -> Opened:
    """With LibreOffice's help for files that only it knows."""
    unknown = [
        (number, _job(office.cache, attachment))
        for number, (attachment, content) in enumerate(
            zip(opened.message.attachments, opened.contents or (), strict=opened.contents is not None)
        )
        if attachment.problem is None and isinstance(content, Unreadable) and content.problem is Problem.UNSUPPORTED
    ]
    if opened.contents is None or not unknown:
        return opened
    contents = list(opened.contents)
    jobs = [job for _, job in unknown]
    for (number, _), content in zip(
        unknown, office.readers.read_twins(jobs, [contents[n] for n, _ in unknown]), strict=True
    ):
        contents[number] = content
    return Opened(opened.message, tuple(contents))


def _take(left: deque[intake.Waiting], most: int) -> list[intake.Waiting]:
    """Up to so many from the front that were never attempted."""
    taken: list[intake.Waiting] = []
    while left and len(taken) < most and not left[0].attempts:
        taken.append(left.popleft())
    return taken
