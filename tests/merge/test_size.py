"""A whole county town: sixty villages, five activities each, three photos each."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from itertools import count
from pathlib import Path

import docx
import pytest
from docx.shared import Cm
from PIL import Image

from pipeline.ledger import intake, verdicts
from pipeline.merge.scaling import Scaled
from pipeline.merge.word import Album, save_document
from pipeline.model import (
    Address,
    Attachment,
    Authentication,
    Disposition,
    Document,
    FileKind,
    Filing,
    Location,
    Message,
    Outcome,
    Picture,
    RawMessage,
    Reason,
    Remembered,
    State,
    Verdict,
)
from pipeline.office import Office, open_office
from tests.flow.township import FORMS, lay_out_office
from tests.merge.literals import at
from tests.merge.town import NOW

VILLAGES = [f"{side}{place}村" for side in "东西南北上下前后内外" for place in "石桥河湾林屋"]
OCTETS = 500 << 20
_numbers = count(1)


@pytest.fixture(scope="module")
def scenes() -> list[bytes]:
    """A few photos as WeChat hands them on, 1440 × 1080, with as much in them as a street has."""
    chance = random.Random(529)
    found = []
    for _ in range(6):
        coarse = Image.frombytes("RGB", (90, 68), chance.randbytes(90 * 68 * 3)).resize((1440, 1080))
        grain = Image.effect_noise((360, 270), 40).resize((1440, 1080)).convert("RGB")
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
            scaled = Scaled(photo(scenes), 1440, 1080)
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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program its own peak of memory")
def test_sixty_villages_are_merged_in_little_memory(tmp_path: Path, scenes: list[bytes]) -> None:
    """60 × 5 × 3 photos in the table and 180 beside it, within 500 MB. All are there."""
    config = lay_out_office(tmp_path)
    lines = ["village,aliases,addresses,contact", *(f"{village},,," for village in VILLAGES)]
    (tmp_path / "villages.csv").write_text("\n".join(lines), encoding="utf-8")
    office = open_office(config)
    for village in VILLAGES:
        record(office, village, table(village, scenes, tmp_path / "table.docx"), [photo(scenes) for _ in range(3)])
    office.ledger.engine.dispose()
    # VmHWM belongs to the program itself; what wait4() tells of a child counts its parent's memory at the fork, too.
    peak = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    command = f"import sys; from pipeline.cli import main; status = main(); {peak}; sys.exit(status)"
    arguments = ["--config", str(config), "--now", NOW, "merge"]
    done = subprocess.run([sys.executable, "-c", command, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    with zipfile.ZipFile(tmp_path / "merged" / "写实表汇总.docx") as archive:
        assert len([name for name in archive.namelist() if name.startswith("word/media/")]) == 60 * 5 * 3
    with zipfile.ZipFile(tmp_path / "merged" / "材料汇总.zip") as archive:
        assert len([name for name in archive.namelist() if name.startswith("照片/")]) == 60 * 3
    assert int(done.stdout.split()[-1]) * 1024 < OCTETS
