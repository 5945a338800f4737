"""Zip and gzip archives, and what holds for all of them."""

import io
import zipfile

import pytest

from pipeline.archive import Limits, is_junk
from pipeline.model.files import Problem
from tests.archives import judge, names, unfold
from tests.mails import DOCX, zip_of

PHOTO = bytes(range(256)) * 40


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_names_with_and_without_a_mark(charset: str) -> None:
    """Folders stay as the sender wrote them; a name beyond GB 2312 does not spoil the others."""
    files = [("孙庄村/2写实表/写实表（孙庄村）.docx", DOCX), ("孙庄村/王喆.jpg", PHOTO)]
    assert names(zip_of(files, charset)) == [(name,) for name, _ in files]


def test_utf8_names_without_a_mark() -> None:
    """Seen: phones pack UTF-8 names without the flag."""
    octets = zip_of([("孙庄村.jpg", PHOTO)], "utf-8-sig")
    assert names(octets.replace(b"\xef\xbb\xbf", b"xxx")) == [("xxx孙庄村.jpg",)]


def test_members_come_with_their_octets() -> None:
    """Documents are no archives; archives within are opened; a system's traces are left out."""
    inner = zip_of([("1.jpg", PHOTO)])
    files = [
        ("a.docx", DOCX),
        ("照片.zip", inner),
        ("照片/Thumbs.db", b"x"),
        ("__MACOSX/._a.docx", b"x"),
        ("~$a.docx", b"x"),
    ]
    members = unfold(zip_of(files))
    assert [member.names for member in members] == [("a.docx",), ("照片.zip", "1.jpg")]
    assert [member.octets for member in members] == [DOCX, PHOTO]


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/job", "/etc/passwd", "C:\\Windows\\a.exe", "a\\..\\..\\b", "照片/../../x"]
)
def test_names_that_lead_outside(name: str) -> None:
    """One such name makes the whole archive hostile."""
    assert judge(zip_of([("照片1.jpg", PHOTO), (name, b"x")])) is Problem.HOSTILE


def test_a_link_that_leads_outside() -> None:
    """A symbolic link within is passed over, one to the outside is an attack."""
    for target, problem in (("/etc/passwd", Problem.HOSTILE), ("1.jpg", None)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            link = zipfile.ZipInfo("link")
            link.create_system, link.external_attr = 3, 0o120777 << 16
            archive.writestr(link, target)
            archive.writestr("1.jpg", PHOTO)
        assert judge(out.getvalue()) is problem
    assert names(out.getvalue()) == [("1.jpg",)]


def test_bombs_are_counted_while_they_unfold() -> None:
    """By member, by the whole, by ratio, by number and by depth; inner archives count for the outer one."""
    zeros = zip_of([("1.jpg", bytes(3_000_000)), ("2.jpg", bytes(3_000_000))])
    assert judge(zeros, Limits(member_size=2_000_000)) is Problem.HOSTILE
    assert judge(zeros, Limits(total_size=5_000_000)) is Problem.HOSTILE
    assert judge(zeros, Limits(ratio_floor=5_000_000)) is Problem.HOSTILE
    assert judge(zip_of([("活动照片/照片.zip", zeros)]), Limits(ratio_floor=5_000_000)) is Problem.HOSTILE
    assert judge(zeros, Limits(members=1)) is Problem.HOSTILE
    assert judge(zeros) is None


def test_a_lie_about_the_size_does_not_help() -> None:
    """The declared sizes are never believed."""
    octets = zip_of([("1.jpg", bytes(3_000_000))]).replace(
        (3_000_000).to_bytes(4, "little"), (300).to_bytes(4, "little")
    )
    limits = Limits(member_size=2_000_000)
    members = [] if judge(octets, limits) is Problem.HOSTILE else unfold(octets)
    assert all(len(member.octets) <= 300 for member in members)


def test_a_nest_of_archives() -> None:
    """Three deep is opened, deeper is hostile."""
    nest = zip_of([("1.jpg", PHOTO)])
    for _ in range(2):
        nest = zip_of([("a.zip", nest)])
    assert names(nest) == [("a.zip", "a.zip", "1.jpg")]
    assert judge(zip_of([("a.zip", nest)])) is Problem.HOSTILE


def test_archives_that_cannot_be_opened() -> None:
    """Encrypted, cut short, or with nothing in them."""
    whole = zip_of([("1.jpg", PHOTO)])
    encrypted = whole.replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\x01\0").replace(
        b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\x01\0"
    )
    assert judge(encrypted) is Problem.ENCRYPTED
    assert judge(whole[:-30]) is Problem.DAMAGED
    assert judge(zip_of([])) is Problem.EMPTY
    assert judge(zip_of([("照片/", b""), ("照片/Thumbs.db", b"x")])) is Problem.EMPTY


def test_one_bad_member_does_not_cost_the_others() -> None:
    """It carries its own problem; so does an inner archive that cannot be opened."""
    stored = zip_of([("1.jpg", PHOTO), ("2.jpg", PHOTO[::-1])], method=zipfile.ZIP_STORED)
    spoiled = stored.replace(PHOTO, b"x" * len(PHOTO))
    assert judge(spoiled) is None
    assert [member.problem for member in unfold(spoiled)] == [Problem.DAMAGED, None]
    inner = zip_of([("1.jpg", PHOTO)])[:-30]
    (member,) = unfold(zip_of([("照片.zip", inner)]))
    assert (member.names, member.octets, member.problem) == (("照片.zip",), inner, Problem.DAMAGED)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_within_each_compression(method: int) -> None:
    """Every decompressor's own error is the member's damage."""
    whole = bytearray(zip_of([("1.jpg", PHOTO)], method=method))
    start = len(b"PK\x03\x04") + 26 + len("1.jpg") + 9  # past what describes an LZMA stream
    whole[start : start + 20] = bytes(range(235, 255))
    assert judge(bytes(whole)) is None
    assert [member.problem for member in unfold(bytes(whole))] == [Problem.DAMAGED]


def test_a_name_that_differs_in_the_local_header() -> None:
    """Seen: packers that write slashes in one place and backslashes in the other."""
    octets = zip_of([("照片/1.jpg", PHOTO)])
    at = octets.index(b"PK\x01\x02")
    octets = octets[:at] + octets[at:].replace("照片/".encode(), "照片\\".encode())
    assert [(member.names, member.octets) for member in unfold(octets)] == [(("照片\\1.jpg",), PHOTO)]


@pytest.mark.parametrize(
    "name", ["照片/Thumbs.db", ".DS_Store", "__MACOSX/照片/._1.jpg", "~$总结.docx", "smime.p7s", "会议.ics"]
)
def test_junk(name: str) -> None:
    """Traces of systems and of programs."""
    assert is_junk(name)


def test_no_junk() -> None:
    """Anything else is somebody's file."""
    assert not is_junk("照片/thumbs.jpg")
