"""Word documents of the office: opened and filled."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.parts.image import ImagePart
from docx.shared import Cm, Emu, Length, Pt, RGBColor
from docx.text.paragraph import Paragraph

from pipeline.errors import ConfigError
from pipeline.merge.scaling import Scaled
from pipeline.report.words import clean_text

SERIF, SANS = "宋体", "黑体"
_UNIT_LINE = re.compile(
    r"^(?P<label>\s*(?:填报|报送|上报|填表|填写)?单\s*位(?:名称)?\s*(?:[(（][^()（）]{0,6}[)）])?\s*[:：]).*?"
    r"(?P<rest>\s*(?:填报|填表|制表|报送|上报|审核|负责|联系|日期|时间|电话).*)?$",
    re.DOTALL,
)


# --- opening ----------------------------------------------------------------------------------------------------------


def open_blank(file: Path) -> WordDocument:
    """A blank form of the campaign, to be filled. ConfigError where it is no docx."""
    try:
        return docx.Document(str(file))
    except (PackageNotFoundError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ConfigError("这份空白表不是 docx 格式，汇总表要在它上面填写；请用 Word 另存为 docx", file=file) from error


def new_document(*, landscape: bool = False) -> WordDocument:
    """An empty A4 document in the typefaces that offices use."""
    document = docx.Document()
    section = document.sections[0]
    long, short = Cm(29.7), Cm(21)
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    if landscape:
        section.orientation = 1  # type: ignore[assignment]  # WD_ORIENT.LANDSCAPE; the stubs want the enumeration
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.4)
    for name, size in (("Normal", 12), ("Heading 1", 16)):
        style: Any = document.styles[name]
        style.font.size = Pt(size)
        set_typeface(style.element.get_or_add_rPr(), SANS if name == "Heading 1" else SERIF)
        style.font.color.rgb = RGBColor(0, 0, 0)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else signs that Chinese and Japanese share may look Japanese
    return document


def set_typeface(properties: Any, name: str) -> None:
    """Put this typeface for every script into run properties (rPr); a theme's own would win over it, so it goes."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


# --- writing ----------------------------------------------------------------------------------------------------------


def add_title(document: WordDocument, text: str) -> Paragraph:
    """The document's title, centred, in large letters."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(clean_text(text))
    run.font.size = Pt(18)
    run.bold = True
    set_typeface(run._r.get_or_add_rPr(), SANS)  # python-docx has no public way to set an East Asian typeface
    return paragraph


def write_cell(cell: Any, text: str) -> None:
    """Put a text into a cell (w:tc), a paragraph for each line, in the look of what stood there."""
    # The look of a cell in which nothing stands yet is that of its paragraph's mark (17.3.1.29).
    looks = [*cell.xpath("./w:p/w:r/w:rPr"), *cell.xpath("./w:p/w:pPr/w:rPr")]
    look = deepcopy(looks[0]) if looks else None
    first = empty_cell(cell)
    blank = deepcopy(first)
    for number, line in enumerate(clean_text(text).split("\n")):
        paragraph = first if number == 0 else deepcopy(blank)
        add_run(paragraph, line, look)
        if number:
            cell.append(paragraph)


def empty_cell(cell: Any) -> Any:
    """Take all out of a cell (w:tc); returns the one paragraph that is left, its look kept."""
    paragraphs = list(cell.p_lst)
    first = paragraphs[0] if paragraphs else cell.add_p()
    for child in list(cell):
        if child is not first and child.tag != qn("w:tcPr"):
            cell.remove(child)
    for child in list(first):
        if child.tag != qn("w:pPr"):
            first.remove(child)
    return first


def add_run(paragraph: Any, text: str, look: Any = None) -> Any:
    """A run of this text at the end of a paragraph (w:p), with these run properties (w:rPr)."""
    run = paragraph.add_r()
    if look is not None:
        run.append(deepcopy(look))
    run.text = clean_text(text)
    return run


def write_unit(document: WordDocument, unit: str) -> None:
    """Fill in the blank form's line 单位： wherever it stands."""
    for paragraph in document.element.body.iter(qn("w:p")):
        text = "".join(each.text or "" for each in paragraph.iter(qn("w:t")))
        match = _UNIT_LINE.match(text)
        if match is None:
            continue
        runs = list(paragraph.r_lst)
        for run in runs[1:]:
            paragraph.remove(run)
        first = runs[0] if runs else paragraph.add_r()
        first.text = f"{match['label']}{clean_text(unit)}{match['rest'] or ''}"


def add_field(paragraph: Any, instruction: str) -> Any:
    """Begin a field (ECMA-376 part 1, 17.16.18) in a paragraph; what follows is its result, up to ``end_field``."""
    _field_mark(paragraph, "begin")
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = f" {instruction} "
    paragraph.add_r().append(element)
    _field_mark(paragraph, "separate")


def end_field(paragraph: Any) -> None:
    """End the field."""
    _field_mark(paragraph, "end")


def _field_mark(paragraph: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_r().append(mark)


def add_page_number(document: WordDocument) -> None:
    """第 n 页, in the middle of each page's foot."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    element: Any = paragraph._p
    add_run(element, "第 ")
    add_field(element, "PAGE")
    add_run(element, "1")
    end_field(element)
    add_run(element, " 页")


def keep_row(row: Any, *, header: bool = False) -> None:
    """Let a row (w:tr) stand on one page; a header is repeated on every page."""
    properties = row.get_or_add_trPr()
    for name in ("w:cantSplit", *(("w:tblHeader",) if header else ())):
        if properties.find(qn(name)) is None:
            properties.append(OxmlElement(name))


def fix_columns(table: Any) -> None:
    """Keep the columns (w:tbl) as wide as they are written, whatever is put into them."""
    properties = table.tblPr
    for layout in properties.findall(qn("w:tblLayout")):
        properties.remove(layout)
    layout = OxmlElement("w:tblLayout")
    layout.set(qn("w:type"), "fixed")
    # The order of the schema (17.4.59): after width, alignment, borders and shading, before margins and look.
    later = [properties.find(qn(name)) for name in ("w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")]
    following = next((each for each in later if each is not None), None)
    if following is None:
        properties.append(layout)
    else:
        following.addprevious(layout)


# --- pictures ---------------------------------------------------------------------------------------------------------


class Album:
    """The pictures of one document.

    python-docx compares each new picture with the octets of all others, and packs them once more: minutes for some
    hundred photos. Here the document holds empty parts, and :func:`pipeline.merge.saving.save_document` writes the
    octets into its file.
    """

    def __init__(self, document: WordDocument) -> None:
        self._document = document
        self._ids: dict[bytes, str] = {}
        self._shapes = 0
        self.octets: dict[str, bytes] = {}  # name of the archive's member -> octets

    def draw(self, run: Any, picture: Scaled, *, widest: Length, highest: Length) -> None:
        """Put a picture into a run (w:r), as large as it may be."""
        id_ = self._ids.get(picture.octets) or self._add(picture.octets)
        scale = min(widest / picture.width, highest / picture.height)
        self._shapes += 1
        size = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))
        inline = CT_Inline.new_pic_inline(self._shapes, id_, f"photo{self._shapes}.jpg", *size)
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")  # LibreOffice takes a third of a centimetre where nothing is said
        run.add_drawing(inline)

    def _add(self, octets: bytes) -> str:
        name = f"word/media/photo{len(self.octets) + 1}.jpg"
        self.octets[name] = octets
        part = ImagePart(PackURI(f"/{name}"), "image/jpeg", b"")
        self._ids[octets] = self._document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        return self._ids[octets]


# --- reading ----------------------------------------------------------------------------------------------------------


def rows_of(document: WordDocument) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Each table (w:tbl) of the body with its rows (w:tr)."""
    for table in document.tables:
        yield table._tbl, list(table._tbl.tr_lst)


def text_of(element: Any) -> str:
    """The text of an element, its paragraphs joined by newlines."""
    lines = ("".join(each.text or "" for each in line.iter(qn("w:t"))) for line in element.iter(qn("w:p")))
    return "\n".join(lines)
