"""One mail: what it says, as text; every file with where it belongs and why; what can be done about it."""

from __future__ import annotations

from starlette.responses import Response

from pipeline.errors import AccessError
from pipeline.ledger import again, histories, views
from pipeline.opening import read_message
from pipeline.web.village import read_text
from pipeline.web.visit import Visit, render, trouble

_LONGEST = 20_000  # characters of a mail's own text


def show(visit: Visit) -> Response:
    """The mail's page."""
    office, digest = visit.office, visit.path["digest"]
    found = again.find_message(office.ledger, digest)
    if found is None:
        return trouble(visit, "没有这封邮件", "台账里没有这封邮件。", 404)
    _, received_at = found
    message = next(each for each in views.messages(office.ledger, until=received_at) if each.digest == digest)
    text, gone = "", ""
    try:
        read = read_message(office, *found)
        text = read.text or read.quoted
    except AccessError as error:
        gone = str(error)
    return render(
        visit,
        "mail.html.j2",
        message=message,
        text=text[:_LONGEST],
        gone=gone,
        letters=[(letter, read_text(letter)) for letter in histories.letters_about(office.ledger, digest)],
        villages=office.register.names,
        deliverables=office.campaign.deliverables,
        titles={each.id: each.title for each in office.campaign.deliverables},
    )
