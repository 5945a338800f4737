"""Problems marked in a Word document: comments beside its cells, on a copy. By python-docx."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from docx.opc.constants import CONTENT_TYPE
from docx.opc.package import Unmarshaller
from docx.opc.part import Part, PartFactory, XmlPart
from docx.opc.pkgreader import PackageReader
from docx.oxml.ns import qn
from docx.package import Package
from docx.text.paragraph import Paragraph
from lxml import etree

from pipeline.content.refusal import Refusal
from pipeline.content.story import Story, read_story
from pipeline.forms.units import split_unit_line
from pipeline.marking.broken import BROKEN, Unmarkable, refuse_large
from pipeline.marking.cells import Spot
from pipeline.marking.lighter import lighten

AUTHOR = "报送系统"
_INITIALS = "报送"
_LARGEST = 16 << 20  # octets unpacked, pictures left out: the forms have some 50 KB

# What a document of words and pictures consists of, by the last word of the relationship's type. One with anything
# else (macros, objects, controls, further documents) is not sent back: its sender may be another than it seems.
_HARMLESS = frozenset(
    {
        *("officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail"),
        *("styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "font", "theme", "numbering"),
        *("header", "footer", "footnotes", "endnotes", "image", "hdphoto", "hyperlink", "customXml", "customXmlProps"),
        *("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "glossaryDocument"),
        *("intelligence", "classificationlabels"),
    }
)
_HARMLESS_TARGET = re.compile(r"(?:https?|mailto):|#", re.IGNORECASE)
# Fields that fetch or start something when the document is opened (ECMA-376 part 1, 17.16.5).
_ACTIVE_FIELD = re.compile(r"\b(?:DDE|DDEAUTO|INCLUDE\w*|IMPORT|LINK|DATABASE|MACROBUTTON|RD)\b", re.IGNORECASE)


def mark_word(octets: bytes, spots: Mapping[Spot, list[str]], at: datetime, *, most: int) -> bytes:
    """A copy of the docx with a comment at each spot, a paragraph for each thing said there.

    Where the docx is larger than ``most`` octets, the large photos of the copy are scaled down.
    Raises Unmarkable where python-docx cannot open it, a spot is not there, or the document holds more than words and
    pictures.
    """
    try:
        refuse_large(octets, _LARGEST)
        document = _open(lighten(octets) if len(octets) > most else octets)
        _detach_template(document)
        _drop_second_styles(document)
        _refuse_active(document)
        _remove_earlier(document)
        story = read_story(document.element.body, lambda _: None)
        for spot, said in spots.items():
            runs = _runs(document, _paragraphs(story, spot))
            comment = document.add_comment(runs, text="\n".join(said), author=AUTHOR, initials=_INITIALS)
            # Word takes the date for local time whatever its zone says, and python-docx has asked the clock.
            comment._comment_elm.set(qn("w:date"), f"{at:%Y-%m-%dT%H:%M:%S}")
        stream = io.BytesIO()
        document.save(stream)
    except BROKEN as error:
        raise Unmarkable(f"{type(error).__name__}: {error}") from error
    return stream.getvalue()


def _open(octets: bytes) -> Any:
    """The same as ``docx.Document``, but for the styles, which stay the octets that they are.

    They are the largest part by far, and a comment needs none of them: to take them apart and put them together again
    takes longer than all the rest.
    """
    package = Package()
    Unmarshaller.unmarshal(  # type: ignore[no-untyped-call]
        PackageReader.from_file(io.BytesIO(octets)),  # type: ignore[no-untyped-call]
        package,
        _part,
    )
    part: Any = package.main_document_part
    if part.content_type != CONTENT_TYPE.WML_DOCUMENT_MAIN:
        raise Unmarkable(f"is a {part.content_type}")
    return part.document


def _part(name: Any, content_type: str, relation: str, octets: bytes, package: Any) -> Part:
    if content_type == CONTENT_TYPE.WML_STYLES:
        return Part(name, content_type, octets, package)
    part: Any = PartFactory(name, content_type, relation, octets, package)  # its __new__ makes a Part
    return cast(Part, part)


def convert_word(path: Path) -> bytes:
    """The docx twin of a .doc or .wps, as its reader made it. Raises Unmarkable."""
    try:
        from pipeline.content.legacy import convert_doc  # noqa: PLC0415 (longer to load than to mark a copy)

        return convert_doc(path)
    except Refusal as refusal:
        raise Unmarkable(refusal.unreadable.detail) from refusal


def _detach_template(document: Any) -> None:
    """Forget the template on the sender's disk that many a document names; a document keeps its styles without it."""
    for settings in [each.target_part for each in document.part.rels.values() if each.reltype.endswith("/settings")]:
        _let_go(settings, "attachedTemplate")
        for element in settings.element.findall(qn("w:attachedTemplate")):
            element.getparent().remove(element)


def _drop_second_styles(document: Any) -> None:
    """Forget the styles that Word 2010 kept once more for itself; no other program, nor a later Word, reads them."""
    _let_go(document.part, "stylesWithEffects")


def _let_go(part: Any, kind: str) -> None:
    """Forget what a part names by relationships of this kind; what nothing else names is not saved."""
    for name in [name for name, relation in part.rels.items() if relation.reltype.endswith(f"/{kind}")]:
        del part.rels[name]


def _refuse_active(document: Any) -> None:
    package = document.part.package
    for relation in package.iter_rels():
        kind = relation.reltype.rpartition("/")[2]
        if kind not in _HARMLESS:
            raise Unmarkable(f"holds {kind}")
        if relation.is_external and not (kind == "hyperlink" and _HARMLESS_TARGET.match(relation.target_ref)):
            raise Unmarkable(f"{kind} leads to {relation.target_ref}")
    for part in package.iter_parts():
        if part.partname.endswith(".xml") and _ACTIVE_FIELD.search(_fields(part)):
            raise Unmarkable(f"active field in {part.partname}")


def _fields(part: Part) -> str:
    """All field codes of a part; Word joins those that are cut into pieces, and so does this."""
    if isinstance(part, XmlPart):
        root = part.element
    elif b"instr" in part.blob:
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
    else:
        return ""
    codes = "".join(element.text or "" for element in root.iter(qn("w:instrText")))
    simple = (element.get(qn("w:instr")) or "" for element in root.iter(qn("w:fldSimple")))
    return "\n".join((codes, *simple))


def _remove_earlier(document: Any) -> None:
    """Take away our own comments of the last time: a village may mend the marked copy and send that."""
    ours = [comment for comment in document.comments if comment.author == AUTHOR]
    ids = {str(comment.comment_id) for comment in ours}
    for comment in ours:
        comment._comment_elm.getparent().remove(comment._comment_elm)
    marks = document.element.iter(qn("w:commentRangeStart"), qn("w:commentRangeEnd"), qn("w:commentReference"))
    for mark in [each for each in marks if each.get(qn("w:id")) in ids]:
        mark.getparent().remove(mark)


def _paragraphs(story: Story, spot: Spot) -> list[Any]:
    """The paragraphs that stand at the spot."""
    if spot.unit_line:
        lines = zip(story.lines, story.paragraphs, strict=True)
        return [paragraph for line, paragraph in lines if split_unit_line(line)][:1]
    table, elements = story.tables[spot.table], story.cells[spot.table]
    for cell, element in zip(table.cells, elements, strict=True):
        if (cell.row, cell.column) == (spot.row, spot.column):
            return [each for each in element.iter(qn("w:p")) if _cell_of(each) is element]
    raise LookupError(spot)


def _cell_of(paragraph: Any) -> Any:
    return next(paragraph.iterancestors(qn("w:tc"), qn("w:txbxContent")), None)


def _runs(document: Any, paragraphs: list[Any]) -> list[Any]:
    """The runs from first to last; an empty one where nothing is written."""
    found = [run for paragraph in paragraphs for run in Paragraph(paragraph, document).runs]
    return found or [Paragraph(paragraphs[0], document).add_run()]
