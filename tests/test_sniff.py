"""What a file is by its content."""

import gzip
import io
from pathlib import Path

import pytest
from PIL import Image

from pipeline.model.files import FileKind
from pipeline.sniff import sniff_kind
from tests.mails import DOCX, office, picture, plain, zip_of

WORD = "word/document.xml"
MACRO_WORD = "vnd.ms-word.document.macroEnabled.main"


def _ole(*streams: str) -> bytes:
    """A compound file (MS-CFB) of version 3 with these empty streams in its root."""
    free, end = b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff"
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + bytes(10)
    header += (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4) + (4096).to_bytes(4, "little")
    header += end + bytes(4) + end + bytes(4) + bytes(4) + free * 108
    table = b"\xfd\xff\xff\xff" + end + free * 126
    entries = b""
    names = ["Root Entry", *streams]
    for number, name in enumerate(names):
        raw = (name + "\0").encode("utf-16-le")
        right = (number + 1).to_bytes(4, "little") if 0 < number < len(names) - 1 else free
        child = (1).to_bytes(4, "little") if number == 0 and streams else free
        entry = raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") + (b"\x05" if number == 0 else b"\x02") + b"\x01"
        entries += entry + free + right + child + bytes(36) + end + bytes(8)
    return header + table + entries.ljust(512, b"\0")


def _mp4(brand: bytes) -> bytes:
    return b"\0\0\0\x14ftyp" + brand + b"\0\0\0\0" + brand


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        pytest.param(b"", FileKind.EMPTY, id="empty"),
        pytest.param(DOCX, FileKind.DOCX, id="docx"),
        pytest.param(office(MACRO_WORD, WORD), FileKind.DOCM, id="docm"),
        pytest.param(
            office(
                "vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                WORD,
                [("word/vbaProject.bin", b"x")],
            ),
            FileKind.DOCM,
            id="docm called docx",
        ),
        pytest.param(
            office("vnd.openxmlformats-officedocument.spreadsheetml.sheet.main", "xl/workbook.xml"),
            FileKind.XLSX,
            id="xlsx",
        ),
        pytest.param(office("vnd.ms-excel.sheet.macroEnabled.main", "xl/workbook.xml"), FileKind.XLSM, id="xlsm"),
        pytest.param(
            office("vnd.openxmlformats-officedocument.presentationml.presentation.main", "ppt/presentation.xml"),
            FileKind.PPTX,
            id="pptx",
        ),
        pytest.param(DOCX[: len(DOCX) // 2] + b"word/document.xml", FileKind.DOCX, id="docx cut short"),
        pytest.param(zip_of([("mimetype", b"application/vnd.oasis.opendocument.text")]), FileKind.ODT, id="odt"),
        pytest.param(zip_of([("META-INF/MANIFEST.MF", b"x")]), FileKind.EXECUTABLE, id="jar"),
        pytest.param(zip_of([("OFD.xml", b"<a/>"), ("Doc_0/Document.xml", b"<a/>")]), FileKind.OFD, id="ofd"),
        pytest.param(zip_of([("Index/Document.iwa", b"x"), ("preview.jpg", b"x")]), FileKind.UNKNOWN, id="pages"),
        pytest.param(b"L\0\0\0\x01\x14\x02\0" + bytes(60), FileKind.SHORTCUT, id="lnk"),
        pytest.param(b"[InternetShortcut]\r\nURL=http://x.cn/", FileKind.SHORTCUT, id="url"),
        pytest.param(zip_of([("a.docx", DOCX)]), FileKind.ZIP, id="archive with a docx"),
        pytest.param(zip_of([]), FileKind.ZIP, id="archive of nothing"),
        pytest.param(_ole("WordDocument"), FileKind.DOC, id="doc or wps"),
        pytest.param(_ole("WORKBOOK"), FileKind.XLS, id="xls or et"),
        pytest.param(_ole("PowerPoint Document"), FileKind.PPT, id="ppt"),
        pytest.param(_ole("__properties_version1.0"), FileKind.MSG, id="msg"),
        pytest.param(_ole("EncryptedPackage", "EncryptionInfo"), FileKind.OLE, id="encrypted docx"),
        pytest.param(_ole("WordDocument")[:600] + "WordDocument".encode("utf-16-le"), FileKind.DOC, id="doc cut short"),
        pytest.param(b"{\\rtf1 x}", FileKind.RTF, id="rtf"),
        pytest.param(b"\n%PDF-1.4\n", FileKind.PDF, id="pdf"),
        pytest.param(b"<html><body><table>", FileKind.HTML, id="page saved as doc"),
        pytest.param(b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", FileKind.HTML, id="mhtml"),
        pytest.param(plain("x", "From: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\n"), FileKind.EML, id="eml"),
        pytest.param("孙庄村，活动总结。".encode("gbk"), FileKind.TEXT, id="text in GBK"),
        pytest.param("时间: 5月9日\n地点: 文化广场\n".encode(), FileKind.TEXT, id="text with colons"),
        pytest.param(picture(8, 8), FileKind.JPEG, id="jpeg"),
        pytest.param(picture(8, 8, "PNG"), FileKind.PNG, id="png"),
        pytest.param(picture(8, 8, "GIF"), FileKind.GIF, id="gif"),
        pytest.param(picture(8, 8, "BMP"), FileKind.BMP, id="bmp"),
        pytest.param(picture(8, 8, "TIFF"), FileKind.TIFF, id="tiff"),
        pytest.param(_mp4(b"isom"), FileKind.MP4, id="mp4"),
        pytest.param(_mp4(b"qt  "), FileKind.MOV, id="mov"),
        pytest.param(_mp4(b"3gp5"), FileKind.THREEGP, id="3gp"),
        pytest.param(_mp4(b"heic"), FileKind.HEIC, id="heic"),
        pytest.param(_mp4(b"M4A "), FileKind.AUDIO, id="m4a"),
        pytest.param(b"\0\0\0\x08wide", FileKind.MOV, id="old mov"),
        pytest.param(b"RIFF\0\0\0\0AVI LIST", FileKind.AVI, id="avi"),
        pytest.param(b"RIFF\0\0\0\0WAVEfmt ", FileKind.AUDIO, id="wav"),
        pytest.param(b"ID3\x03\0", FileKind.AUDIO, id="mp3"),
        pytest.param(b"\xff\xfb\x90\x64" + bytes(64), FileKind.AUDIO, id="mp3 without a tag"),
        pytest.param("\ufeff总结".encode("utf-16-le"), FileKind.TEXT, id="UTF-16 looks like a frame of sound"),
        pytest.param(b"Rar!\x1a\x07\x01\0", FileKind.RAR, id="rar"),
        pytest.param(b"7z\xbc\xaf\x27\x1c\0", FileKind.SEVEN_ZIP, id="7z"),
        pytest.param(gzip.compress(b"x"), FileKind.GZIP, id="gz"),
        pytest.param(b"MZ" + bytes(100), FileKind.EXECUTABLE, id="exe"),
        pytest.param(bytes(100), FileKind.UNKNOWN, id="zeros"),
    ],
)
def test_kind_by_content(octets: bytes, kind: FileKind, tmp_path: Path) -> None:
    """Octets and a file of them are of the same kind."""
    file = tmp_path / "named.wrong"
    file.write_bytes(octets)
    assert sniff_kind(octets) is kind
    assert sniff_kind(file) is kind


def test_a_picture_of_webp() -> None:
    """RIFF holds pictures as well as films."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "WEBP")
    assert sniff_kind(out.getvalue()) is FileKind.WEBP


def test_damage_is_no_error() -> None:
    """Every beginning of every such file is of some kind."""
    for whole in (DOCX, _ole("WordDocument"), picture(8, 8), _mp4(b"isom")):
        for end in range(0, len(whole), 97):
            assert isinstance(sniff_kind(whole[:end]), FileKind)
