"""Stored mails opened for the judge, the next ones ahead of time.

While some are judged and their answers written, the next are parsed and their files read by the worker processes:
that is most of the work, and none of it depends on what was judged before. The order of judging stays that of arrival.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from functools import partial
from typing import Final

from pipeline.cache import Cache
from pipeline.ledger import intake
from pipeline.ledger.quarantine import quarantined_files
from pipeline.model import Attachment, Blob, Content, Message, Problem, Unreadable
from pipeline.office import Office
from pipeline.opened import Opened, Stored, read_stored
from pipeline.sandbox import Job, Readers

_AHEAD: Final = 32  # mails; each is held as a message and its facts, not as its octets
_TOGETHER: Final = 16  # mails given at once, where so many are opened

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
    problems = [Problem.HOSTILE if each.blob.digest in barred else each.problem for each in attachments]
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


def open_ahead(office: Office, waiting: Sequence[intake.Waiting]) -> Generator[Group]:
    """The waiting messages in their order, each with a call that yields it opened; the next are opened meanwhile.

    Given together are those that are opened by then, at least one. An attempt is counted before a message is touched,
    so that one that kills the program is counted too; where the caller ends early, those that were merely opened are
    not counted. What was once attempted is opened and given by itself: who dies beside a poisonous mail shall not be
    taken for it. To be closed by its caller.
    """
    left = deque(waiting)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="baosong-opening") as thread:
        ahead = _Ahead(office, thread)
        try:
            while left or ahead.order:
                if not ahead.order and left[0].attempts:
                    each = left.popleft()
                    if each.attempts < intake.ATTEMPTS:
                        intake.begin_attempts(office.ledger, [each.blob.digest])
                    yield [(each, partial(open_message, office, each.blob, each.received_at))]
                    continue
                if len(ahead.order) <= _AHEAD - _TOGETHER:
                    ahead.begin(_take(left, _AHEAD - len(ahead.order)))
                yield ahead.take()
        finally:
            ahead.end()
            intake.withdraw_attempts(office.ledger, [each.blob.digest for each, _ in ahead.order])


class _Ahead:
    """Mails being opened: begun and taken by the judge's thread, opened by one beside it and the worker processes."""

    def __init__(self, office: Office, thread: ThreadPoolExecutor) -> None:
        self.order: deque[tuple[intake.Waiting, Future[Opened]]] = deque()  # begun, and not taken
        self._office = office
        self._thread = thread
        self._unopened: deque[Stored] = deque()
        self._stream: Generator[Opened | Unreadable] | None = None
        self._broken = False

    def begin(self, fresh: Sequence[intake.Waiting]) -> None:
        """Count an attempt of each, and let them be opened."""
        barred = quarantined_files(self._office.ledger)
        intake.begin_attempts(self._office.ledger, [each.blob.digest for each in fresh])
        mails = [_stored(self._office, each.blob, each.received_at, barred) for each in fresh]
        self._unopened.extend(mails)
        for each, mail in zip(fresh, mails, strict=True):
            self.order.append((each, self._thread.submit(self._open, mail)))

    def take(self) -> Group:
        """The first, when it is opened, and those after it that are opened as well."""
        wait([self.order[0][1]])
        group: Group = []
        while self.order and self.order[0][1].done() and len(group) < _TOGETHER:
            each, future = self.order.popleft()
            group.append((each, future.result))
        return group

    def end(self) -> None:
        """Leave what is not opened yet as it is."""
        for _, future in self.order:
            future.cancel()
        self._office.openers.interrupt()
        self._office.readers.interrupt()
        self._thread.submit(self._close).result()
        self._office.openers.resume()
        self._office.readers.resume()

    def _open(self, mail: Stored) -> Opened:
        """The next of those begun: in one go where that can be done; else file by file, so that what is wrong is found
        to be one file's."""
        answer = self._answer()
        if isinstance(answer, Unreadable):
            return open_message(self._office, mail.blob, mail.received_at)
        return _with_twins(self._office, answer)

    def _answer(self) -> Opened | Unreadable:
        if self._broken:
            return Unreadable(Problem.UNSUPPORTED)
        if self._stream is None:
            self._stream = self._office.openers.stream(self._next, ahead=_AHEAD)
        self._broken = True  # what a stream that raises had in hand comes no more
        answer = next(self._stream, None)
        self._broken = False
        if answer is None:  # it had come to its end before this one was begun
            self._stream = None
            return self._answer()
        return answer

    def _next(self) -> Stored | None:
        return self._unopened.popleft() if self._unopened else None

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()


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
