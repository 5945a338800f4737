"""Octets -> :class:`~pipeline.model.message.Message`: what one mail says and carries, by its own octets alone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from pipeline.cache.workplace import Workplace
from pipeline.message.attachment import Forwarded, find_attachments
from pipeline.message.automatic import find_automatic, find_report
from pipeline.message.body import Body, read_body
from pipeline.message.headers import (
    parse_address,
    parse_authentication,
    parse_message_ids,
    parse_return_path,
    parse_sent_at,
)
from pipeline.message.links import find_links
from pipeline.message.part import Part, parse_part
from pipeline.model.message import Address, Attachment, Authentication, Blob, CloudLink, Message
from pipeline.octets import Octets


def parse_message(
    octets: Octets | bytes,
    *,
    blob: Blob,
    received_at: datetime,
    workplace: Workplace,
    authserv_ids: Collection[str] = (),
    quarantined: Collection[str] = (),
) -> Message:
    """The message in these octets. Never fails on them: what cannot be understood is kept as far as it can be.

    It is taken apart in the ``workplace``, which then keeps the files of its attachments; that is the only effect, and
    only what fails there is raised. ``authserv_ids`` are the names of our own receiving servers, or their domains;
    without them the topmost Authentication-Results field is believed if it stands above the second Received field (RFC
    8601 section 5). A file whose digest is ``quarantined`` is not opened.
    """
    root = parse_part(octets)
    body = read_body(root)
    attachments: tuple[Attachment, ...] = ()
    forwarded: tuple[Forwarded, ...] = ()
    if find_report(root) is None:  # the mail that a bounce returns is our own: nobody sent it to us
        attachments, forwarded = find_attachments(root, body, workplace, quarantined)
    sender = _sender(root)
    subject = root.text_field("subject")
    return_path = root.field("return-path")
    returns_to = None if return_path is None else parse_return_path(return_path)
    reply_to = root.field("reply-to")
    return Message(
        blob=blob,
        message_id=next(iter(_ids(root, "message-id")), None),
        sender=sender,
        reply_to=_with_address(parse_address(reply_to)) if reply_to is not None else None,
        subject=subject,
        sent_at=parse_sent_at(root.field("date") or b""),
        received_at=received_at,
        return_path=returns_to,
        in_reply_to=_ids(root, "in-reply-to"),
        references=_ids(root, "references"),
        text=body.text,
        quoted=_quoted(body, forwarded),
        automatic=find_automatic(
            root, sender=sender, subject=subject, return_path=returns_to, has_files=bool(attachments), text=body.text
        ),
        authentication=_authentication(root, authserv_ids),
        attachments=attachments,
        links=_links(body, forwarded),
        fingerprint=_fingerprint(root, sender, subject, body.text, attachments),
    )


def _sender(root: Part) -> Address:
    """Who wrote it: From, and where that is missing Sender, then the envelope (RFC 5322 section 3.6.2)."""
    for name in ("from", "sender", "return-path"):
        raw = root.field(name)
        address = parse_address(raw) if raw is not None else None
        if address is not None:
            return address
    return Address("", "")


def _with_address(address: Address | None) -> Address | None:
    return address if address is not None and address.address else None


def _ids(root: Part, name: str) -> tuple[str, ...]:
    raw = root.field(name)
    return parse_message_ids(raw) if raw is not None else ()


def _quoted(body: Body, forwarded: Sequence[Forwarded]) -> str:
    texts = [body.quoted]
    for each in forwarded:
        texts += [each.subject, each.body.text, each.body.quoted]
    return "\n".join(text for text in texts if text)


def _authentication(root: Part, authserv_ids: Collection[str]) -> Authentication:
    """What the receiving server found. Fields further down were there when the mail came: anyone may have put them.

    A server may write several fields, one for each method; of a method that is told twice the upper one counts.
    """
    received, ours, found = 0, "", Authentication()
    for name, raw in root.fields:
        received += name == "received"
        if received > 1:
            break
        if name == "authentication-results":
            server, results = parse_authentication(raw)
            if server != (ours or server) or not _is_one_of(server, authserv_ids):
                break  # another's: below it there is nothing of ours
            ours = server
            found = Authentication(found.spf or results.spf, found.dkim or results.dkim, found.dmarc or results.dmarc)
    return found


def _is_one_of(server: str, known: Collection[str]) -> bool:
    """Whether a server bears one of these names or stands in one of these domains; where none is known, it does."""
    return not known or any(f".{server}".endswith(f".{each.lower().strip('.')}") for each in known)


def _links(body: Body, forwarded: Sequence[Forwarded]) -> tuple[CloudLink, ...]:
    own = find_links(body.passages)
    known = {link.url for link in own}
    inner = (link for each in forwarded for link in find_links(each.body.passages, forwarded=True))
    return (*own, *{link.url: link for link in inner if link.url not in known}.values())


def _fingerprint(root: Part, sender: Address, subject: str, text: str, attachments: Sequence[Attachment]) -> str:
    """Equal for a mail that says and carries the same, whichever way and however often it came.

    One without Message-ID is told from another by its Date: who sends the same again has written a new mail.
    """
    files = sorted((each.shown_name, each.blob.digest) for each in attachments)
    said = [
        sender.address,
        " ".join(subject.split()),
        "".join(text.split()),
        *(part for pair in files for part in pair),
    ]
    if not _ids(root, "message-id"):
        said.append((root.field("date") or b"").decode("ascii", "replace").strip())
    return hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()
