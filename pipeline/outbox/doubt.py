"""Letters that may have gone out: what a copy in the account's own folder of sent mail says of them.

Many servers keep a copy of what they take (QQ Mail and NetEase where the option is on, Exchange and Gmail always). A
copy proves that the letter went out. That there is none proves something only of a server that is known to keep
copies, and only when it had the time to. A bounce or an answer proves it as well; those the ledger sees for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from pipeline.model.letter import QueuedLetter

# Looks into the account's folder of sent mail: the Message-IDs of the newest in it; None where nobody can look.
SentFolder = Callable[[], Collection[str] | None]

WITNESSES = 3  # letters sent before the one in doubt whose copies must all be there, as many as there are
GRACE = timedelta(minutes=10)  # seen: copies that appear minutes after the server took the letter
LONGEST_SEARCH = timedelta(days=1)  # what has not shown by then is left to the person who was told


def nowhere() -> None:
    """A way out whose account keeps no copies that we could read."""


def settle_by_copy(
    letter: QueuedLetter, copies: Collection[str] | None, witnesses: Sequence[str], at: datetime
) -> bool | None:
    """Whether the letter went out; None where nobody can know (yet).

    ``witnesses`` are letters that surely went out, shortly before this one was tried.
    """
    if copies is None:
        return None
    if letter.message_id and letter.message_id in copies:
        return True
    kept = bool(witnesses) and all(each in copies for each in witnesses)
    waited = letter.tried_at is not None and at - letter.tried_at >= GRACE
    return False if kept and waited and letter.message_id else None
