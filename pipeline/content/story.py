"""The text, tables and pictures of a WordprocessingML story (ECMA-376 part 1, 17), as a person sees them on the page.

Elements are known by their local names, so that strict documents (other namespaces, the same names) read alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from pipeline.model.content import Cell, Table
from pipeline.model.reading import Picture

# Finds the picture behind a relationship id; None where the package holds none (a link to a file of the sender's disk).
FindPicture = Callable[[str], Picture | None]

_WIDEST = 1000  # grid columns; Word allows 63
_UNSEEN = frozenset(
    {
        *("pPr", "rPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr", "rubyPr"),
        *("del", "moveFrom", "delText", "instrText", "delInstrText"),  # tracked deletions, field codes
        *("rt", "buBlip", "Fallback"),  # a ruby's small print, a bullet's picture, the twin of a Choice
    }
)
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class Story:
    """What was read so far; each list in the order of the document."""

    lines: list[str] = field(default_factory=list)  # a paragraph each, those of text boxes after their anchor's
    tables: list[Table] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    floating: set[str] = field(default_factory=set)  # digests of those that lie over the page
    # For who writes into the document: the element of each line, and of each cell of each table.
    paragraphs: list[etree._Element] = field(default_factory=list)
    cells: list[tuple[etree._Element, ...]] = field(default_factory=list)


@dataclass(slots=True)
class _OpenCell:
    """A cell whose extent may still grow."""

    row: int
    column: int
    columns: int
    element: etree._Element
    story: Story
    rows: int = 1

    def closed(self) -> Cell:
        return Cell(
            row=self.row,
            column=self.column,
            text=cell_text(self.story),
            rows=self.rows,
            columns=self.columns,
            pictures=tuple(self.story.pictures),
        )


def read_story(container: etree._Element, find_picture: FindPicture) -> Story:
    """The content of a body, a cell or a text box."""
    story = Story()
    _read_blocks(container, story, find_picture)
    return story


def cell_text(story: Story) -> str:
    """A cell's text: its paragraphs, then the tables within it, a line for each of their rows."""
    return "\n".join([*story.lines, *(line for table in story.tables for line in table_lines(table))]).rstrip()


def table_lines(table: Table) -> list[str]:
    """The rows of a table that stands within a cell, as lines of text."""
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell.text.replace("\n", " "))
    return ["\t".join(texts) for texts in rows.values()]


def _read_blocks(container: etree._Element, story: Story, find_picture: FindPicture) -> None:
    for child in container:
        name = _name(child)
        if name == "p":
            _read_paragraph(child, story, find_picture)
        elif name == "tbl":
            _add_table(_read_table(child, find_picture), story)
        elif name == "AlternateContent":
            _read_blocks(_choice(child), story, find_picture)
        elif name not in _UNSEEN:
            _read_blocks(child, story, find_picture)


def _read_paragraph(paragraph: etree._Element, story: Story, find_picture: FindPicture) -> None:
    parts: list[str] = []
    boxes: list[etree._Element] = []
    _read_runs(paragraph, parts, boxes, story, find_picture)
    story.lines.append("".join(parts))
    story.paragraphs.append(paragraph)
    for box in boxes:
        _read_blocks(box, story, find_picture)


def _read_runs(
    element: etree._Element,
    parts: list[str],
    boxes: list[etree._Element],
    story: Story,
    find_picture: FindPicture,
) -> None:
    for child in element:
        name = _name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in _CHARACTERS:
            parts.append(_CHARACTERS[name])
        elif name == "txbxContent":
            boxes.append(child)
        elif name == "textpath":  # WordArt: seen as a heading
            parts.append(str(child.get("string", "")))
        elif name == "AlternateContent":
            _read_runs(_choice(child), parts, boxes, story, find_picture)
        elif name not in _UNSEEN:
            picture = _picture(child, name, find_picture)
            if picture is not None:
                story.pictures.append(picture)
                if _floats(child):
                    story.floating.add(picture.digest)
            _read_runs(child, parts, boxes, story, find_picture)


def _floats(picture: etree._Element) -> bool:
    """Whether it lies over the page: DrawingML's anchor, or a VML shape with a place of its own."""
    for element in picture.iterancestors():
        if _name(element) == "tc":
            return False
        if _name(element) == "anchor" or "position:absolute" in str(element.get("style", "")).replace(" ", ""):
            return True
    return False


def _choice(alternatives: etree._Element) -> etree._Element:
    """The first Choice, else the Fallback: the same drawing for newer and older programs (part 3, 10.2)."""
    for wanted in ("Choice", "Fallback"):
        for child in alternatives:
            if _name(child) == wanted and len(child):
                return child
    return alternatives


def _picture(element: etree._Element, name: str, find_picture: FindPicture) -> Picture | None:
    """The picture that this element draws: DrawingML's blip, or VML's imagedata and picture fill."""
    wanted = {"blip": "embed", "imagedata": "id", "fill": "id"}.get(name)
    if wanted is None:
        return None
    for key, value in element.attrib.items():
        namespace, _, local = str(key).rpartition("}")
        if local == wanted and namespace.endswith("/relationships"):
            return find_picture(str(value))
    return None


def _add_table(cells: Sequence[_OpenCell], story: Story) -> None:
    if _is_frame(cells):
        for cell in cells:
            story.lines += cell.story.lines
            story.tables += cell.story.tables
            story.paragraphs += cell.story.paragraphs
            story.cells += cell.story.cells
            story.pictures += cell.story.pictures
            story.floating |= cell.story.floating
        return
    table = Table(cells=tuple(cell.closed() for cell in cells))
    story.tables.append(table)
    story.cells.append(tuple(cell.element for cell in cells))
    story.pictures += [picture for cell in table.cells for picture in cell.pictures]
    story.floating.update(*(cell.story.floating for cell in cells))


def _is_frame(cells: Sequence[_OpenCell]) -> bool:
    """Whether the table only frames what is in it: one column, and in it a table of several."""
    inner = (each for cell in cells for table in cell.story.tables for each in table.cells)
    return all(cell.column == 0 for cell in cells) and any(each.column > 0 for each in inner)


def _read_table(table: etree._Element, find_picture: FindPicture) -> Sequence[_OpenCell]:
    cells: list[_OpenCell] = []
    above: dict[int, _OpenCell] = {}  # grid column -> the cell that a vMerge may continue
    for number, row in enumerate(_rows(table)):
        column = _number(_property(row, "trPr", "gridBefore"))
        below: dict[int, _OpenCell] = {}
        beside: _OpenCell | None = None
        for element in _within(row, "tc"):
            columns = max(1, _number(_property(element, "tcPr", "gridSpan"), 1))
            merge = _merge(element, "vMerge")
            continued = above.get(column) if merge == "continue" else None
            if _merge(element, "hMerge") == "continue" and beside is not None:
                beside.columns = min(beside.columns + columns, _WIDEST)
            elif continued is not None:
                continued.rows += 1
                below[column] = continued
                beside = None
            else:
                beside = _OpenCell(number, column, columns, element, read_story(element, find_picture))
                cells.append(beside)
                if merge is not None:
                    below[column] = beside
            column = min(column + columns, _WIDEST)
        above = below
    return cells


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, those left out whose deletion is tracked."""
    for row in _within(table, "tr"):
        if _property(row, "trPr", "del") is None:
            yield row


def _within(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, looked for within content controls and tracked insertions too."""
    for child in parent:
        name = _name(child)
        if name == wanted:
            yield child
        elif name in _WRAPPERS:
            yield from _within(child, wanted)


def _property(element: etree._Element, group: str, wanted: str) -> etree._Element | None:
    for properties in element:
        if _name(properties) == group:
            for child in properties:
                if _name(child) == wanted:
                    return child
    return None


def _merge(cell: etree._Element, wanted: str) -> str | None:
    """How the cell takes part in a merge: ``restart``, ``continue``, or None where it does not."""
    element = _property(cell, "tcPr", wanted)
    if element is None:
        return None
    return "restart" if _value(element) == "restart" else "continue"


def _number(element: etree._Element | None, default: int = 0) -> int:
    text = _value(element) if element is not None else ""
    return min(int(text), _WIDEST) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _value(element: etree._Element) -> str:
    return next((str(value) for key, value in element.attrib.items() if _local(str(key)) == "val"), "")


def _name(element: etree._Element) -> str:
    return _local(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=1024)  # a document has some fifty names, and each a thousand times
def _local(name: str) -> str:
    return name.rpartition("}")[2]
