"""What a file is by its content, whatever its name or its sender says.

No library does this for our purpose: puremagic and filetype know first octets but not the difference of docx and
docm, of a .doc and an .xls (both OLE), or of an archive and a document (both zip). Compound files are read by olefile.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import olefile

from pipeline.model.files import FileKind
from pipeline.octets import Octets
from pipeline.text.charset import decode_octets

_HEAD = 65_536  # octets that signatures and text are judged by
MOST_ENTRIES = 20_000  # of a zip's directory; each one costs memory before anything is unpacked

# Offset, octets, kind: the first that fits. Longer ones stand before shorter ones.
_SIGNATURES: tuple[tuple[int, bytes, FileKind], ...] = (
    (0, b"\xff\xd8\xff", FileKind.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (0, b"GIF87a", FileKind.GIF),
    (0, b"GIF89a", FileKind.GIF),
    (0, b"II*\0", FileKind.TIFF),
    (0, b"MM\0*", FileKind.TIFF),
    (0, b"{\\rt", FileKind.RTF),
    (0, b"Rar!\x1a\x07", FileKind.RAR),
    (0, b"7z\xbc\xaf\x27\x1c", FileKind.SEVEN_ZIP),
    (0, b"\x1f\x8b\x08", FileKind.GZIP),
    *(
        (0, b"BZh%d" % level + block, FileKind.BZIP2)
        for level in range(1, 10)
        for block in (b"1AY&SY", b"\x17rE8P\x90")
    ),
    (0, b"\xfd7zXZ\0", FileKind.XZ),
    (0, b"\x28\xb5\x2f\xfd", FileKind.ZSTD),
    (257, b"ustar", FileKind.TAR),
    (0, b"\x78\x9f\x3e\x22", FileKind.TNEF),
    (0, b"\x1a\x45\xdf\xa3", FileKind.MKV),
    (0, b"FLV\x01", FileKind.FLV),
    (0, b"\x00\x00\x01\xba", FileKind.MPEG),
    (0, b"\x00\x00\x01\xb3", FileKind.MPEG),
    (0, b"ID3", FileKind.AUDIO),
    (0, b"OggS", FileKind.AUDIO),
    (0, b"fLaC", FileKind.AUDIO),
    (0, b"MThd", FileKind.AUDIO),
    (0, b"MAC ", FileKind.AUDIO),
    (0, b"#!AMR", FileKind.AUDIO),
    (0, b"\x7fELF", FileKind.EXECUTABLE),
    (0, b"\xca\xfe\xba\xbe", FileKind.EXECUTABLE),
    (0, b"\xcf\xfa\xed\xfe", FileKind.EXECUTABLE),
    (0, b"L\0\0\0\x01\x14\x02\0", FileKind.SHORTCUT),
    (0, b"[InternetShortcut]", FileKind.SHORTCUT),
)
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_RIFF = {b"AVI ": FileKind.AVI, b"WEBP": FileKind.WEBP, b"WAVE": FileKind.AUDIO}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_QUICKTIME_BOXES = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})

_OFFICE_TYPES: tuple[tuple[bytes, FileKind], ...] = (
    (b"word.document.macroEnabled", FileKind.DOCM),
    (b"word.template.macroEnabled", FileKind.DOCM),
    (b"wordprocessingml.document.main", FileKind.DOCX),
    (b"wordprocessingml.template.main", FileKind.DOCX),
    (b"excel.sheet.macroEnabled", FileKind.XLSM),
    (b"excel.template.macroEnabled", FileKind.XLSM),
    (b"excel.sheet.binary.macroEnabled", FileKind.XLSM),
    (b"spreadsheetml.sheet.main", FileKind.XLSX),
    (b"spreadsheetml.template.main", FileKind.XLSX),
    (b"powerpoint.presentation.macroEnabled", FileKind.PPTX),
    (b"powerpoint.slideshow.macroEnabled", FileKind.PPTX),
    (b"presentationml.", FileKind.PPTX),
)
_OFFICE_PARTS: tuple[tuple[str, FileKind], ...] = (
    ("word/document.xml", FileKind.DOCX),
    ("xl/workbook.xml", FileKind.XLSX),
    ("ppt/presentation.xml", FileKind.PPTX),
)
_WITH_MACROS = {FileKind.DOCX: FileKind.DOCM, FileKind.XLSX: FileKind.XLSM}
_OPEN_DOCUMENTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"application/vnd.oasis.opendocument.text", FileKind.ODT),
    (b"application/vnd.oasis.opendocument.spreadsheet", FileKind.ODS),
)
_OLE_STREAMS: tuple[tuple[str, FileKind], ...] = (
    ("WordDocument", FileKind.DOC),
    ("Workbook", FileKind.XLS),
    ("Book", FileKind.XLS),
    ("PowerPoint Document", FileKind.PPT),
    ("__properties_version1.0", FileKind.MSG),
)
# What zipfile and olefile raise on files that are damaged or made to be so.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    ValueError,
    EOFError,
    RuntimeError,
    struct.error,
    OverflowError,
    KeyError,
    IndexError,
)
OLE_ERRORS = (
    OSError,
    ValueError,
    struct.error,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)

_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table)\b", re.I | re.S
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_MAIL_FIELD = re.compile(rb"^([A-Za-z][A-Za-z0-9-]*):", re.MULTILINE)
_MAIL_FIRST = re.compile(rb"\s*(?:From [^\n]*\n)?[A-Za-z][A-Za-z0-9-]{1,60}:")
_TRANSPORT = frozenset({b"received", b"return-path", b"message-id", b"delivered-to", b"x-mailer", b"to", b"x-qq-mid"})


def sniff_kind(source: bytes | Path) -> FileKind:
    """The kind of the file with these octets or at this path, judged by its content alone; never raises on content.

    A damaged document keeps its kind as long as that can still be told. An encrypted Office document is OLE: it is a
    compound file with a stream EncryptedPackage. OSError where a path cannot be read.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return _sniff(stream)
    return _sniff(io.BytesIO(source))


def _sniff(stream: BinaryIO) -> FileKind:
    head = stream.read(_HEAD)
    if not head:
        return FileKind.EMPTY
    for offset, octets, kind in _SIGNATURES:
        if head.startswith(octets, offset):
            return kind
    if head.startswith(b"PK") and head[2:4] in {b"\x03\x04", b"\x05\x06", b"\x07\x08", b"00"}:
        return _sniff_zip(stream)
    if head.startswith(olefile.MAGIC):
        return _sniff_ole(stream)
    return _sniff_media(head) or _sniff_text(head)


def _sniff_zip(stream: BinaryIO) -> FileKind:
    octets = Octets(stream)
    if octets.count(b"PK\x01\x02", MOST_ENTRIES) > MOST_ENTRIES:
        return FileKind.ZIP
    try:
        with zipfile.ZipFile(stream) as archive:
            return _sniff_entries(archive)
    except ZIP_ERRORS:
        # Cut short: its directory at the end is missing, yet the names before each entry are there.
        found = (kind for name, kind in _OFFICE_PARTS if octets.find(name.encode()) >= 0)
        return next(found, FileKind.ZIP) if octets.find(b"[Content_Types].xml") >= 0 else FileKind.ZIP


def _sniff_entries(archive: zipfile.ZipFile) -> FileKind:
    names = {name.replace("\\", "/") for name in archive.namelist()}
    kind = FileKind.ZIP
    if "[Content_Types].xml" in names:
        kind = _sniff_office(names, _read_entry(archive, "[Content_Types].xml"))
    elif "mimetype" in names or ("content.xml" in names and "META-INF/manifest.xml" in names):
        declared = _read_entry(archive, "mimetype") or _read_entry(archive, "META-INF/manifest.xml")
        kind = next((kind for name, kind in _OPEN_DOCUMENTS if name in declared), FileKind.UNKNOWN)
    elif "OFD.xml" in names:
        kind = FileKind.OFD
    elif any(name.endswith(".iwa") for name in names) or {"Index.zip", "preview.jpg"} <= names:
        kind = FileKind.UNKNOWN  # Pages and Numbers of Apple: no archive to whoever sent it
    elif "META-INF/MANIFEST.MF" in names:
        kind = FileKind.EXECUTABLE  # jar and apk
    return kind


def _sniff_office(names: set[str], types: bytes) -> FileKind:
    kind = next((kind for octets, kind in _OFFICE_TYPES if octets in types), None)
    kind = kind or next((kind for name, kind in _OFFICE_PARTS if name in names), FileKind.UNKNOWN)
    # Seen: a .docm renamed and its content type mended, its program still inside.
    return _WITH_MACROS.get(kind, kind) if any(name.endswith("/vbaProject.bin") for name in names) else kind


def _read_entry(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as entry:
            return entry.read(1_000_000)
    except ZIP_ERRORS:
        return b""


def _sniff_ole(stream: BinaryIO) -> FileKind:
    octets = Octets(stream)
    stream.seek(0)
    try:
        with closing(olefile.OleFileIO(stream)) as compound:
            names = {str(entry[0]).lower() for entry in compound.listdir() if len(entry) == 1}
    except OLE_ERRORS:
        names = set()
    for name, kind in _OLE_STREAMS:
        if name.lower() in names:  # names of a compound file know no case (MS-CFB 2.6.4)
            return kind
    if names:
        return FileKind.OLE
    # Cut short: look for the name as a directory entry holds it, UTF-16 with its length two octets after.
    found = (kind for name, kind in _OLE_STREAMS[:2] if octets.find(name.encode("utf-16-le")) >= 0)
    return next(found, FileKind.OLE)


def _sniff_media(head: bytes) -> FileKind | None:
    kind = None
    if head[4:8] == b"ftyp":
        kind = _sniff_brand(head)
    elif head[4:8] in _QUICKTIME_BOXES:
        kind = FileKind.MOV
    elif head.startswith(b"RIFF"):
        kind = _RIFF.get(head[8:12], FileKind.UNKNOWN)
    elif head.startswith(_ASF):
        kind = FileKind.WMV if _ASF_VIDEO in head else FileKind.AUDIO
    elif head.startswith(b"BM") and len(head) >= 26 and int.from_bytes(head[14:18], "little") in {12, 40, 108, 124}:
        kind = FileKind.BMP
    elif len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        kind = FileKind.MPEG  # transport stream
    elif _is_audio_frame(head):
        kind = FileKind.AUDIO
    elif head.startswith(b"MZ") and len(head) >= 64:
        kind = FileKind.EXECUTABLE
    return kind


def _sniff_brand(head: bytes) -> FileKind:
    """ISO/IEC 14496-12: the major brand, then the compatible ones."""
    brand = head[8:12]
    size = min(int.from_bytes(head[:4], "big"), 256)
    compatible = {head[at : at + 4] for at in range(16, max(size, 16), 4)}
    if brand in _HEIC_BRANDS or (compatible & {b"heic", b"heix"}):
        return FileKind.HEIC
    if brand == b"qt  ":
        return FileKind.MOV
    if brand[:3] in {b"3gp", b"3g2", b"3gr", b"3gs", b"3ge", b"3gg"}:
        return FileKind.THREEGP
    if brand in {b"M4A ", b"M4B ", b"M4P "}:
        return FileKind.AUDIO
    return FileKind.MP4


def _is_audio_frame(head: bytes) -> bool:
    """An MPEG audio or ADTS frame header: eleven or twelve bits of sync, and no reserved value after them."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    if head[1] & 0xF6 == 0xF0:
        return head[2] & 0x3C <= 0x30  # ADTS: thirteen sampling rates
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer in {1, 2} and head[2] >> 4 not in {0, 15} and head[2] >> 2 & 3 != 3


def _sniff_text(head: bytes) -> FileKind:
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    if _HTML.match(head[3:] if head.startswith(b"\xef\xbb\xbf") else head):
        return FileKind.HTML
    if _MAIL_FIRST.match(head):
        kind = _sniff_mail(head)
        if kind:
            return kind
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return FileKind.TEXT
    if b"\0" in head:
        return FileKind.UNKNOWN
    text = decode_octets(head)
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return FileKind.TEXT if controls + text.count("\ufffd") <= len(text) * 0.02 else FileKind.UNKNOWN


def _sniff_mail(head: bytes) -> FileKind | None:
    top = re.split(rb"\r?\n\r?\n", head.lstrip(), maxsplit=1)[0]
    names = {name.lower() for name in _MAIL_FIELD.findall(top)}
    if b"from" in names and names & _TRANSPORT and names & {b"date", b"subject", b"mime-version", b"received"}:
        return FileKind.EML
    if b"mime-version" in names and b"content-type" in names:
        return FileKind.HTML  # a web page saved whole (MHTML); seen: such pages named .doc
    return None
