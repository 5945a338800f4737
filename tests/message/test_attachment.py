"""The files of a mail."""

import base64

import pytest

from pipeline.model.files import FileKind, Problem
from tests.archives import old_rar
from tests.mails import (
    DOCX,
    Kept,
    file_part,
    gateway,
    html_mail,
    mixed,
    netease_web,
    parse,
    picture,
    plain,
    qq_web,
    zip_of,
)

PHOTO = picture(640, 480)
LOGO = picture(120, 60)
INNER = qq_web("孙庄村实施方案", "请审阅", [("实施方案.docx", DOCX)])


@pytest.mark.parametrize("client", [qq_web, netease_web, gateway])
def test_names_of_every_mailer(client: object) -> None:
    """The name, the octets and the kind of a file, whatever its type is called."""
    kept = Kept()
    message = parse(client("写实表", "见附件", [("孙庄村写实表（5月10日）.docx", DOCX)]), kept)  # type: ignore[operator]  # one shape
    (attachment,) = message.attachments
    assert attachment.path == ("孙庄村写实表（5月10日）.docx",)
    assert attachment.sniffed_kind is FileKind.DOCX
    assert kept[attachment.blob.digest] == DOCX
    assert message.text == "见附件"


def test_an_empty_file_is_told() -> None:
    """It has a name, so somebody meant to send it."""
    (attachment,) = parse(qq_web("x", "x", [("视频.mp4", b"")])).attachments
    assert (attachment.sniffed_kind, attachment.problem) == (FileKind.EMPTY, Problem.EMPTY)


def test_a_file_without_a_name_gets_one() -> None:
    """By its content."""
    mail = mixed([file_part("Content-Type: image/jpeg", PHOTO)])
    assert parse(mail).attachments[0].path == ("未命名附件.jpg",)


def _related(picture_head: str, octets: bytes, shown: str = "logo@x") -> bytes:
    page = base64.encodebytes(f'<p>x</p><img src="cid:{shown}">'.encode())
    body = b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" + page
    return mixed([body, file_part(picture_head, octets)], subtype="related")


@pytest.mark.parametrize(
    ("head", "octets", "count"),
    [
        pytest.param("", LOGO, 0, id="logo"),
        pytest.param("Content-Disposition: inline\r\n", LOGO, 0, id="logo called inline"),
        pytest.param("", PHOTO, 1, id="photo pasted into the text"),
        pytest.param(
            "Content-Disposition: attachment\r\n", LOGO, 0 if len(LOGO) < 8192 else 1, id="logo called attachment"
        ),
    ],
)
def test_logos_are_no_attachments_and_photos_are(head: str, octets: bytes, count: int) -> None:
    """A picture shown by its Content-ID is left out if it is small."""
    fields = f'Content-Type: image/jpeg; name="image001.jpg"\r\n{head}Content-ID: <logo@x>\r\n'
    attachments = parse(_related(fields, octets)).attachments
    assert len(attachments) == count
    assert all(attachment.inline for attachment in attachments)


def test_a_small_picture_that_is_shown_nowhere_is_a_file() -> None:
    """Size alone makes no logo."""
    (attachment,) = parse(qq_web("x", "x", [("1.jpg", LOGO)])).attachments
    assert not attachment.inline


def test_a_photo_written_into_the_markup() -> None:
    """RFC 2397: seen where a picture is pasted into a web mailer."""
    html = f'<p>x</p><img src="data:image/jpeg;base64,{base64.b64encode(PHOTO).decode()}">'
    kept = Kept()
    (attachment,) = parse(html_mail(html), kept).attachments
    assert (attachment.path, attachment.inline, kept[attachment.blob.digest]) == (("正文图片1.jpg",), True, PHOTO)


@pytest.mark.parametrize("name", ["Thumbs.db", "smime.p7s", "会议.ics", "名片.vcf", "~$总结.docx", "ATT00001.htm"])
def test_what_nobody_meant_to_send(name: str) -> None:
    """Signatures, cards, traces of systems."""
    assert parse(qq_web("x", "x", [(name, b"x")])).attachments == ()


def _as_rfc822(encoding: str = "") -> bytes:
    head = f'Content-Type: message/rfc822; name="转发.eml"\r\n{encoding}\r\n'.encode()
    return mixed([head + INNER], "outer")


@pytest.mark.parametrize(
    ("mail", "path"),
    [
        pytest.param(_as_rfc822(), ("转发.eml", "实施方案.docx"), id="message/rfc822"),
        pytest.param(qq_web("转发", "x", [("转发.eml", INNER)]), ("转发.eml", "实施方案.docx"), id="octet-stream"),
        pytest.param(
            mixed([b"Content-Type: message/rfc822\r\n\r\n" + INNER], "outer"),
            ("孙庄村实施方案.eml", "实施方案.docx"),
            id="no name",
        ),
        pytest.param(
            qq_web("转发", "x", [("材料.zip", zip_of([("转发.eml", INNER)]))]),
            ("材料.zip", "转发.eml", "实施方案.docx"),
            id="in an archive",
        ),
    ],
)
def test_forwarded_mails_are_opened(mail: bytes, path: tuple[str, ...]) -> None:
    """Their files count with the way to them, their words are quoted."""
    message = parse(mail)
    assert [attachment.path for attachment in message.attachments] == [path]
    assert message.attachments[0].subjects == ("孙庄村实施方案",)
    assert message.quoted.splitlines()[-2:] == ["孙庄村实施方案", "请审阅"]


def test_archives_stand_for_themselves_where_they_must_not_be_opened() -> None:
    """Nothing of a hostile archive is kept but the archive."""
    hostile = zip_of([("1.jpg", PHOTO), ("../x", b"x")])
    kept = Kept()
    message = parse(qq_web("x", "x", [("照片.zip", hostile), ("总结.docx", DOCX)]), kept)
    assert [(each.path, each.problem) for each in message.attachments] == [
        (("照片.zip",), Problem.HOSTILE),
        (("总结.docx",), None),
    ]
    assert sorted(kept.values()) == sorted([hostile, DOCX])


def test_members_of_archives_are_attachments() -> None:
    """With the archive's name before their own."""
    archive = zip_of([("孙庄村/照片/1.jpg", PHOTO), ("孙庄村/总结.docx", DOCX)], "gb18030")
    attachments = parse(qq_web("x", "x", [("材料.zip", archive)])).attachments
    assert [each.path for each in attachments] == [("材料.zip", "孙庄村/照片/1.jpg"), ("材料.zip", "孙庄村/总结.docx")]
    assert [each.name for each in attachments] == ["1.jpg", "总结.docx"]


def test_mails_and_archives_in_turns() -> None:
    """The nest has an end."""
    octets = INNER
    for _ in range(12):
        octets = qq_web("x", "x", [("a.zip", zip_of([("a.eml", octets)]))])
    (attachment,) = parse(octets).attachments
    assert attachment.problem is Problem.HOSTILE


def test_a_text_file_that_begins_like_a_mail_stays_one() -> None:
    """Only what is no text is taken for a mail."""
    part = b'Content-Type: text/plain; name="a.txt"\r\n\r\nFrom: a\nTo: b\nSubject: c\n\nx'
    assert parse(mixed([part])).attachments[0].path == ("a.txt",)


def test_archives_of_other_kinds_are_opened() -> None:
    """Their files stand under the archive's name, folders kept; one that cannot be opened stands for its files."""
    files = [("材料.rar", old_rar("孙庄村\\1.txt".encode("gbk"), b"one")), ("b.rar", b"Rar!\x1a\x07\x01\0")]
    found = parse(qq_web("x", "x", files)).attachments
    assert [(each.path, each.problem) for each in found] == [
        (("材料.rar", "孙庄村\\1.txt"), None),
        (("b.rar",), Problem.DAMAGED),
    ]


def test_no_part_no_file() -> None:
    """A mail of text alone."""
    assert parse(plain("x")).attachments == ()
