"""Files written into the text of a mail."""

from __future__ import annotations

import binascii

import pytest

from pipeline.message.uuencoded import find_uuencoded, without_uuencoded
from pipeline.model.files import FileKind
from tests.mails import office, parse, plain


def _uuencoded(name: str, octets: bytes, end: str = "`\nend\n") -> str:
    lines = (binascii.b2a_uu(octets[at : at + 45]).decode("ascii") for at in range(0, len(octets), 45))
    return f"begin 644 {name}\n{''.join(lines)}{end}"


def test_a_file_in_the_text_is_an_attachment() -> None:
    """It stands among the files under its own name, and its lines are no words of the mail."""
    document = office(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "word/document.xml"
    )
    message = parse(plain(f"石桥村方案，请查收\n\n{_uuencoded('方案.docx', document)}\n谢谢\n"))
    (attachment,) = message.attachments
    assert (attachment.name, attachment.sniffed_kind, attachment.blob.size) == (
        "方案.docx",
        FileKind.DOCX,
        len(document),
    )
    assert message.text.split() == ["石桥村方案，请查收", "谢谢"]


@pytest.mark.parametrize("end", ["`\nend\n", " \nend\n", "end\n", "`\r\nend\r\n"])
def test_every_way_to_end(end: str) -> None:
    octets = bytes(range(256)) * 3
    assert list(find_uuencoded(_uuencoded("a.bin", octets, end).encode(), "utf-8")) == [("a.bin", octets)]


@pytest.mark.parametrize(
    "text", ["begin 644 the work\n好的\nend\n", "We begin 644 x\nM\nend", "begin 644 a.docx\n", ""]
)
def test_words_that_only_look_so(text: str) -> None:
    assert list(find_uuencoded(text.encode(), "utf-8")) == []


def test_a_text_cut_off_within_a_file() -> None:
    """What is left of it is no word of the mail either."""
    cut = f"请查收\n{_uuencoded('a.bin', bytes(900))}"[:-200]
    assert without_uuencoded(cut) == "请查收\n"
