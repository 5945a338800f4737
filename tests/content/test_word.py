"""Word documents: text, grid and pictures as a person sees them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.shared import Cm

from pipeline.content import read_content
from pipeline.content.word import read_word
from pipeline.model.content import Cell, Document, Unreadable
from pipeline.model.files import FileKind, Problem
from tests.content.compound import compound_file
from tests.content.scenes import octets, scene, store
from tests.content.word_files import STRICT, TRANSITIONAL, archive, cell, drawing, p, package, row, run, table, vml

PHOTOS = {f"image{number}.jpeg": octets(scene(number, (160, 120))) for number in (1, 2, 3)}


def read(content: bytes) -> Document:
    return read_word(content, FileKind.DOCX)


def grid(content: bytes) -> list[tuple[int, int, int, int, str]]:
    """Row, column, rows, columns and text of each cell of the only table."""
    (found,) = read(content).tables
    return [(each.row, each.column, each.rows, each.columns, each.text) for each in found.cells]


def problem(folder: Path, content: bytes) -> Problem:
    found = read_content(store(folder, content), FileKind.DOCX, "写实表.docx")
    assert isinstance(found, Unreadable), found
    return found.problem


def test_a_form_by_python_docx(tmp_path: Path) -> None:
    """A document as a library writes it: paragraphs, merged cells, two photos in one cell."""
    document = docx.Document()
    document.add_paragraph("单位：东村委会")
    form = document.add_table(rows=3, cols=3)
    form.cell(0, 0).merge(form.cell(0, 1)).text = "合并"
    form.cell(1, 0).merge(form.cell(2, 0)).text = "竖并"
    for photo in ("image1.jpeg", "image2.jpeg"):
        form.cell(1, 2).paragraphs[0].add_run().add_picture(io.BytesIO(PHOTOS[photo]), width=Cm(3))
    stream = io.BytesIO()
    document.save(stream)
    found = read_content(store(tmp_path, stream.getvalue()), FileKind.DOCX, "表.docx")
    assert isinstance(found, Document)
    assert found.paragraphs == ("单位：东村委会",)
    places = [(each.row, each.column, each.rows, each.columns) for each in found.tables[0].cells]
    assert places == [(0, 0, 1, 2), (0, 2, 1, 1), (1, 0, 2, 1), (1, 1, 1, 1), (1, 2, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1)]
    assert [len(each.pictures) for each in found.tables[0].cells] == [0, 0, 0, 0, 2, 0, 0]
    assert len(found.pictures) == 2


def test_a_letterhead_stands_apart() -> None:
    """The lines of page headers and footers, each once; a damaged header costs nothing."""
    parts = {
        "word/header1.xml": f'<w:hdr xmlns:w="{TRANSITIONAL}">{p("石桥村民委员会")}{p(" ")}</w:hdr>'.encode(),
        "word/header2.xml": f'<w:hdr xmlns:w="{TRANSITIONAL}">{table(row("石桥村民委员会"))}</w:hdr>'.encode(),
        "word/footer1.xml": f'<w:ftr xmlns:w="{TRANSITIONAL}">{p("石桥村民委员会")}{p("第1页")}</w:ftr>'.encode(),
        "word/header3.xml": b"<w:hdr",
    }
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    related = "".join(
        f'<Relationship Id="m{number}" Type="{kind}/{name[5:11]}" Target="{name[5:]}"/>'
        for number, name in enumerate(parts)
    )
    found = read(package(p("方案"), relationships=related, parts=parts))
    assert (found.paragraphs, found.margins) == (("方案",), ("石桥村民委员会", "第1页"))


def test_grid_spans_and_gaps() -> None:
    """gridSpan widens, vMerge lengthens, gridBefore moves; a merged cell stands once at its top left place."""
    restart, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        row(cell("甲", properties='<w:gridSpan w:val="2"/>' + restart), "乙"),
        row(cell("", properties='<w:gridSpan w:val="2"/>' + go_on), "丙"),
        row("丁", "戊", properties='<w:gridBefore w:val="1"/>'),
    )
    assert grid(package(body)) == [
        (0, 0, 2, 2, "甲"),
        (0, 2, 1, 1, "乙"),
        (1, 2, 1, 1, "丙"),
        (2, 1, 1, 1, "丁"),
        (2, 2, 1, 1, "戊"),
    ]


def test_a_merge_that_begins_nowhere() -> None:
    """A vMerge without its beginning above is a cell of its own; a new restart ends the merge above it."""
    restart, go_on = '<w:vMerge w:val="restart"/>', '<w:vMerge w:val="continue"/>'
    body = table(
        row(cell("甲", properties=go_on), "一"),
        row(cell("乙", properties=restart), "二"),
        row(cell("丙", properties=restart), "三"),
        row(cell("", properties=go_on), "四"),
    )
    assert [each for each in grid(package(body)) if each[1] == 0] == [
        (0, 0, 1, 1, "甲"),
        (1, 0, 1, 1, "乙"),
        (2, 0, 2, 1, "丙"),
    ]


def test_cells_merged_side_by_side_the_old_way() -> None:
    """hMerge (converters from .doc) is one wide cell."""
    body = table(row(cell("甲", properties='<w:hMerge w:val="restart"/>'), cell("", properties="<w:hMerge/>"), "乙"))
    assert grid(package(body)) == [(0, 0, 1, 2, "甲"), (0, 2, 1, 1, "乙")]


def test_content_controls_around_everything() -> None:
    """Content controls (w:sdt) around body, row, cell, paragraph and run hide nothing."""

    def control(inner: str) -> str:
        return f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    inner = row("甲", control(cell("乙")), cell(control(p("丙"))), cell(p(control(run("丁")))))
    content = package(control(p("段")) + control(table(control(inner))))
    assert read(content).paragraphs == ("段",)
    assert [text for *_, text in grid(content)] == ["甲", "乙", "丙", "丁"]


def test_tracked_changes_stand_as_accepted() -> None:
    """What was inserted is there, what was deleted is not: text, rows, moved paragraphs."""
    inserted, deleted = f"<w:ins>{run('五')}</w:ins>", "<w:del><w:r><w:delText>四</w:delText></w:r></w:del>"
    body = p("5月", deleted, inserted, "日") + f"<w:moveFrom>{p('旧')}</w:moveFrom><w:moveTo>{p('新')}</w:moveTo>"
    body += table(row("甲"), row("乙", properties="<w:del/>"), row("丙", properties="<w:ins/>"))
    content = package(body)
    assert read(content).paragraphs == ("5月五日", "新")
    assert grid(content) == [(0, 0, 1, 1, "甲"), (1, 0, 1, 1, "丙")]


def test_breaks_tabs_and_paragraphs_of_a_cell() -> None:
    """Paragraphs and line breaks are lines; blanks at the end go, blanks at the beginning stay."""
    body = table(row(cell(p("", run("　5月3日"), "<w:r><w:br/><w:tab/><w:cr/></w:r>", "宣传"), p("第二段"), p(""))))
    assert grid(package(body))[0][-1] == "　5月3日\n\t\n宣传\n第二段"


def test_field_codes_are_not_text() -> None:
    """A field shows its result, not its code; a ruby shows its base."""
    field = "<w:r><w:instrText>DATE</w:instrText></w:r>"
    ruby = f"<w:r><w:ruby><w:rt>{run('hua')}</w:rt><w:rubyBase>{run('华')}</w:rubyBase></w:ruby></w:r>"
    assert read(package(p(field, "5月", ruby))).paragraphs == ("5月华",)


def test_tables_within_cells() -> None:
    """A table in a cell is that cell's text, its photos are that cell's photos."""
    inner = table(row("时间", "5月3日"), row("照片", cell(p(drawing("rId1")))))
    found = read(package(table(row("甲", cell("外", inner, "")), row("乙", "丙")), PHOTOS))
    (outer,) = found.tables
    assert outer.height == 2
    assert outer.cells[1].text == "外\n\n时间\t5月3日\n照片"
    assert len(outer.cells[1].pictures) == 1


def test_a_table_of_one_column_frames_what_is_in_it() -> None:
    """A form pasted into a table of one cell is the document's own table, what stands beside it are its paragraphs."""
    form = table(row("单位", "活动照片"), row("西村", cell(p(drawing("rId1")))))
    found = read(package(table(row(cell(p("写实表"), p("单位：西村"), form, p("")))), PHOTOS))
    assert found.paragraphs == ("写实表", "单位：西村")
    (inner,) = found.tables
    assert [each.text for each in inner.cells] == ["单位", "活动照片", "西村", ""]
    assert len(found.pictures) == len(inner.cells[3].pictures) == 1


def test_text_boxes() -> None:
    """Text boxes count once, though written twice (Choice for new programs, Fallback for old ones)."""
    box = f"<w:txbxContent>{p('单位：西村')}</w:txbxContent>"
    twice = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><wps:txbx>"
        f"{box}</wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    old = f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"
    content = package(p("标题", twice) + table(row(cell(p("格", twice)))))
    assert read(content).paragraphs == ("标题", "单位：西村")
    assert grid(content)[0][-1] == "格\n单位：西村"
    assert read(package(p(old))).paragraphs == ("单位：西村",)


def test_word_art() -> None:
    """A heading drawn as WordArt is text, though it stands in an attribute."""
    art = "<w:r><w:pict><v:shape><v:textpath string='西村实施方案'/></v:shape></w:pict></w:r>"
    assert read(package(p("", art))).paragraphs == ("西村实施方案",)


def test_a_table_within_a_text_box() -> None:
    """A form drawn inside a text box is a table like any other."""
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{table(row('甲', '乙'))}</w:txbxContent></v:textbox></w:pict></w:r>"
    assert [text for *_, text in grid(package(p(box)))] == ["甲", "乙"]


def test_a_fallback_counts_where_there_is_no_choice() -> None:
    """A Choice that holds nothing leaves the word to the Fallback."""
    only = f"<mc:AlternateContent><mc:Choice/><mc:Fallback>{vml('rId1')}</mc:Fallback></mc:AlternateContent>"
    assert len(read(package(p(only), PHOTOS)).pictures) == 1


def test_pictures_of_all_ages_belong_to_their_cell() -> None:
    """In line, floating, grouped and VML pictures each count once, in order; those outside tables too."""
    anchored = drawing("rId2").replace("wp:inline", "wp:anchor")
    group = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:anchor>"
        '<pic:pic><a:blip r:embed="rId3"><a:ext><svgBlip r:embed="rId1"/></a:ext></a:blip></pic:pic>'
        '<pic:pic><a:blip r:embed="rId1"/></pic:pic></wp:anchor></w:drawing></mc:Choice><mc:Fallback>'
        f"{vml('rId3')}{vml('rId1')}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = p(drawing("rId1")) + table(row(cell(p(vml("rId1"), anchored)), cell(p(group))))
    found = read(package(body, PHOTOS))
    names = [[picture.name for picture in each.pictures] for each in found.tables[0].cells]
    assert names == [["image1.jpeg", "image2.jpeg"], ["image3.jpeg", "image1.jpeg"]]
    assert [picture.name[5] for picture in found.pictures] == ["1", "1", "2", "3", "1"]
    assert found.pictures[0].width == 160


def test_pictures_that_lie_over_the_page() -> None:
    """Anchored, or absolutely placed: not those in a line."""
    anchored = drawing("rId1").replace("wp:inline", "wp:anchor")
    placed = vml("rId2").replace("<v:shape", "<v:shape style='position: absolute;left:3pt'")
    inline = drawing("rId3")
    assert "wp:anchor" in anchored
    assert "position" in placed
    found = read(package(p(anchored) + table(row(cell(p(placed)), cell(p(inline)))), PHOTOS))
    names = {picture.digest: picture.name for picture in found.pictures}
    assert {names[digest] for digest in found.floating} == {"image1.jpeg", "image2.jpeg"}


def test_a_linked_picture_is_not_in_the_file() -> None:
    """A picture that stayed on the sender's disk (r:link) is none; nor is one behind a broken relationship."""
    outside = '<Relationship Id="rId9" Type="x/image" Target="file:///C:/1.jpg" TargetMode="External"/>'
    outside += '<Relationship Id="rId8" Type="x/image" Target="NULL"/>'
    linked = drawing("rId9").replace("r:embed", "r:link")
    content = package(p("文", linked, vml("rId9"), drawing("rId8"), drawing("rId7")), relationships=outside)
    assert read(content).paragraphs == ("文",)
    assert read(content).pictures == ()


def test_a_picture_that_cannot_be_decoded_counts() -> None:
    """A metafile or a damaged photo was put there, so it counts; without size, and told apart by its digest."""
    pictures = {"image1.emf": b"\1\0\0\0" + bytes(99), "image2.jpeg": PHOTOS["image1.jpeg"][:900]}
    first, second = read(package(p(drawing("rId1"), drawing("rId2")), pictures)).pictures
    assert (first.width, first.kind, second.width, second.kind) == (0, FileKind.UNKNOWN, 0, FileKind.JPEG)
    assert first.digest != second.digest


@pytest.mark.parametrize("part", ["word/media/image1.jpeg", "docProps/thumbnail.jpeg", "word/_rels/document.xml.rels"])
def test_a_damaged_member_costs_no_more_than_itself(part: str) -> None:
    """A bad CRC in a part that is not the text leaves the text."""
    parts = {"docProps/thumbnail.jpeg": b"thumbnail" * 9}
    content = bytearray(package(p("文", drawing("rId1")) + table(row("甲")), PHOTOS, parts=parts))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        at = file.getinfo(part).header_offset + 30 + len(part) + 8
    content[at] ^= 0xFF
    found = read(bytes(content))
    assert found.paragraphs == ("文",)
    assert len(found.pictures) == (0 if part.endswith(".rels") else 1)


def test_parts_are_found_under_odd_names() -> None:
    """Absolute targets, backslashes, other case and percent signs lead to the same parts."""
    odd = '<Relationship Id="rId1" Type="x/image" Target="/word/media/Image%201.JPEG"/>'
    content = package(p(drawing("rId1")), relationships=odd, parts={"word\\media\\image 1.jpeg": PHOTOS["image1.jpeg"]})
    assert len(read(content).pictures) == 1


def test_a_main_part_under_another_name() -> None:
    """The relationship names the main part, not custom; without it, word/document.xml is taken."""
    with zipfile.ZipFile(io.BytesIO(package(p("文")))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    moved = {name.replace("document.xml", "document2.xml"): octets for name, octets in members.items()}
    moved["_rels/.rels"] = moved["_rels/.rels"].replace(b"document.xml", b"document2.xml")
    assert read(archive(moved)).paragraphs == ("文",)
    del members["_rels/.rels"]
    assert read(archive(members)).paragraphs == ("文",)


def test_strict_documents() -> None:
    """Strict Open XML has other namespaces and reads the same."""
    content = package(p("文", drawing("rId1")) + table(row(cell("甲", properties='<w:gridSpan w:val="2"/>'))), PHOTOS)
    strict = package(
        p("文", drawing("rId1")) + table(row(cell("甲", properties='<w:gridSpan w:val="2"/>'))),
        PHOTOS,
        namespace=STRICT,
    )
    assert read(strict) == read(content)


def test_macros() -> None:
    """A docm is read like a docx, and says that it carries a program."""
    content = package(p("文"), parts={"word/vbaProject.bin": b"x"})
    found = read_word(content, FileKind.DOCM)
    assert (found.kind, found.macros, found.paragraphs) == (FileKind.DOCM, True, ("文",))
    assert not read(package(p("文"))).macros


def test_an_embedded_program() -> None:
    """A program put in as an object is told like a macro; an embedded photo or workbook is not."""
    for name, told in ((b"C:\\update.EXE\0", True), (b"C:\\photo.jpg\0", False)):
        parts = {"word/embeddings/oleObject1.bin": compound_file({"\x01Ole10Native": name})}
        assert read(package(p("文"), parts=parts)).macros is told


def test_a_password_is_told(tmp_path: Path) -> None:
    """Word's own password (a compound file) and the archive's (a flag) are both encryption, not damage."""
    assert problem(tmp_path, compound_file({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})) is Problem.ENCRYPTED
    content = bytearray(package(p("文")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    assert problem(tmp_path, bytes(content)) is Problem.ENCRYPTED


def test_damage_is_told(tmp_path: Path) -> None:
    """Cut short, not XML, no body, no archive: damaged."""
    content = package(p("文" * 500))
    assert problem(tmp_path, content[: len(content) // 2]) is Problem.DAMAGED
    assert problem(tmp_path, b"PK\x03\x04" + bytes(90)) is Problem.DAMAGED
    assert problem(tmp_path, package("<w:p>")) is Problem.DAMAGED
    assert problem(tmp_path, archive({"word/document.xml": b"<a/>"})) is Problem.DAMAGED
    assert problem(tmp_path, archive({"ppt/presentation.xml": b"<a/>"})) is Problem.DAMAGED


def test_a_bomb_is_hostile(tmp_path: Path) -> None:
    """A part that unpacks to more than a document can hold is refused before memory is full."""
    bomb = package(p(drawing("rId1")), {"image1.bmp": bytes(140_000_000)})
    assert problem(tmp_path, bomb) is Problem.HOSTILE


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        b'<!DOCTYPE d [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_entities_are_hostile(tmp_path: Path, declared: bytes, charset: str) -> None:
    """Neither a billion laughs nor a file of this machine gets into a document: who declares such means harm."""
    with zipfile.ZipFile(io.BytesIO(package(p("文&b;")))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    main = members["word/document.xml"]
    main = main.replace(b"?><w:doc", b"?>" + declared + b"<w:doc")
    members["word/document.xml"] = main.decode().partition("?>")[2].encode(charset)
    assert problem(tmp_path, archive(members)) is Problem.HOSTILE


def test_numbers_without_sense_do_no_harm() -> None:
    """A span of a thousand million columns is a wide cell and no more."""
    body = table(
        row(cell("甲", properties='<w:gridSpan w:val="999999999"/>'), cell("乙", properties='<w:gridSpan w:val="-1"/>'))
    )
    assert [columns for _, _, _, columns, _ in grid(package(body))] == [1000, 1]


def test_an_empty_document() -> None:
    """No text, no table: a document still."""
    assert read(package("")) == Document(FileKind.DOCX, (), ())
    assert read(package(table(row(""), row()))).tables[0].cells == (Cell(0, 0, ""),)
