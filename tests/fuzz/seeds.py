"""What mutation begins with: files that the tests make, and those of a corpus where one is at hand."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import openpyxl

from pipeline.model.files import FileKind
from pipeline.sniff import sniff_kind
from tests import bounces, mails
from tests.content import compound, scenes
from tests.content.test_pdf import pdf
from tests.content.test_sheet import old_workbook
from tests.flow.township import plan, progress, statistics, write_mail
from tests.message.test_outlook import _tnef

MOST_OCTETS = 60_000  # of a seed: a large one is mutated slowly, and where it does not matter

_RTF = rb"""{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0 SimSun;}}\pard \'ca\'af\'c7\'c5 village \u26691?\par
\trowd\cellx2000\cellx4000\intbl one\cell two\cell\row{\*\shppict{\pict\jpegblip\picw10\pich10 ffd8ffe000104a46}}}"""

# Of which target a file of the corpus is a seed, by what it is.
_KINDS = {
    "message": {FileKind.EML, FileKind.TEXT, FileKind.HTML},
    "tnef": {FileKind.TNEF},
    "msg": {FileKind.MSG},
    "zip": {FileKind.ZIP},
    "gzip": {FileKind.GZIP},
    "tar": {FileKind.TAR},
    "word": {FileKind.DOCX, FileKind.DOCM},
    "embedded": {FileKind.DOCX, FileKind.DOCM},
    "doc": {FileKind.DOC},
    "rtf": {FileKind.RTF},
    "sheet": {FileKind.XLSX, FileKind.XLSM, FileKind.XLS},
    "pdf": {FileKind.PDF},
    "text": {FileKind.HTML, FileKind.TEXT},
    "picture": {FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.BMP, FileKind.WEBP, FileKind.HEIC},
}


def made_seeds(target: str) -> list[bytes]:
    """Small files of this target's kind, always the same."""
    word = plan("石桥村")
    match target:
        case "message":
            return [
                mails.qq_web("石桥村方案", "请查收", [("a.docx", b"PK"), ("a.zip", mails.zip_of([("a", b"b")]))]),
                mails.netease_web("石桥村", "见附件", [("照片.jpg", b"\xff\xd8\xff\xe0")]),
                mails.gateway("石桥村", "已发", [("表.xls", b"x")]),
                mails.html_mail("<a href='https://wx.mail.qq.com/ftn/download?k=1'>方案.docx</a>"),
                write_mail("a@b.cn", "转发", ("内.eml", mails.plain("里面的信")), text="begin 644 a\n#0V%T\n`\nend\n"),
                bounces.qq("a@b.cn", "答复", "550 User not found"),
            ]  # fmt: skip
        case "tnef":
            return [_tnef()]
        case "msg":
            return [compound.compound_file({"__properties_version1.0": b"\0" * 64, "__substg1.0_0037001F": b"a\0b\0"})]
        case "zip":
            return [mails.zip_of([("照片/1.jpg", b"x" * 500), ("内.zip", mails.zip_of([("方案.docx", word)]))], "gbk")]
        case "gzip":
            return [gzip.compress(b"text" * 99, mtime=0), gzip.compress(_tar_of("a/b.txt", b"text"), mtime=0)]
        case "tar":
            return [_tar_of("方案.docx", word[:3000])]
        case "word" | "embedded":
            return [word, progress("石桥村", rows=1, pictures=0)]
        case "doc":
            return [compound.word_97(["石桥村活动方案"], [["时间", "地点"], ["5月3日", "广场"]])]
        case "rtf":
            return [_RTF]
        case "sheet":
            return [old_workbook((0, 0, "村"), (1, 1, 3.0), merge=(0, 1, 0, 0)), _workbook()]
        case "pdf":
            return [pdf("a plan", "of the village")]
        case "text":
            return ["<table><tr><td colspan=2>村<td rowspan=3>3</table><img src='data:image/png;base64,aaaa'>".encode()]
        case _:
            return [scenes.octets(scenes.scene(size=(64, 48))), statistics("石桥村")[:200]]


def corpus_seeds(target: str, corpus: Path, most: int = 400) -> list[bytes]:
    """Files of a corpus that are of this target's kind, the smallest first."""
    files = sorted((each for each in corpus.rglob("*") if each.is_file()), key=lambda each: each.stat().st_size)
    found = []
    for file in files:
        if file.stat().st_size > MOST_OCTETS or file.suffix in (".tsv", ".md"):
            continue
        octets = file.read_bytes()
        if sniff_kind(octets) in _KINDS[target] or (target == "message" and "mime" in file.parts):
            found.append(octets)
    return found[:most]


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (("村", "场次"), ("石桥村", 3)):
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _tar_of(name: str, octets: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(octets)
        archive.addfile(member, io.BytesIO(octets))
    return stream.getvalue()
