"""From stored octets to what a judge reads: the message, and what its files hold; of the next mails ahead of time.

While one mail is judged and its answer written, the next ones are parsed and their files read, on other processors:
that is most of the work, and none of it depends on what was judged before. The order of judging stays that of arrival.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from pipeline.cache import Cache
from pipeline.config import ScanConfig
from pipeline.ledger import intake
from pipeline.ledger.quarantine import quarantined_files
from pipeline.model import Attachment, Blob, Content, Message, Problem, Unreadable
from pipeline.office import Office
from pipeline.sandbox import Job, Readers
from pipeline.scanner import is_infected
from pipeline.unpacking import unpack_message

_AHEAD: Final = 4  # mails; each is held as a message and its facts, not as its octets


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail to be judged. ``contents`` are its files' in their order; None where nothing was read of them yet."""

    message: Message
    contents: tuple[Content, ...] | None


Opening = Callable[[], Opened]  # waits for it; raises what went wrong


def open_message(office: Office, blob: Blob, received_at: datetime) -> Opened:
    """The message of these octets and what its files hold; nothing is read of a machine's mail."""
    message = read_message(office, blob, received_at)
    if message.automatic is not None:
        return Opened(message, None)
    barred = quarantined_files(office.ledger)
    return Opened(message, tuple(read_contents(office.readers, office.cache, message.attachments, barred)))


def open_ahead(office: Office, waiting: Sequence[intake.Waiting]) -> Generator[tuple[intake.Waiting, Opening]]:
    """Each waiting message with a call that yields it opened; the next few are opened meanwhile.

    An attempt is counted before a message is touched, so that one that kills the program is counted too; where the
    caller ends early, those that were merely opened are not counted. What was once attempted is opened by itself: who
    dies beside a poisonous mail shall not be taken for it. To be closed by its caller.
    """
    left = deque(waiting)
    ahead: deque[tuple[intake.Waiting, Opening]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="baosong-opening") as thread:
        try:
            while left or ahead:
                if not ahead and left[0].attempts:
                    each = left.popleft()
                    if each.attempts < intake.ATTEMPTS:
                        intake.begin_attempts(office.ledger, [each.blob.digest])
                    yield each, partial(open_message, office, each.blob, each.received_at)
                    continue
                if len(ahead) <= _AHEAD // 2:
                    fresh = _take(left, _AHEAD - len(ahead))
                    intake.begin_attempts(office.ledger, [each.blob.digest for each in fresh])
                    for each in fresh:
                        future = thread.submit(open_message, office, each.blob, each.received_at)
                        ahead.append((each, future.result))
                yield ahead.popleft()
        finally:
            office.readers.interrupt()
            thread.shutdown(cancel_futures=True)
            office.readers.resume()
            intake.withdraw_attempts(office.ledger, [each.blob.digest for each, _ in ahead])


def _take(left: deque[intake.Waiting], most: int) -> list[intake.Waiting]:
    """Up to so many from the front that were never attempted."""
    taken: list[intake.Waiting] = []
    while left and len(taken) < most and not left[0].attempts:
        taken.append(left.popleft())
    return taken


def read_message(office: Office, blob: Blob, received_at: datetime) -> Message:
    """The message of these octets, its attachments kept in the cache."""
    barred = quarantined_files(office.ledger)
    message = unpack_message(office.cache, blob, received_at, office.config.mailbox.receiving_servers, barred)
    scan = office.config.scan
    return message if scan is None else _scanned(office, message, scan)


def _scanned(office: Office, message: Message, scan: ScanConfig) -> Message:
    """The message with what the virus scanner objects to marked as hostile: it is kept, and nothing opens it."""
    attachments = []
    for attachment in message.attachments:
        with office.cache.open(attachment.blob.digest) as file:
            infected = is_infected(scan, file)
        attachments.append(replace(attachment, problem=Problem.HOSTILE) if infected else attachment)
    return replace(message, attachments=tuple(attachments))


def read_contents(
    readers: Readers, cache: Cache, attachments: Sequence[Attachment], barred: Collection[str] = ()
) -> list[Content]:
    """What each file holds; a container that could not be opened holds its problem. No file ``barred`` is opened."""
    problems = [Problem.HOSTILE if each.blob.digest in barred else each.problem for each in attachments]
    whole = [each for each, problem in zip(attachments, problems, strict=True) if problem is None]
    contents = iter(readers.read_all([Job(cache.path(a.blob.digest), a.sniffed_kind, a.name) for a in whole]))
    return [next(contents) if problem is None else Unreadable(problem) for problem in problems]
