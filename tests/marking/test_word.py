"""Comments in a village's Word document."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from PIL import Image
from pypdf import PdfReader

from pipeline.content.office import find_office
from pipeline.content.picture import scale_jpeg
from pipeline.marking.broken import Unmarkable
from pipeline.marking.cells import Spot
from pipeline.marking.word import mark_word
from tests.content.word_files import STRICT, cell, p, package, row, table
from tests.flow.township import progress
from tests.marking.returned import AT, comments

SPOT = Spot(0, 1, 1)
MOST = 2 << 20


def mark(octets: bytes, *spots: Spot, at: datetime = AT, most: int = MOST) -> bytes:
    return mark_word(octets, {spot: ["没有地点"] for spot in spots or (SPOT,)}, at, most=most)


def changed(octets: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(stream, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, change(source.read(name)) if name == part else source.read(name))
    return stream.getvalue()


def related(octets: bytes, kind: str, target: str, *, external: bool = True, part: str = "document") -> bytes:
    """The package with one relationship more."""
    mode = ' TargetMode="External"' if external else ""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    line = f'<Relationship Id="rId99" Type="{kinds}/{kind}" Target="{target}"{mode}/></Relationships>'.encode()
    return changed(octets, f"word/_rels/{part}.xml.rels", lambda rels: rels.replace(b"</Relationships>", line))


def test_comments_stand_at_their_cells() -> None:
    """Each at the whole of its cell or line, by the office, in the office's own time; what was written stays."""
    octets = progress("石桥村", place=False)
    said = {Spot(unit_line=True): ["没有单位"], Spot(0, 1, 1): ["没有时间", "没有地点"], Spot(0, 2, 2): ["1张照片"]}
    copy = mark_word(octets, said, AT, most=MOST)
    assert comments(copy) == [("line", ["没有单位"]), ("0/1/1", ["没有时间", "没有地点"]), ("0/2/2", ["1张照片"])]
    before, after = docx.Document(io.BytesIO(octets)), docx.Document(io.BytesIO(copy))
    texts = [[cell.text for row in each.tables[0].rows for cell in row.cells] for each in (before, after)]
    assert texts[0] == texts[1]
    assert len(after.inline_shapes) == len(before.inline_shapes) == 4
    (first, *_) = after.comments
    assert (first.author, first._comment_elm.get(qn("w:date"))) == ("报送系统", "2023-05-09T10:30:00")


def test_styles_go_back_as_they_came() -> None:
    """Octet by octet; but for the second set that Word 2010 kept for itself, which fills letters."""
    octets = progress("石桥村", place=False)
    with zipfile.ZipFile(io.BytesIO(octets)) as before, zipfile.ZipFile(io.BytesIO(mark(octets))) as after:
        assert after.read("word/styles.xml") == before.read("word/styles.xml")
        assert set(before.namelist()) - set(after.namelist()) == {"word/stylesWithEffects.xml"}


def test_a_blank_cell() -> None:
    """Where nothing is written the comment stands all the same."""
    copy = mark(progress("石桥村", pictures=0), Spot(0, 1, 2))
    assert comments(copy) == [("0/1/2", ["没有地点"])]


def test_merged_cells_and_content_controls() -> None:
    """The spot is a place of the grid: spans, merges and controls around rows and cells do not move it."""
    plain: Any = docx.Document()
    grid = plain.add_table(3, 3)
    grid.cell(0, 0).merge(grid.cell(0, 1))
    grid.cell(1, 0).merge(grid.cell(2, 0))
    grid.cell(2, 2).text = "这里"
    stream = io.BytesIO()
    plain.save(stream)
    assert comments(mark(stream.getvalue(), Spot(0, 2, 2))) == [("0/2/2", ["没有地点"])]

    def wrap(xml: bytes) -> bytes:
        return xml.replace(b"<w:tr>", b"<w:sdt><w:sdtContent><w:tr>").replace(
            b"</w:tr>", b"</w:tr></w:sdtContent></w:sdt>"
        )

    octets = changed(stream.getvalue(), "word/document.xml", wrap)
    assert comments(mark(octets, Spot(0, 2, 2))) == [("0/2/2", ["没有地点"])]


def test_a_second_round() -> None:
    """Our comments of the last time go, the village's own stay."""
    document: Any = docx.Document(io.BytesIO(mark(progress("石桥村", place=False), Spot(0, 1, 1), Spot(0, 2, 1))))
    document.add_comment(document.tables[0].cell(1, 0).paragraphs[0].runs, text="本村说明", author="石桥村")
    stream = io.BytesIO()
    document.save(stream)
    copy = mark(stream.getvalue(), Spot(0, 2, 2))
    assert comments(copy) == [("0/1/0", ["本村说明"]), ("0/2/2", ["没有地点"])]
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert archive.read("word/document.xml").count(b"<w:commentReference") == 2


def test_large_photos() -> None:
    """Above the limit photos are scaled to 1280 pixels; below it every octet of them stays."""
    stream = io.BytesIO()
    Image.effect_noise((2000, 1500), 80).convert("RGB").save(stream, "JPEG", quality=80)
    document: Any = docx.Document(io.BytesIO(progress("石桥村")))
    document.tables[0].cell(1, 2).paragraphs[0].add_run().add_picture(stream, width=Cm(4))
    whole = io.BytesIO()
    document.save(whole)
    assert stream.getvalue() in _media(mark(whole.getvalue()))
    sizes = [Image.open(io.BytesIO(each)).size for each in _media(mark(whole.getvalue(), most=1000))]
    assert (1280, 960) in sizes
    assert (2000, 1500) not in sizes


def _media(octets: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]


def test_scaling_leaves_the_photo_lying_as_it_lay() -> None:
    """Word turns a photo by its EXIF, so neither is the picture turned nor the EXIF lost."""
    exif = Image.Exif()
    exif[274] = 6
    stream = io.BytesIO()
    Image.new("RGB", (400, 300)).save(stream, "JPEG", exif=exif)
    small = Image.open(io.BytesIO(scale_jpeg(stream.getvalue(), 200)))
    assert (small.size, small.getexif()[274]) == ((200, 150), 6)


@pytest.mark.parametrize(
    "octets",
    [
        related(progress("石桥村"), "oleObject", "media/x", external=True),
        related(progress("石桥村"), "vbaProject", "settings.xml", external=False),
        related(progress("石桥村"), "image", "http://tracker.test/1.png"),
        related(progress("石桥村"), "hyperlink", "file://server/share"),
        related(progress("石桥村"), "aFChunk", "http://chunk.test"),
    ],
    ids=["object", "macros", "picture elsewhere", "link to a share", "chunk"],
)
def test_nothing_that_acts_is_sent_back(octets: bytes) -> None:
    """An object, macros, or anything fetched from elsewhere: no copy."""
    with pytest.raises(Unmarkable):
        mark(octets)


@pytest.mark.parametrize("code", [("DDEAUTO c:\\x",), ("DD", "EAUTO c:\\x"), (' INCLUDEPICTURE "http://x.test/1"',)])
def test_no_active_fields(code: tuple[str, ...]) -> None:
    """Neither a field that starts or fetches something, also one cut into pieces; page numbers are harmless."""

    def insert(*codes: str) -> bytes:
        runs = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in codes).encode()
        return changed(progress("石桥村"), "word/document.xml", lambda x: x.replace(b"</w:p>", runs + b"</w:p>", 1))

    with pytest.raises(Unmarkable):
        mark(insert(*code))
    assert comments(mark(insert(" PAGE ")))


def test_a_template_on_the_senders_disk() -> None:
    """The name of a template is forgotten; the document can be sent back without it."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    named = b'<w:attachedTemplate xmlns:r="%s" r:id="rId1"/></w:settings>' % kind.rpartition("/")[0].encode()
    stream = io.BytesIO(
        changed(progress("石桥村"), "word/settings.xml", lambda xml: xml.replace(b"</w:settings>", named))
    )
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(
            "word/_rels/settings.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}" Target="file:///C:/Normal.dotm" TargetMode="External"/>'
            "</Relationships>",
        )
    copy = mark(stream.getvalue())
    assert comments(copy)
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert not any(b"attachedTemplate" in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize(
    "octets",
    [
        b"PK\x03\x04 no archive",
        package(table(row(cell("单位"), cell("写实")))),  # no content types: python-docx refuses what Word opens
        package(p("单位：石桥村"), namespace=STRICT),
        related(progress("石桥村"), "image", "NULL", external=False),  # seen: word/NULL
    ],
    ids=["no archive", "no content types", "strict", "broken relationship"],
)
def test_what_python_docx_cannot_open(octets: bytes) -> None:
    """No copy: the letter alone does."""
    with pytest.raises(Unmarkable):
        mark(octets)


def test_a_spot_that_is_not_there() -> None:
    """A copy without its comment would be of no use."""
    with pytest.raises(Unmarkable):
        mark(progress("石桥村"), Spot(0, 40, 0))
    with pytest.raises(Unmarkable):
        mark(progress("石桥村"), Spot(7, 0, 0))


def test_a_bomb() -> None:
    """A package that unpacks to more than a form can hold is not opened."""
    octets = changed(progress("石桥村"), "word/styles.xml", lambda xml: xml + b" " * (17 << 20))
    with pytest.raises(Unmarkable):
        mark(octets)


@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_the_comments(tmp_path: Path) -> None:
    """Another word processor opens the marked copy, and shows each comment beside the row that it is about."""
    spots = (Spot(0, 1, 1), Spot(0, 2, 1))
    (tmp_path / "marked.docx").write_bytes(mark(progress("石桥村", place=False), *spots))
    to = 'pdf:writer_pdf_Export:{"ExportNotes":{"type":"boolean","value":"true"}}'
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    office = str(find_office())
    subprocess.run(
        [office, profile, "--headless", "--convert-to", to, "marked.docx"], cwd=tmp_path, check=True, timeout=120,
        capture_output=True,
    )  # fmt: skip
    (page,) = PdfReader(tmp_path / "marked.pdf").pages
    notes = [each.get_object() for each in page["/Annots"]]  # type: ignore[attr-defined]  # typed for any object
    shown = [(str(note["/Contents"]), float(note["/Rect"][1])) for note in notes if note["/Subtype"] == "/Text"]
    assert [said for said, _ in shown] == ["没有地点"] * 2
    assert shown[0][1] > shown[1][1]  # the first row stands higher on the page
