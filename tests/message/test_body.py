"""A mail's text: the sender's own words and what he quotes."""

import pytest

from pipeline.message.body import read_body
from pipeline.message.part import parse_part
from tests.mails import html_mail, mixed, plain, text_part

OWN = "孙庄村写实表见附件，请查收。"
QUOTED = "请各村于5月10日前报送。"

BELOW = [
    pytest.param(f"------------------ 原始邮件 ------------------\n发件人: 街道办\n{QUOTED}", id="QQ in a browser"),
    pytest.param(f'---原始邮件---\n发件人: "街道办"<a@b.cn>\n{QUOTED}', id="QQ on a phone"),
    pytest.param(f'在 2023-05-06 09:10:00，"街道办" <office@163.com> 写道：\n{QUOTED}', id="163"),
    pytest.param(f'At 2023-05-06 09:10:00, "街道办" <office@163.com> wrote:\n>{QUOTED}', id="163 in English"),
    pytest.param(f"-----原始邮件-----\n发件人:街道办\n发送时间:2023-05-06\n{QUOTED}", id="Coremail"),
    pytest.param(f"发件人： 街道办\n发送时间： 2023-05-06 09:10\n收件人： 孙庄村\n主题： 通知\n{QUOTED}", id="Foxmail"),
    pytest.param(
        f"________________________________\n发件人: 街道办\n发送时间: 5月6日\n收件人: 孙庄\n{QUOTED}", id="Outlook"
    ),
    pytest.param(f"From: office <a@b.cn>\nSent: Monday\nTo: sun\nSubject: x\n{QUOTED}", id="Outlook in English"),
    pytest.param(f"在 2023年5月6日，上午9:10，街道办 <office@163.com> 写道：\n\n> {QUOTED}", id="iPhone"),
    pytest.param(f"街道办 <office@163.com> 于2023年5月6日周六\n 09:10写道：\n\n> {QUOTED}", id="Gmail on two lines"),
    pytest.param(f"---- 回复的原邮件 ----\n| 发件人 | 街道办 |\n{QUOTED}", id="163 on a phone"),
    pytest.param(f"-------- 转发邮件信息 --------\n发件人：街道办\n{QUOTED}", id="163 forwards"),
    pytest.param(f"-------- 转发的消息 --------\n主题: 通知\n{QUOTED}", id="Thunderbird"),
    pytest.param(f"---------- Forwarded message ---------\nFrom: a\n{QUOTED}", id="Gmail forwards"),
    pytest.param(f"> {QUOTED}\n> 谢谢", id="cited lines alone"),
]


@pytest.mark.parametrize("below", BELOW)
def test_what_stands_below_a_mailers_mark_is_quoted(below: str) -> None:
    """The mark itself is quoted too."""
    body = read_body(parse_part(plain(f"{OWN}\n\n{below}\n")))
    assert body.text == OWN
    assert QUOTED in body.quoted


def test_an_answer_below_cited_lines_is_own() -> None:
    """Where the cited lines have marks of their own, what follows them is the sender's."""
    body = read_body(parse_part(plain(f"在 2023-05-06，街道办 <a@b.cn> 写道：\n> {QUOTED}\n\n{OWN}\n")))
    assert body.text == OWN
    assert QUOTED in body.quoted


@pytest.mark.parametrize(
    "text",
    [
        "时间：5月9日\n地点：文化广场\n主题：宣传活动\n日期：当天",
        "写实表----原件在村里",
        "5月9日村民在黑板上写道：优生优育\n活动圆满结束",
    ],
)
def test_a_villages_own_words_are_not_taken_for_a_quotation(text: str) -> None:
    """Headings of an activity look like those of a mail, but name no sender."""
    assert read_body(parse_part(plain(text))).text == text


@pytest.mark.parametrize(
    "html",
    [
        f"<div>{OWN}</div><blockquote><div>{QUOTED}</div></blockquote>",
        f'<div>{OWN}</div><div id="isReplyContent">{QUOTED}</div>',
        f'<p>{OWN}</p><div class="gmail_quote">{QUOTED}</div>',
        f'<p>{OWN}</p><div id="divRplyFwdMsg">街道办</div><div>{QUOTED}</div>',
        f"<div>{OWN}</div><div>------------------&nbsp;原始邮件&nbsp;------------------</div><div>{QUOTED}</div>",
        f"<div>{OWN}</div><table><tr><td>发件人</td><td>街道办</td></tr><tr><td>日期</td><td>x</td></tr>"
        f"<tr><td>主题</td><td>y</td></tr></table>{QUOTED}",
    ],
)
def test_quotations_in_markup(html: str) -> None:
    """Elements that quote, and mailers' marks between elements."""
    body = read_body(parse_part(html_mail(html)))
    assert body.text == OWN
    assert QUOTED in body.quoted


@pytest.mark.parametrize(
    "html",
    [
        f'<blockquote style="margin:0 0 0 40px;border:none;padding:0"><div>{OWN}</div></blockquote>',
        f"<blockquote>{OWN}</blockquote>",
    ],
)
def test_indented_text_is_own(html: str) -> None:
    """Editors indent with a blockquote without border; a mail that is nothing but a blockquote is the sender's too."""
    assert read_body(parse_part(html_mail(html))).text == OWN


def test_html_reads_as_a_person_sees_it() -> None:
    """Lines, cells and preformatted text; no style, script, comment or hidden text."""
    html = (
        "<?xml version='1.0' encoding='gb2312'?><html><head><title>x</title><style>p{}</style></head><body>"
        "<p>一<br>二</p><!-- x --><!--[if mso]>x<![endif]--><script>x</script><span style='display: none'>x</span>"
        "<table><tr><td>三</td><td>四</td></tr></table><pre>五\n六</pre>七&nbsp;八</body></html>"
    )
    assert read_body(parse_part(html_mail(html))).text == "一\n二\n三\t四\n五\n六\n七 八"


def test_of_alternatives_the_plain_text_counts_unless_it_is_empty() -> None:
    """One rendering is shown, and all are kept for their links."""
    both = [text_part("甲"), text_part("<p>乙</p>", subtype="html")]
    empty = [text_part(" \n"), text_part("<p>乙</p>", subtype="html")]
    assert read_body(parse_part(mixed(both, subtype="alternative"))).text == "甲"
    body = read_body(parse_part(mixed(empty, subtype="alternative")))
    assert body.text == "乙"
    assert len(body.passages) == 2


def test_text_in_several_parts_is_one_text() -> None:
    """Apple Mail cuts the text around each picture."""
    assert read_body(parse_part(mixed([text_part("甲"), text_part("乙")]))).text == "甲\n乙"


def test_a_file_of_text_is_no_body() -> None:
    """A name or a disposition makes it a file."""
    parts = [b"Content-Disposition: attachment\r\n\r\nx", b'Content-Type: text/plain; name="a.txt"\r\n\r\ny']
    assert read_body(parse_part(mixed(parts))).text == ""


@pytest.mark.parametrize("html", ["", "<", "<p", "\0", "<!--", "&#x110000;", "<a href='http://[x'>y", "<b>" * 5000])
def test_broken_markup_is_no_error(html: str) -> None:
    """Some text comes of anything."""
    assert isinstance(read_body(parse_part(html_mail(html))).text, str)
