"""What waits for a person: the daily report's own matters, each with the forms that settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.responses import Response

from pipeline.ledger import acts, addresses, histories, views
from pipeline.model.ledger import ActKind, JudgedMessage
from pipeline.model.letter import LetterState
from pipeline.office import Office
from pipeline.reminding import find_unreachable
from pipeline.report import needs
from pipeline.report.figures import count_figures
from pipeline.report.matters import Mailing, Matter, find_matters, group_matters
from pipeline.report.needs import Need
from pipeline.web.books import Books
from pipeline.web.visit import Visit, render

_TO_ASSIGN = (needs.UNKNOWN, needs.QUESTION)
_TO_DECIDE = (
    needs.LINKED,
    needs.EXPIRING,
    needs.EXPIRED,
    needs.REVIEW,
    needs.COPIED,
    needs.REUSED,
    needs.PHOTO_DATE,
    needs.FIGURES,
    needs.MACRO,
    needs.UNVERIFIED,
    needs.CRASHED,
    needs.OTHER,
)
_TO_READ_AGAIN = (needs.FAILED, needs.QUARANTINED, needs.CRASHED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A matter with the mail that it comes from, and what can be done about it at once."""

    matter: Matter
    message: JudgedMessage | None
    key: str
    link: str  # an address of the web that may be opened; empty where there is none
    assign: bool
    decide: bool
    reread: bool
    confirm: bool
    compare: bool  # photos, side by side
    letter: int  # the held one that may be sent again; 0 where there is none
    mend: bool  # mailbox, ledger and cache may be reconciled


def list_needs(visit: Visit) -> tuple[tuple[Need, tuple[Waiting, ...]], ...]:
    """Everything that waits, by sort, the most pressing first; without what a person is done with."""
    office = visit.office
    messages = views.messages(office.ledger, until=office.now())
    known = {message.digest: message for message in messages}
    decided = [each for each in acts.all_acts(office.ledger, office.campaign) if not each.undone]
    settled = {each.detail.get("matter") for each in decided if each.kind is ActKind.SETTLE}
    owned = {(each.village, each.detail.get("address")) for each in decided if each.kind is ActKind.CONFIRM}
    found: list[tuple[Need, tuple[Waiting, ...]]] = []
    for need, entries in group_matters(_find(office, messages, visit.desk.books)):
        waiting: list[Waiting] = []
        for each in (_describe(office, entry, known) for entry in entries):
            if need is needs.NEW_SENDER and each.message is not None:  # an address once, however often it wrote
                owner = each.matter.village, each.message.sender.address
                if owner in owned:
                    continue
                owned.add(owner)
            if each.key in settled:
                continue
            waiting.append(each)
        if waiting:
            found.append((need, tuple(waiting)))
    return tuple(found)


def _find(office: Office, messages: Sequence[JudgedMessage], books: Books) -> tuple[Matter, ...]:
    now = office.now()
    standings = views.standings(office.ledger, office.campaign, now)
    figures = count_figures(office.campaign, office.register.villages, now, standings, standings)
    mailing = Mailing(
        lost=tuple(addresses.lost_addresses(office.ledger, office.campaign)),
        unreachable=tuple((each.village, each.why) for each in find_unreachable(office, standings)),
        differences=books.taken.differences if books.taken else (),
        unchecked=books.taken.troubles if books.taken else (),
    )
    return find_matters(figures, messages, mailing)


def _find_held(office: Office, digest: str) -> int:
    """The number of the letter that answers a mail and was held; 0 where there is none."""
    found = histories.letters_about(office.ledger, digest)
    return next((letter.id for letter in found if letter.state is LetterState.HELD), 0)


def _describe(office: Office, matter: Matter, known: dict[str, JudgedMessage]) -> Waiting:
    message = known.get(matter.message)
    need = matter.need
    placed = bool(matter.village and matter.deliverable)
    return Waiting(
        matter=matter,
        message=message,
        key=matter.key,
        link=matter.url if urlsplit(matter.url).scheme in ("http", "https") else "",
        assign=message is not None and (need in _TO_ASSIGN or (bool(matter.url) and not placed)),
        decide=placed and need in _TO_DECIDE,
        reread=message is not None and need in _TO_READ_AGAIN,
        confirm=message is not None and need is needs.NEW_SENDER and bool(matter.village),
        compare=need is needs.REUSED,
        letter=_find_held(office, matter.message) if need is needs.HELD else 0,
        mend=need is needs.DIFFERENCE,
    )


def show(visit: Visit) -> Response:
    """The inbox."""
    found = list_needs(visit)
    return render(
        visit,
        "inbox.html.j2",
        needs=found,
        books=visit.desk.books,
        total=sum(len(waiting) for _, waiting in found),
        villages=visit.office.register.names,
        deliverables=visit.office.campaign.deliverables,
    )
