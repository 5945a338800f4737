"""Every file and link of a message put where it belongs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.matching.deliverables import (
    find_deliverable,
    keyword_deliverable,
    keyword_deliverables,
    kinds_by_ending,
    names_asked,
    only_deliverable,
)
from pipeline.matching.evidence import strongest
from pipeline.matching.loose import place_of_photos
from pipeline.matching.rounds import find_round, is_named_for_an_old_round, sources_of_round
from pipeline.matching.villages import Owners, villages_of_mail
from pipeline.message.drives import ANY_PROVIDER
from pipeline.model.campaign import Campaign, Kind
from pipeline.model.content import Content
from pipeline.model.message import CloudLink, Message
from pipeline.model.past import Past
from pipeline.model.submission import Filing, LinkFiling, Source, Submission, Writer
from pipeline.register import Register

_CLAUSE_END = re.compile(r"[，,。；;！!？?\s]+")
_ATTACHED = re.compile("(?<![大云])附件")


def file_submission(
    message: Message,
    contents: Sequence[Content],
    owners: Owners,
    past: Past,
    campaign: Campaign,
    register: Register,
    writers: Sequence[Writer],
) -> Submission:
    """Every file and link of the message put where it belongs.

    ``contents`` are those of its attachments, in their order; ``writers`` the villages that the sender is known to
    write for.
    """
    of_mail = villages_of_mail(message, register, writers, past.thread, register.named_in)
    places = {
        village: place_of_photos(message, contents, village, past, campaign)
        for village in {village for village, _ in owners.values()}
    }
    filings: list[Filing] = []
    for number, (attachment, content) in enumerate(zip(message.attachments, contents, strict=True)):
        village, why = owners[number]
        told = find_deliverable(attachment, content, message, campaign, names_asked(past, village), village)
        rounds = campaign.rounds(told.names) if told else ()
        sources = sources_of_round(attachment, content, message)
        if rounds and is_named_for_an_old_round(attachment, rounds, message, village, past):
            sources = tuple(each for each in sources if each[0] is Source.SUBJECT)
        deliverable, when = find_round(rounds, sources, message.received_at, village, past)
        if (place := places[village]) and rounds and rounds[0].kind is Kind.PHOTOS:
            filings.append(Filing(attachment, content, village, None, why, place))
            continue
        evidence = (*why, *(each for each in (told, when) if each))
        filings.append(Filing(attachment, content, village, deliverable, evidence))
    agreed = {filing.village for filing in filings if filing.village}
    village = next(iter(agreed)) if len(agreed) == 1 else strongest(of_mail) if not agreed else None
    links = tuple(
        _file_link(link, message, village, past, campaign, register)
        for link in message.links
        if (not link.quoted or not message.attachments)
        and (link.provider != ANY_PROVIDER or _stands_for_a_file(link, message, village, campaign))
    )
    return Submission(
        message=message,
        filings=tuple(filings),
        links=links,
        village=village,
        sender_villages=tuple(each.village for each in writers),
        named_villages=register.named_in(f"{message.subject}\n{message.text}"),
    )


def _stands_for_a_file(link: CloudLink, message: Message, village: str | None, campaign: Campaign) -> bool:
    """Whether a link to a place that nobody knows was sent in place of a file: a village's, and no file beside it."""
    return village is not None and not message.attachments and _deliverable_of_link(link, message, campaign) is not None


def _file_link(
    link: CloudLink, message: Message, village: str | None, past: Past, campaign: Campaign, register: Register
) -> LinkFiling:
    """A link counts as the file that it leads to; the mail's own village where its name tells none."""
    village = register.one_named_in(link.name) or village
    name = _deliverable_of_link(link, message, campaign)
    rounds = campaign.rounds(name) if name else ()
    sources = ((Source.FILE_NAME, link.name), (Source.SUBJECT, message.subject))
    deliverable, _ = find_round(rounds, sources, message.received_at, village, past)
    return LinkFiling(link, village, deliverable)


def _deliverable_of_link(link: CloudLink, message: Message, campaign: Campaign) -> str | None:
    """The deliverable's name (without its round), or None."""
    kinds = kinds_by_ending(link.name) or frozenset(Kind)
    for text in (link.name, _clause_leading_to(link, campaign), message.subject, message.text):
        if name := keyword_deliverable(text, campaign, kinds):
            return name
    return only_deliverable(campaign, kinds)


def _clause_leading_to(link: CloudLink, campaign: Campaign) -> str:
    """The nearest clause before a link that speaks of a deliverable: 照片见附件。视频太大，存到微云，链接：…

    Not one that speaks of what is attached, nor what stands before another link.
    """
    for clause in reversed(_CLAUSE_END.split(link.led_by)):
        if "://" in clause:
            break
        if not _ATTACHED.search(clause) and keyword_deliverables(clause, campaign):
            return clause
    return ""
