"""winmail.dat and .msg."""

import struct
from pathlib import Path

import pytest

from pipeline.cache.workplace import Workplace
from pipeline.message.outlook import Wrapped, read_msg, read_tnef
from pipeline.model.files import FileKind, Problem
from tests.mails import DOCX, parse, qq_web


def _attribute(level: int, number: int, value: bytes) -> bytes:
    return struct.pack("<BLL", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def _tnef() -> bytes:
    """Two files: one named in the OEM code page, one by a Unicode property."""
    long_name = "孙庄村写实表.docx".encode("utf-16-le") + b"\0\0"
    value = struct.pack("<LL", 1, len(long_name)) + long_name + bytes(-len(long_name) % 4)
    properties = struct.pack("<LHHL", 2, 0x0003, 0x3705, 1) + struct.pack("<HH", 0x001F, 0x3707) + value
    return b"".join(
        [
            bytes.fromhex("789f3e22"),
            b"\x01\0",
            _attribute(1, 0x00069007, struct.pack("<LL", 936, 0)),
            _attribute(2, 0x00069002, bytes(14)),
            _attribute(2, 0x00018010, "总结.docx".encode("gbk") + b"\0"),
            _attribute(2, 0x0006800F, DOCX),
            _attribute(2, 0x00069002, bytes(14)),
            _attribute(2, 0x00018010, b"____~1.DOC\0"),
            _attribute(2, 0x0006800F, b"x"),
            _attribute(2, 0x00069005, properties),
        ]
    )


def _files(wrapped: Wrapped) -> list[tuple[tuple[str, ...], bytes]]:
    return [(names, file.path.read_bytes()) for names, file in wrapped.files]


def test_files_of_a_winmail_dat(tmp_path: Path) -> None:
    """With their long names and their octets."""
    place = Workplace(tmp_path)
    wrapped = read_tnef(place.lay([_tnef()]).path, place.lay)
    assert wrapped is not None
    assert _files(wrapped) == [(("总结.docx",), DOCX), (("孙庄村写实表.docx",), b"x")]


def test_a_winmail_dat_in_a_mail() -> None:
    """Its files stand for it."""
    attachments = parse(qq_web("x", "x", [("winmail.dat", _tnef())])).attachments
    assert [each.path for each in attachments] == [("winmail.dat", "总结.docx"), ("winmail.dat", "孙庄村写实表.docx")]


def test_one_cut_short_never_fails(tmp_path: Path) -> None:
    """Whole files or none: half of one is never taken for the whole."""
    whole, place = _tnef(), Workplace(tmp_path)
    for end in range(4, len(whole), 31):
        wrapped = read_tnef(place.lay([whole[:end]]).path, place.lay)
        assert wrapped is None or all(octets in {DOCX, b"x", b""} for _, octets in _files(wrapped))


@pytest.mark.parametrize("octets", [b"", bytes(600), bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)])
def test_no_msg(octets: bytes, tmp_path: Path) -> None:
    """None rather than an error."""
    place = Workplace(tmp_path)
    assert read_msg(place.lay([octets]).path, place.lay) is None


def test_a_damaged_one_stands_for_itself() -> None:
    """The sender can be told of it."""
    (attachment,) = parse(qq_web("x", "x", [("winmail.dat", _tnef()[:300])])).attachments
    assert (attachment.path, attachment.sniffed_kind) == (("winmail.dat",), FileKind.TNEF)
    assert attachment.problem is Problem.DAMAGED
