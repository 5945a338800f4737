"""One village: how each deliverable stands, every version with its findings and thumbnails, letters, decisions."""

from __future__ import annotations

from email import message_from_bytes, policy

from starlette.responses import Response

from pipeline.ledger import acts, histories, views
from pipeline.model.files import PICTURE_KINDS
from pipeline.model.ledger import Version
from pipeline.model.letter import WrittenLetter
from pipeline.report.figures import lay_rows
from pipeline.web.visit import Visit, render, trouble

MOST_THUMBNAILS = 24  # of one version


def show(visit: Visit) -> Response:
    """The village's page."""
    office, name = visit.office, visit.path["name"]
    if name not in office.register:
        return trouble(visit, "没有这个村", "村名册里没有这个村。", 404)
    village = office.register[name]
    standings = views.standings(office.ledger, office.campaign, office.now())
    (row,) = lay_rows(office.campaign, [village], office.now(), standings, set())
    received = {each.deliverable: each.received_at for each in standings if each.village == name}
    versions = histories.versions(office.ledger, office.campaign, name)
    letters = histories.letters_to(office.ledger, office.campaign, name)
    decided = [each for each in acts.all_acts(office.ledger, office.campaign, village=name) if each.at <= office.now()]
    titles = {each.id: each.title for each in office.campaign.deliverables}
    return render(
        visit,
        "village.html.j2",
        village=village,
        row=row,
        received=received,
        versions=versions,
        titles=titles,
        pictures={each.id: find_pictures(each) for each in versions},
        letters=[(letter, read_text(letter)) for letter in letters],
        acts=decided,
        kinds=PICTURE_KINDS,
    )


def find_pictures(version: Version) -> list[tuple[str, str]]:
    """The pictures of a version as file digest and picture digest; one within a document in that document's name."""
    alone = {file.digest for file in version.files}
    documents = [file.digest for file in version.files if file.digest not in {p.digest for p in version.pictures}]
    found: dict[tuple[str, str], None] = {}
    for picture in version.pictures:
        if picture.digest in alone:
            found[picture.digest, picture.digest] = None
        elif documents:
            found[documents[-1], picture.digest] = None
    return list(found)[:MOST_THUMBNAILS]


def read_text(letter: WrittenLetter) -> str:
    """What a letter of ours says, as text."""
    mail = message_from_bytes(letter.octets, policy=policy.default)
    part = mail.get_body(("plain",))
    return str(part.get_content()).strip() if part is not None else ""
