"""Makes docx packages from raw XML, so that every oddity of other programs can be written down as they write it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NAMESPACES = (
    f'xmlns:r="{_RELATIONSHIPS}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def package(
    body: str,
    pictures: Mapping[str, bytes] | None = None,
    *,
    relationships: str = "",
    namespace: str = TRANSITIONAL,
    parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """A docx with this body. ``pictures`` are file names under ``word/media``, related as rId1, rId2, ... in order."""
    media = list((pictures or {}).items())
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONSHIPS}/image" Target="media/{name}"/>'
        for number, (name, _) in enumerate(media, 1)
    )
    members: dict[str, bytes] = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_RELATIONSHIPS}/officeDocument"'
            ' Target="word/document.xml"/></Relationships>'
        ).encode(),
        "word/document.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{namespace}" {_NAMESPACES}>'
            f"<w:body>{body}<w:sectPr/></w:body></w:document>"
        ).encode(),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}">{related}{relationships}</Relationships>'
        ).encode(),
        **{f"word/media/{name}": octets for name, octets in media},
        **(parts or {}),
    }
    return archive(members)


def archive(members: Mapping[str, bytes]) -> bytes:
    """A ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, octets in members.items():
            file.writestr(name, octets)
    return stream.getvalue()


def p(*content: str) -> str:
    """A paragraph; text that does not begin with ``<`` becomes a run."""
    return f"<w:p>{''.join(part if part.startswith('<') else run(part) for part in content)}</w:p>"


def run(text: str) -> str:
    """A run of text."""
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: str) -> str:
    """A table of rows."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    """A row; a cell that does not begin with ``<`` is its text."""
    content = "".join(part if part.startswith("<") else cell(part) for part in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{content}</w:tr>"


def cell(*content: str, properties: str = "") -> str:
    """A cell of paragraphs; one that does not begin with ``<`` is its text."""
    inner = "".join(part if part.startswith("<") else p(part) for part in content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def drawing(id: str) -> str:  # noqa: A002 (the standard's word)
    """A DrawingML picture, in line with the text."""
    return (
        f'<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="{id}"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def vml(id: str) -> str:  # noqa: A002
    """A VML picture, as older programs and converters write it."""
    return f'<w:r><w:pict><v:shape id="{id}x"><v:imagedata r:id="{id}" o:title=""/></v:shape></w:pict></w:r>'
