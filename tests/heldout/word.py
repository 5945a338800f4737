# ruff: noqa: E501 a clerk's sentence is not cut, and a mail is read as a whole
"""Word files written part by part (ECMA-376), so that anything that Word and WPS can write can be written here:
merged cells, nested tables, grouped, floating and VML pictures, tracked changes, content controls."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STAMP = (2023, 5, 6, 9, 0, 0)


@dataclass(frozen=True)
class Cell:
    """A cell: ready paragraphs, and how far it reaches."""

    paragraphs: str
    span: int = 1
    merge: str = ""  # restart or continue


@dataclass
class Word:
    """A Word document in the making."""

    media: list[bytes] = field(default_factory=list)
    body: list[str] = field(default_factory=list)

    # --- pieces

    def paragraph(self, text: str, *, bold: bool = False, centred: bool = False) -> str:
        """A paragraph; a line break for each newline, and the text cut into runs as Word likes to cut it."""
        look = "<w:rPr><w:b/></w:rPr>" if bold else ""
        place = '<w:pPr><w:jc w:val="center"/></w:pPr>' if centred else ""
        lines = []
        for line in text.split("\n"):
            middle = len(line) // 2
            lines.append("".join(f"<w:r>{look}{_t(part)}</w:r>" for part in (line[:middle], line[middle:]) if part))
        return f"<w:p>{place}{'<w:r><w:br/></w:r>'.join(lines)}</w:p>"

    def paragraphs(self, text: str) -> str:
        """A paragraph for each line."""
        return "".join(self.paragraph(line) for line in text.split("\n"))

    def tracked(self, kept: str, deleted: str, inserted: str) -> str:
        """A paragraph with a change that nobody accepted yet."""
        mark = 'w:id="7" w:author="wps" w:date="2023-05-06T09:00:00Z"'
        return (
            f"<w:p><w:r>{_t(kept)}</w:r><w:del {mark}><w:r><w:delText>{escape(deleted)}</w:delText></w:r></w:del>"
            f"<w:ins {mark}><w:r>{_t(inserted)}</w:r></w:ins></w:p>"
        )

    def controlled(self, text: str) -> str:
        """A paragraph within a content control."""
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{self.paragraph(text)}</w:sdtContent></w:sdt>"

    def text_box(self, paragraphs: str) -> str:
        """A paragraph with a text box laid over the page, as WPS draws it, and its VML twin for old readers."""
        content = f"<w:txbxContent>{paragraphs}</w:txbxContent>"
        return (
            f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{_anchor()}<a:graphic>'
            '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
            f'<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr/><wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp>'
            "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
            f"<v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )

    def pictures(self, pictures: Iterable[bytes], how: str = "inline") -> str:
        """Paragraphs with these pictures: inline, floating, grouped, vml."""
        names = []
        for octets in pictures:
            if octets not in self.media:
                self.media.append(octets)
            names.append(f"rId{100 + self.media.index(octets)}")
        if not names:
            return "<w:p/>"
        if how == "grouped":
            members = "".join(_picture(name) for name in names)
            return (
                f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing>{_anchor()}'
                '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup">'
                f"<wpg:wgp><wpg:cNvGrpSpPr/><wpg:grpSpPr/>{members}</wpg:wgp></a:graphicData></a:graphic>"
                f"</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
                f"{''.join(_vml(name) for name in names)}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
            )
        if how == "vml":
            return "".join(f"<w:p><w:r><w:pict>{_vml(name)}</w:pict></w:r></w:p>" for name in names)
        start, end = (_anchor(), "</wp:anchor>") if how == "floating" else (_INLINE, "</wp:inline>")
        runs = "".join(
            f'<w:r><w:drawing>{start}<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/'
            f'picture">{_picture(name)}</a:graphicData></a:graphic>{end}</w:drawing></w:r>'
            for name in names
        )
        return f"<w:p>{runs}</w:p>"

    def table(self, rows: Sequence[Sequence[Cell | str]], widths: Sequence[int]) -> str:
        """A table; a text stands for a cell with a paragraph for each of its lines."""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        lines = ""
        for row in rows:
            cells = [each if isinstance(each, Cell) else Cell(self.paragraphs(each)) for each in row]
            lines += "<w:tr>" + "".join(_cell(each) for each in cells) + "</w:tr>"
        return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>'

    # --- the file

    def add(self, *blocks: str) -> None:
        """Append to the body."""
        self.body += blocks

    def octets(self, *, landscape: bool = False, macro: bool = False, strict: bool = False) -> bytes:
        """The finished file; ``strict`` in the namespaces of ISO/IEC 29500 Strict, as Word can save it."""
        page = (
            '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
            if landscape
            else '<w:pgSz w:w="11906" w:h="16838"/>'
        )
        document = f"{_HEAD}<w:document {_SPACES}><w:body>{''.join(self.body)}<w:sectPr>{page}</w:sectPr></w:body></w:document>"
        relations = "".join(
            f'<Relationship Id="rId{100 + number}" Type="{_RELATION}/image" Target="media/image{number + 1}.jpeg"/>'
            for number in range(len(self.media))
        )
        main = "application/vnd.ms-word.document.macroEnabled.main+xml" if macro else _MAIN
        parts: dict[str, bytes] = {
            "[Content_Types].xml": (
                f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Default Extension="xml" ContentType="application/xml"/>'
                '<Default Extension="jpeg" ContentType="image/jpeg"/>'
                '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
                f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
            ).encode(),
            "_rels/.rels": (
                f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>'
            ).encode(),
            "word/_rels/document.xml.rels": (
                f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
                + (
                    '<Relationship Id="rId9" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
                    'Target="vbaProject.bin"/>'
                    if macro
                    else ""
                )
                + "</Relationships>"
            ).encode(),
            "word/document.xml": document.encode(),
        }
        if macro:
            parts["word/vbaProject.bin"] = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
        for number, octets in enumerate(self.media):
            parts[f"word/media/image{number + 1}.jpeg"] = octets
        if strict:
            for transitional, own in _STRICT:
                parts = {n: o if "media" in n else o.replace(transitional, own) for n, o in parts.items()}
        return pack(parts)


_STRICT = (
    (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
    (
        b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
    ),
    (b"http://schemas.openxmlformats.org/drawingml/2006/main", b"http://purl.oclc.org/ooxml/drawingml/main"),
    (b"http://schemas.openxmlformats.org/drawingml/2006/picture", b"http://purl.oclc.org/ooxml/drawingml/picture"),
)


def pack(files: dict[str, bytes], *, stored: bool = False) -> bytes:
    """A zip of these files, in order, with one fixed time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, octets in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), octets, archive.compression)
    return stream.getvalue()


def prose(text: str) -> bytes:
    """A Word file of plain text: title, paragraphs, sign-off."""
    word = Word()
    title, *lines = text.strip().split("\n")
    word.add(word.paragraph(title, bold=True, centred=True), *(word.paragraph(line) for line in lines))
    return word.octets()


_INLINE = '<wp:inline><wp:extent cx="1400000" cy="1050000"/><wp:docPr id="1" name="图片 1"/>'


def _anchor() -> str:
    return (
        '<wp:anchor behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1" simplePos="0" relativeHeight="251" '
        'distT="0" distB="0" distL="0" distR="0"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column">'
        '<wp:posOffset>0</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0'
        '</wp:posOffset></wp:positionV><wp:extent cx="1400000" cy="1050000"/><wp:wrapSquare wrapText="bothSides"/>'
        '<wp:docPr id="2" name="图片 2"/>'
    )


def _picture(name: str) -> str:
    return (
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr/></pic:pic>'
    )


def _vml(name: str) -> str:
    return f'<v:shape style="width:110pt;height:83pt"><v:imagedata r:id="{name}" o:title="照片"/></v:shape>'


def _t(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def _cell(cell: Cell) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    merge = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[cell.merge]
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{cell.paragraphs or '<w:p/>'}</w:tc>"
