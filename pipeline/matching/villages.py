"""Whose each file is: the first source that names exactly one village."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from pipeline.forms import read_form
from pipeline.matching.evidence import known_form, names_inside_out, strongest, title_lines
from pipeline.model.campaign import Campaign
from pipeline.model.content import Content, Document
from pipeline.model.message import Attachment, Message
from pipeline.model.past import Thread
from pipeline.model.submission import Evidence, Filing, Source, Writer
from pipeline.register import Register

_SIGN_OFF = 3  # paragraphs at a text's end that may name who wrote it
# What a mail's papers say of themselves, whoever sends them.
_OWN_WORD = frozenset({Source.DOCUMENT, Source.FILE_NAME, Source.SUBJECT})
Owners = Mapping[int, tuple[str | None, tuple[Evidence, ...]]]
Naming = Callable[[str], tuple[str, ...]]  # the villages that a text names


def listed_writers(address: str, register: Register) -> tuple[Writer, ...]:
    """The villages that an address is known to write for by the register alone."""
    return tuple(Writer(village, f"名册中登记的邮箱{address}") for village in register.of_address(address))


def find_villages(
    message: Message,
    contents: Sequence[Content],
    campaign: Campaign,
    register: Register,
    writers: Sequence[Writer],
    thread: Thread | None = None,
) -> Owners:
    """Whose each attachment is, by its number in the message, with the evidence.

    Where nothing names a village rightly, and none is known to write from this address, a name counts that sounds so,
    then one with a single sign mistaken.
    """
    owners: dict[int, tuple[str | None, tuple[Evidence, ...]]] = {}
    for named_in in (register.named_in, register.sounding_in, register.resembling_in):
        of_mail = villages_of_mail(message, register, writers, thread, named_in)
        for number, (attachment, content) in enumerate(zip(message.attachments, contents, strict=True)):
            evidence = (*_villages_of_file(attachment, content, campaign, named_in), *of_mail)
            owners[number] = (strongest(evidence), evidence)
        if any(evidence for _, evidence in owners.values()):
            break
    agreed = {village for village, _ in owners.values() if village}
    if len(agreed) == 1:
        village = next(iter(agreed))
        for number, (owner, evidence) in owners.items():
            if owner is None:
                owners[number] = (village, (*evidence, Evidence(Source.SIBLINGS, village, "同一封邮件中的其他文件")))
    return owners


def _villages_of_file(
    attachment: Attachment, content: Content, campaign: Campaign, named_in: Naming
) -> Iterable[Evidence]:
    if isinstance(content, Document):
        for texts in (_unit_texts(content, campaign), content.margins):
            told = [Evidence(Source.DOCUMENT, village, text) for text in texts for village in named_in(text)]
            yield from told
            if told:
                break
    # The innermost name speaks first: the file's own, then its folder, its archive, the mail that it was forwarded in.
    for name in names_inside_out(attachment):
        if named := named_in(name):
            yield from (Evidence(Source.FILE_NAME, village, name) for village in named)
            return


def _unit_texts(document: Document, campaign: Campaign) -> list[str]:
    """The places where a document says whose it is: a form's unit; a text's title and sign-off."""
    if rules := known_form(document, campaign):
        filled = read_form(document, rules.name, campaign.forms).filled
        if filled is not None:
            return [text for text in (filled.unit_line, *dict.fromkeys(filled.unit_column)) if text]
    lines = [line for line in document.paragraphs if line.strip()]
    title = title_lines(document)
    texts = [*title, *lines[len(title) :][-_SIGN_OFF:]]
    labelled = [line for line in lines if re.match(r"\s*(填报|报送)?单位\s*[:：]", line)]
    return labelled or texts


def attested_villages(filings: Iterable[Filing]) -> frozenset[str]:
    """The villages that files of a mail belong to by their own word or the subject's, whoever sent them."""
    return frozenset(filing.village for filing in filings if filing.village and _source_of_village(filing) in _OWN_WORD)


def _source_of_village(filing: Filing) -> Source | None:
    """The source that decided whose the file is."""
    evidence = [each for each in filing.evidence if each.names == filing.village]
    return next((each.source for each in evidence if strongest([each]) == filing.village), None)


def villages_of_mail(
    message: Message, register: Register, writers: Sequence[Writer], thread: Thread | None, named_in: Naming
) -> tuple[Evidence, ...]:
    """What the mail itself says of whose its files are."""
    found = [
        Evidence(source, village, text[:80])
        for source, text in (
            (Source.SUBJECT, message.subject),
            (Source.BODY, message.text or message.quoted),
        )
        for village in named_in(text)
    ]
    if thread is not None:
        found += [
            Evidence(Source.THREAD, village, "回复的是给该村的信") for village in thread.villages if village in register
        ]
    found += [Evidence(Source.SENDER, each.village, each.why) for each in writers]
    return tuple(found)
