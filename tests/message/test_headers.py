"""Header fields as mailers write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipeline.message.headers import (
    choose_filename,
    decode_text,
    parameter,
    parse_address,
    parse_authentication,
    parse_message_ids,
    parse_return_path,
    parse_sent_at,
    split_parameters,
)
from pipeline.model.message import Address, Authentication
from tests.mails import word


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("写实表".encode("gbk"), "写实表", id="raw GBK"),
        pytest.param("写实表".encode(), "写实表", id="raw UTF-8"),
        pytest.param(b"=?gb2312?B?0M0=?=\r\n\t=?gb2312?B?yrWx7Q==?=", "型实表", id="two words, whole characters"),
        pytest.param(b"=?gb2312?B?0LTK?=\r\n =?gbk?B?tbHt?=", "写实表", id="cut within a character"),
        pytest.param(b"=?utf-8?B?5YaZ5a6=?= =?utf-8?B?nuihqA==?=", "写实表", id="UTF-8 cut within a character"),
        pytest.param(b'"=?gb18030?B?0LTKtbHt?="', '"写实表"', id="within quotes"),
        pytest.param(b"Re: =?GBK?Q?=D0=B4=CA=B5=B1=ED?= 5.10", "Re: 写实表 5.10", id="Q among plain text"),
        pytest.param(b"=?utf-8?q?a_b?= c", "a b c", id="underscore is a blank"),
        pytest.param(b"=?gb2312?B?0LTKtbHt", "写实表", id="last word cut off"),
        pytest.param(b"=?x-unknown?B?0LTKtbHt?=", "写实表", id="unknown charset"),
        pytest.param("王喆".encode("gbk"), "王喆", id="a character beyond GB 2312"),
        pytest.param(word("黄垓镇王堃", "gb2312").encode(), "黄垓镇王堃", id="labelled gb2312 beyond GB 2312"),
        pytest.param(b"=?utf-8?B?!!!?= x", "x", id="no base64 at all"),
    ],
)
def test_text_fields(raw: bytes, text: str) -> None:
    """Encoded words and raw octets are read wherever they stand; words are joined before decoding."""
    assert decode_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        pytest.param(b'attachment; filename="' + word("总结.docx", "gb18030").encode() + b'"', "总结.docx", id="QQ"),
        pytest.param(b'attachment; filename="' + "总结.docx".encode("gbk") + b'"', "总结.docx", id="raw GBK"),
        pytest.param(
            b"attachment; filename=" + "活动 总结.docx".encode(), "活动 总结.docx", id="unquoted with a blank"
        ),
        pytest.param(b"attachment; filename*=UTF-8''%E6%80%BB%E7%BB%93.docx", "总结.docx", id="RFC 2231"),
        pytest.param(
            b"attachment; filename*0*=gb2312''%D7%DC; filename*1*=%BD%E1; filename*2=.docx", "总结.docx", id="continued"
        ),
        pytest.param(b"attachment; filename*1=b.docx; filename*0=a", "ab.docx", id="continuations out of order"),
        pytest.param(b'attachment; filename="%E6%80%BB%E7%BB%93.docx"', "总结.docx", id="percent in a plain one"),
        pytest.param(b'attachment; filename="a\\"b.docx"', 'a"b.docx', id="escaped quote"),
        pytest.param(b'attachment; filename="' + "誠".encode("gbk") + b'"; size=3', "誠", id="GBK ends in a backslash"),
        pytest.param(b'attachment; filename="a;b=c.docx"', "a;b=c.docx", id="separators within quotes"),
        pytest.param(b'attachment; filename="open.docx', "open.docx", id="quote never closed"),
        pytest.param(b"attachment; filename=\"____.JPG\"; filename*=UTF-8''%E6%80%BB.jpg", "总.jpg", id="both"),
        pytest.param(b"attachment", "", id="none"),
    ],
)
def test_file_names(raw: bytes, name: str) -> None:
    """RFC 2231, RFC 2047 in parameters and raw octets give the name that the sender saw."""
    assert choose_filename(parameter(split_parameters(raw)[1], "filename")) == name


def test_a_placeholder_gives_way_to_a_better_name() -> None:
    """Outlook's underscores are beaten by a later reading, and stand where there is no other."""
    assert choose_filename(["____.JPG", "活动照片.jpg"]) == "活动照片.jpg"
    assert choose_filename(["____.JPG"]) == "____.JPG"


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (f'"{word("王村", "gb18030")}" <ABC@QQ.com>'.encode(), Address("王村", "abc@qq.com")),
        (f"{word('王村 ', 'GBK')} <a@126.com>".encode(), Address("王村", "a@126.com")),
        ("王村 <a@126.com>".encode("gbk"), Address("王村", "a@126.com")),
        (b"a@126.com", Address("", "a@126.com")),
        (b"a@126.com (Wang)", Address("Wang", "a@126.com")),
        (b'"x@evil.cn" <a@126.com>', Address("x@evil.cn", "a@126.com")),
        (b"<x@evil.cn> <a@126.com>", Address("<x@evil.cn>", "a@126.com")),
        (b"A <a@b.cn>, B <c@d.cn>", Address("A", "a@b.cn")),
        (word("王村 <a@126.com>").encode(), Address("王村", "a@126.com")),
        ("王村".encode(), Address("王村", "")),
        (b'"=?x?@?y?=" <1', Address('x?@?y?=" <1', "")),
        (b"", None),
    ],
)
def test_addresses(raw: bytes, address: Address | None) -> None:
    """The first mailbox, its address in lower case; a name that looks like an address does not take its place."""
    assert parse_address(raw) == address


def test_return_path_tells_null_from_an_address() -> None:
    """``<>`` is the empty string."""
    assert parse_return_path(b" <>") == ""
    assert parse_return_path(b"<A@b.cn>") == "a@b.cn"


def test_message_ids_are_read_with_and_without_brackets() -> None:
    """Folded, run together or bare, each id has its brackets."""
    assert parse_message_ids(b"<a@b>\r\n <c\r\n @d><e@f>") == ("<a@b>", "<c@d>", "<e@f>")
    assert parse_message_ids(b"a@b") == ("<a@b>",)
    assert parse_message_ids(b"") == ()


@pytest.mark.parametrize(
    "raw", [b"", b"yesterday", b"Tue, 99 May 2023 10:00:00 +0800", b"Tue, 9 May 2023 10:00:00 +9999999999"]
)
def test_a_date_that_is_none(raw: bytes) -> None:
    """Nonsense is no date."""
    assert parse_sent_at(raw) is None


def test_dates_are_aware() -> None:
    """With its zone, with a comment, and -0000 as UTC."""
    expected = datetime(2023, 5, 9, 10, 0, tzinfo=timezone(timedelta(hours=8)))
    assert parse_sent_at(b"Tue, 9 May 2023 10:00:00 +0800 (CST)") == expected
    assert parse_sent_at(b"Tue, 9 May 2023 02:00:00 -0000") == expected.astimezone(UTC)


def test_authentication_results() -> None:
    """Comments are skipped, and one good signature of several is enough."""
    raw = b"mx.example.cn (a (b); c) 1;\r\n spf=fail (x; dkim=pass) smtp.mailfrom=a; dkim=fail; dkim=pass; dmarc=none"
    assert parse_authentication(raw) == ("mx.example.cn", Authentication("fail", "pass", "none"))
