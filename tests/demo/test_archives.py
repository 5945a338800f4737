"""Archives: names in the charset asked for, no clock, and a cipher that others understand."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from pipeline.demo.archives import pack_zip, settle_time

MOMENT = datetime(2023, 5, 9, 10, 20, 30, tzinfo=UTC)
MEMBERS = {"材料/写实表.txt": "单位".encode() * 50, "空.txt": b""}


@pytest.mark.parametrize(("names", "flag"), [("gbk", 0), ("utf-8", 0x800)])
def test_names(names: str, flag: int) -> None:
    """Names stand in the charset asked for; only UTF-8 has its flag."""
    archive = zipfile.ZipFile(io.BytesIO(pack_zip(MEMBERS, MOMENT, names=names)), metadata_encoding="gbk")
    assert archive.testzip() is None
    assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == MEMBERS
    assert {entry.flag_bits for entry in archive.infolist()} == {flag}
    assert {entry.date_time for entry in archive.infolist()} == {(2023, 5, 9, 10, 20, 30)}


def test_password() -> None:
    """The standard library opens the archive with its password and with no other."""
    archive = zipfile.ZipFile(io.BytesIO(pack_zip(MEMBERS, MOMENT, password=b"529")), metadata_encoding="gbk")
    name = "材料/写实表.txt"
    assert archive.read(name, pwd=b"529") == MEMBERS[name]
    with pytest.raises((RuntimeError, zipfile.BadZipFile)):
        archive.read(name, pwd=b"530")


def test_settled_packages_are_equal() -> None:
    """A package written at two moments is the same after its time is settled."""
    core = b'<dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified>'

    def write(year: int) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            entry = zipfile.ZipInfo("docProps/core.xml", (year, 1, 1, 0, 0, 0))
            archive.writestr(entry, core % f"{year}-01-01T00:00:00Z".encode())
        return settle_time(stream.getvalue(), MOMENT)

    assert write(2023) == write(2024)
    assert core % b"2023-05-09T10:20:30Z" == zipfile.ZipFile(io.BytesIO(write(2023))).read("docProps/core.xml")
