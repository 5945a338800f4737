"""A large town whose villages have sent much: sixty of them, five activities each, three photos an activity."""

from __future__ import annotations

import io
import random
import tempfile
from dataclasses import replace
from itertools import count
from pathlib import Path

import docx
from docx.shared import Cm
from PIL import Image

from pipeline.ledger import intake, verdicts
from pipeline.merge.saving import save_document
from pipeline.merge.scaling import Scaled
from pipeline.merge.word import Album
from pipeline.model.content import Document
from pipeline.model.files import FileKind
from pipeline.model.message import Address, Attachment, Authentication, Location, Message, RawMessage, Reason
from pipeline.model.reading import Picture
from pipeline.model.standing import Remembered, State
from pipeline.model.submission import Filing
from pipeline.model.verdict import Disposition, Outcome, Verdict
from pipeline.office import Office, open_office
from tests.flow.township import FORMS, lay_out_office
from tests.merge.literals import at

VILLAGES = [f"{side}{place}村" for side in "东西南北上下前后内外" for place in "石桥河湾林屋"]
_numbers = count(1)


def lay_out_large_town(folder: Path, width: int, height: int, *, each: int = 3) -> Path:
    """The office with everything accepted, photos of this size, ``each`` beside the table; the path of config.toml."""
    config = lay_out_office(folder)
    lines = ["village,aliases,addresses,contact", *(f"{village},,," for village in VILLAGES)]
    (folder / "villages.csv").write_text("\n".join(lines), encoding="utf-8")
    office = open_office(config)
    scenes = render_scenes(width, height)
    with tempfile.TemporaryDirectory() as scratch:
        for village in VILLAGES:
            filled = table(village, scenes, Path(scratch) / "table.docx")
            record(office, village, filled, [photo(scenes) for _ in range(each)])
    office.ledger.engine.dispose()
    return config


def render_scenes(width: int, height: int) -> list[bytes]:
    """A few photos with as much in them as a street has: a coarse picture, and grain as of a phone."""
    chance = random.Random(529)
    found = []
    for _ in range(6):
        coarse = Image.frombytes("RGB", (90, 68), chance.randbytes(90 * 68 * 3)).resize((width, height))
        grain = Image.effect_noise((width // 4, height // 4), 40).resize((width, height)).convert("RGB")
        stream = io.BytesIO()
        Image.blend(coarse, grain, 0.3).save(stream, "JPEG", quality=88)
        found.append(stream.getvalue())
    return found


def photo(scenes: list[bytes]) -> bytes:
    """One that no other equals: a comment with a number stands behind the JFIF header (ITU-T T.81, B.2.4.5)."""
    number = next(_numbers)
    scene = scenes[number % len(scenes)]
    return scene[:20] + b"\xff\xfe\x00\x0a" + f"{number:08d}".encode() + scene[20:]


def table(village: str, scenes: list[bytes], file: Path) -> bytes:
    """The village's progress table: five rows with three photos each."""
    document = docx.Document(str(FORMS / "progress.docx"))
    album = Album(document)
    rows = document.tables[0]._tbl.tr_lst
    for number, row in enumerate(rows[1:6], start=1):
        unit, account, photos = row.tc_lst
        unit.p_lst[0].r_lst[0].text = f"{village}委"
        account.p_lst[
            0
        ].add_r().text = (
            f"5月{number + 4}日上午9时，在{village}文化广场组织会员和群众{30 + number}人参加，发放优生优育宣传册。"
        )
        photos.p_lst[0].r_lst[0].text = ""
        for _ in range(3):
            scaled = Scaled(photo(scenes), 4, 3)
            album.draw(photos.p_lst[0].add_r(), scaled, widest=Cm(4), highest=Cm(4))
    for row in rows[6:]:
        document.tables[0]._tbl.remove(row)
    save_document(document, file, title="写实表", author=village, at=at(5, 30), album=album)
    return file.read_bytes()


def record(office: Office, village: str, octets: bytes, photos: list[bytes]) -> None:
    """One mail with the table and the photos, accepted."""
    blob = office.cache.store([octets])
    raw = RawMessage(Location("x", "INBOX", 1, village), at(5, 30), office.cache.store([village.encode()]))
    intake.receive(office.ledger, raw, at(5, 30))
    name = f"{village}写实表.docx"
    attachment = Attachment((name,), blob, "", FileKind.DOCX)
    kept = [office.cache.store([each]).digest for each in photos]
    pictures = tuple(Picture(digest, FileKind.JPEG, 1440, 1080, 50.0, number) for number, digest in enumerate(kept))
    message = Message(
        blob=raw.blob,
        message_id=None,
        sender=Address("", "a@village.test"),
        reply_to=None,
        subject=name,
        sent_at=None,
        received_at=raw.received_at,
        return_path=None,
        in_reply_to=(),
        references=(),
        text="",
        quoted="",
        automatic=None,
        authentication=Authentication(),
        attachments=(attachment,),
        links=(),
        fingerprint=village,
    )
    outcome = Outcome(
        village=village,
        deliverable="progress@2023-05-31",
        state=State.ACCEPTED,
        late=False,
        stands=True,
        unchanged=False,
        attachments=(blob.digest,),
        findings=(),
        remembered=Remembered(),
    )
    outcomes = (
        outcome,
        replace(outcome, deliverable="photos", attachments=tuple(kept), remembered=Remembered(pictures=pictures)),
    )
    filing = Filing(attachment, Document(FileKind.DOCX, (), ()), village, outcome.deliverable)
    verdict = Verdict(message, Disposition.SUBMISSION, None, (filing,), (), outcomes, (), village)
    verdicts.record(office.ledger, verdict, None, Reason.CAP, office.campaign, at(5, 30))
