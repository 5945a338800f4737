"""The month as a whole: what its mails are, when they come, what they carry."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

import av
import docx
import openpyxl
import pytest
from PIL import Image, UnidentifiedImageError

from pipeline.demo.month import Month, MonthMail, write_month
from pipeline.demo.villages import VILLAGES
from tests.demo.conftest import BLANK_PROGRESS, BLANK_STATISTICS


@cache
def files_of(mail: MonthMail) -> tuple[tuple[str, bytes], ...]:
    """Name and octets of each file of a mail, also within forwarded mails and readable archives."""
    return tuple(_files_of(read(mail)))


def _files_of(message: Message) -> Iterator[tuple[str, bytes]]:
    for part in message.walk():
        raw = part.get_filename()
        if raw is None or part.get_content_type() == "message/rfc822":
            continue
        name, octets = str(make_header(decode_header(raw))), part.get_payload(decode=True)
        assert isinstance(octets, bytes)
        archive = zipfile.ZipFile(io.BytesIO(octets), metadata_encoding="gbk") if name.endswith(".zip") else None
        if archive is None or any(entry.flag_bits & 1 for entry in archive.infolist()):
            yield name, octets
        else:
            yield from ((entry, archive.read(entry)) for entry in archive.namelist())


def read(mail: MonthMail) -> Message:
    return message_from_bytes(mail.path.read_bytes())


def files_named(month: Month, ending: str, *, of: str = "") -> list[tuple[MonthMail, bytes]]:
    found = [
        (mail, octets) for mail in month.mails for name, octets in files_of(mail) if name.endswith(ending) and octets
    ]
    return [(mail, octets) for mail, octets in found if not of or of in mail.deliverables]


def mails_told(month: Month, story: str) -> list[MonthMail]:
    return [mail for mail in month.mails if story in mail.story]


def test_same_seed_same_octets(month: Month, tmp_path: Path) -> None:
    """One seed gives one month, to the octet: a difference between two runs of the demo is then the product's."""
    again = write_month(tmp_path, blank_progress=BLANK_PROGRESS, blank_statistics=BLANK_STATISTICS)
    assert [mail.path.read_bytes() for mail in again.mails] == [mail.path.read_bytes() for mail in month.mails]
    assert again.register_csv.read_bytes() == month.register_csv.read_bytes()


def test_size_of_the_month(month: Month) -> None:
    """Enough mail for a month, little enough for any machine."""
    assert 45 <= len(month.mails) <= 60
    assert sum(mail.path.stat().st_size for mail in month.mails) < 30_000_000


def test_register_names_the_villages(month: Month) -> None:
    """The register written is that of the villages, with the columns of the office's own."""
    with month.register_csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (
        [row["village"] for row in rows] == [village.name for village in month.villages] == [v.name for v in VILLAGES]
    )
    assert list(rows[0]) == ["village", "aliases", "addresses", "contact"]
    assert all(row["addresses"] for row in rows)


def test_every_mail_arrives_once(month: Month) -> None:
    """Each mail belongs to one day's poll, the first at or after its arrival."""
    polled = [path for day in month.days for path in day.mails]
    assert sorted(polled) == [mail.path for mail in month.mails]
    arrivals = {mail.path: mail.arrived_at for mail in month.mails}
    for before, day in zip((None, *month.days), month.days, strict=False):
        for path in day.mails:
            assert arrivals[path] <= day.moment
            assert before is None or arrivals[path] > before.moment


def test_moments_are_of_the_campaign(month: Month) -> None:
    """Polls go forward in time, in the campaign's zone, from the notice to after the last deadline."""
    moments = [day.moment for day in month.days]
    assert moments == sorted(set(moments))
    assert all(moment.utcoffset() == timedelta(hours=8) for moment in moments)
    assert (moments[0].date().isoformat(), moments[-1].date().isoformat()) == ("2023-04-28", "2023-06-12")


def test_mails_parse(month: Month) -> None:
    """The standard library's parser finds no defect in any mail, and the topmost Received tells the arrival."""
    for mail in month.mails:
        message = read(mail)
        assert not [defect for part in message.walk() for defect in part.defects], mail.story
        received = message.get_all("Received")
        assert received is not None
        assert parsedate_to_datetime(received[0].rpartition(";")[2].strip()) == mail.arrived_at
        assert message["Message-ID"], mail.story


def test_message_ids_differ(month: Month) -> None:
    """No two mails share a Message-ID, save the one delivered twice."""
    ids = [read(mail)["Message-ID"] for mail in month.mails]
    assert len(ids) - len(set(ids)) == len(mails_told(month, "identical")) == 1


def test_identical_mail_differs_in_transport_alone(month: Month) -> None:
    """The mail delivered twice is the same but for the moment of its arrival."""
    (copy,) = mails_told(month, "identical")
    (first,) = [mail for mail in month.mails if read(mail)["Message-ID"] == read(copy)["Message-ID"] and mail != copy]
    assert first.path.read_bytes() != copy.path.read_bytes()
    assert first.path.read_bytes().split(b"\r\nFrom:")[1] == copy.path.read_bytes().split(b"\r\nFrom:")[1]
    assert (first.answered, copy.answered) == (True, False)


@pytest.mark.parametrize("mark", ["TCMime 1.0 by Tencent", "X-QQ-WAPMAIL", "Coremail Webmail Server", "Foxmail 7.2"])
def test_clients_show_their_marks(month: Month, mark: str) -> None:
    """Each program that villages use has written some of the mails."""
    assert sum(mark.encode() in mail.path.read_bytes() for mail in month.mails) >= 3


@pytest.mark.parametrize("charset", ["gb18030", "GBK", "GB2312", "utf-8"])
def test_charsets_occur(month: Month, charset: str) -> None:
    """Subjects and file names come in all charsets that villages' programs use."""
    assert any(f'filename="=?{charset}?'.encode() in mail.path.read_bytes() for mail in month.mails)
    assert any(f"Subject: =?{charset}?".encode() in mail.path.read_bytes() for mail in month.mails)


def test_noise_is_not_answered(month: Month) -> None:
    """What belongs to no village of the register asks for no answer, save a table from a village unknown."""
    strangers = [mail for mail in month.mails if mail.village is None]
    assert len(strangers) >= 6
    assert [mail.expected_codes for mail in strangers if mail.answered] == [{"village-unknown"}]
    assert all(not mail.expected_codes for mail in strangers if not mail.answered)


def test_exemplary_villages_hand_in_everything(month: Month) -> None:
    """Two villages bring all eight deliverables and earn no code; all the others earn some."""
    codes: dict[str, set[str]] = {village.name: set() for village in month.villages}
    brought: dict[str, set[str]] = {village.name: set() for village in month.villages}
    for mail in month.mails:
        if mail.village:
            codes[mail.village.name] |= mail.expected_codes
            brought[mail.village.name] |= set(mail.deliverables)
    assert {name for name, found in codes.items() if not found} == {"万张村", "东柳行村"}
    assert {len(found) for found in brought.values()} == {8}


def test_progress_tables_keep_the_form(month: Month) -> None:
    """Every progress table is the office's form filled in: same headings, save the one that has a column added."""
    blank = [cell.text for cell in docx.Document(str(BLANK_PROGRESS)).tables[0].rows[0].cells]
    seen = 0
    for mail, octets in files_named(month, ".docx"):
        if not any(each.startswith("progress") for each in mail.deliverables):
            continue
        document = docx.Document(io.BytesIO(octets))
        headings = [cell.text for cell in document.tables[0].rows[0].cells]
        assert (headings == blank) is ("form-changed" not in mail.expected_codes)
        signed = document.paragraphs[1].text != "单位：　　　　村委会"
        assert signed is ("unit-blank" not in mail.expected_codes)
        assert len(document.inline_shapes) >= 4
        seen += 1
    assert seen >= 18


def test_statistics_keep_the_form(month: Month) -> None:
    """Filled in, the statistics form still reads like the blank one where there were headings, in Word and in Excel."""
    source = docx.Document(str(BLANK_STATISTICS)).tables[0]
    blank = {cell.text for row in source.rows for cell in row.cells if cell.text}
    word = [
        document.tables[0]
        for mail, octets in files_named(month, ".docx", of="statistics")
        if "信息统计表" in (document := docx.Document(io.BytesIO(octets))).paragraphs[0].text
    ]
    assert len(word) >= 5
    for table in word:
        assert blank <= {cell.text for row in table.rows for cell in row.cells}
    books = [openpyxl.load_workbook(io.BytesIO(octets)) for _, octets in files_named(month, ".xlsx")]
    assert len(books) == 2
    for book in books:
        values = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
        assert blank <= set(values)
        assert sum(isinstance(value, int) for value in values) == 6


def test_photos_are_photos(month: Month) -> None:
    """Photos are JPEGs of some size, no two alike; one only is cut off."""
    whole, cut = [], []
    for mail, octets in files_named(month, ".jpg"):
        try:
            image = Image.open(io.BytesIO(octets))
            image.load()
            whole.append((mail, image))
        except (OSError, UnidentifiedImageError):
            cut.append(mail)
    assert {(image.format, image.size) for _, image in whole} == {("JPEG", (1280, 960))}
    assert [mail.expected_codes >= {"file-unreadable"} for mail in cut] == [True]
    assert {mail.village.name for mail, image in whole if image.getexif() and mail.village} == {"东柳行村"}


def test_videos_play(month: Month) -> None:
    """Every video but the one cut off decodes and lasts five seconds or more."""
    durations = []
    for mail, octets in files_named(month, ".mp4"):
        assert len(octets) < 300_000
        if "video-unreadable" in mail.expected_codes:
            with pytest.raises(av.error.InvalidDataError):
                av.open(io.BytesIO(octets))
            continue
        with av.open(io.BytesIO(octets), "r") as container:
            frames = [frame.time for frame in container.decode(video=0)]
        durations.append(frames[-1] or 0)
    assert len(durations) == 5
    assert min(durations) >= 5


def test_cloud_link_stands_for_the_video(month: Month) -> None:
    """One village sends a link of QQ Mail in place of its video, in both forms of the text."""
    (mail,) = [mail for mail in month.mails if "cloud-link" in mail.expected_codes]
    texts = []
    for part in read(mail).walk():
        if part.get_content_maintype() == "text":
            octets = part.get_payload(decode=True)
            assert isinstance(octets, bytes)
            texts.append(octets.decode(part.get_content_charset() or "ascii"))
    assert len(texts) == 2
    assert all("从QQ邮箱发来的超大附件" in text and "https://wx.mail.qq.com/ftn/download?" in text for text in texts)


def test_empty_and_encrypted_files(month: Month) -> None:
    """The file without octets has none, and the archive with a password opens with it alone."""
    (empty,) = [mail for mail in month.mails if "file-empty" in mail.expected_codes]
    assert [octets for _, octets in files_of(empty)] == [b""]
    (shut,) = [mail for mail in month.mails if "file-encrypted" in mail.expected_codes]
    ((_, octets),) = files_of(shut)
    archive = zipfile.ZipFile(io.BytesIO(octets), metadata_encoding="gbk")
    (entry,) = archive.namelist()
    with pytest.raises(RuntimeError):
        archive.read(entry)
    assert docx.Document(io.BytesIO(archive.read(entry, pwd=b"529"))).paragraphs
