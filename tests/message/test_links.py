"""Links to files in place of files."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.message.drives import ANY_PROVIDER, match_place
from pipeline.message.links import find_links
from pipeline.model.message import CloudLink
from tests.mails import html_mail, parse, plain, qq_web

CHINA = ZoneInfo("Asia/Shanghai")
QQ = "https://wx.mail.qq.com/ftn/download?func=3&key=0a1b&code=2c3d"
QQ_BLOCK = (
    '<div id="QQMailBigAttach"><b>从QQ邮箱发来的超大附件</b>'
    '<div title="孙庄村视频.mp4&#10;文件大小：86.3M" class="bigatt_bt">'
    f'<div class="name_big"><a href="{QQ.replace("&", "&amp;")}">孙庄村视频.mp4</a>'
    "<span> (86.35M, 2023年06月08日 17:20 到期)</span></div>"
    f'<div class="down_big"><a href="{QQ.replace("&", "&amp;")}">进入下载页面</a>'
    f'<span style="display:none">：{QQ.replace("&", "&amp;")}</span></div></div></div>'
)


def _links(octets: bytes) -> tuple[CloudLink, ...]:
    return parse(octets).links


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=1&code=2", "QQ邮箱超大附件"),
        (QQ, "QQ邮箱超大附件"),
        ("https://gzc-dfsdown.mail.ftn.qq.com/ftn_handler/1?fname=a", "QQ邮箱超大附件"),
        ("https://mail.163.com/large-attachment-download/index.html?file=1", "网易邮箱超大附件"),
        ("https://dashi.163.com/html/cloud-attachment-download/?key=1", "网易邮箱大师云附件"),
        ("https://edisk.qiye.163.com/api/biz/attachment/download?identity=1", "网易企业邮箱云附件"),
        ("https://mail.sina.com.cn/filecenter/download.php?id=1", "新浪邮箱超大附件"),
        ("https://pan.baidu.com/s/1abc?pwd=x1y2", "百度网盘"),
        ("https://share.weiyun.com/abc", "腾讯微云"),
        ("https://pan.baidu.com/wap/link?surl=1abc", "百度网盘"),
        ("https://365.kdocs.cn/l/cabc", "金山文档"),
        ("https://doc.weixin.qq.com/doc/w3_abc", "企业微信文档"),
        ("https://wwi.lanzoup.com/iabc", "蓝奏云"),
        ("https://abc.feishu.cn/file/boxabc", "飞书云文档"),
        ("https://www.feishu.cn/product/docs", None),
        ("https://fast.uc.cn/s/abc", "UC网盘"),
        ("https://mail.qq.com.evil.cn/cgi-bin/ftnExs_download?k=1", None),
        ("https://mail.qq.com@evil.cn/cgi-bin/ftnExs_download?k=1", None),
        ("https://evil.cn/mail.qq.com/cgi-bin/ftnExs_download", None),
        ("https://evilftn.qq.com.cn/x", None),
        ("https://example.com/large-attachment-download/index.html?file=1", None),
        ("https://mail.qq.com/cgi-bin/loginpage", None),
        ("http://u.163.com/abc?spm=bigattachMasterDownLoad", None),
        ("https://share.weiyun.com/", None),
        ("ftp://pan.baidu.com/s/1", None),
        ("https://pan.baidu.com:8443/s/1", None),
        ("https://[pan.baidu.com/s/1", None),
    ],
)
def test_hosts_and_paths_are_exact(url: str, provider: str | None) -> None:
    """Look-alikes, other pages of a provider and advertisements are no files."""
    place = match_place(url)
    assert (place.provider if place else None) == provider


def test_qq_block() -> None:
    """Name, size and expiry stand beside the first of its links to one url."""
    mail = qq_web("视频", "见超大附件", html=f"<div>见超大附件</div>{QQ_BLOCK}")
    assert _links(mail) == (
        CloudLink(
            QQ,
            "QQ邮箱超大附件",
            "孙庄村视频.mp4",
            "86.35M",
            datetime(2023, 6, 8, 17, 20, tzinfo=CHINA),
            quoted=False,
            led_by="见超大附件\n从QQ邮箱发来的超大附件\n",
        ),
    )


def test_qq_plain_twin() -> None:
    """``NAME (SIZE, EXPIRY)进入下载页面：URL``."""
    (link,) = _links(plain(f"孙庄村视频（1）.mp4 (128.03M, 2023年6月8日 9:05 到期)进入下载页面：{QQ}\n"))
    assert (link.name, link.size) == ("孙庄村视频（1）.mp4", "128.03M")
    assert link.expires_at == datetime(2023, 6, 8, 9, 5, tzinfo=CHINA)


def test_what_leads_to_a_link() -> None:
    """The words of its line before it, and the two lines above."""
    (link,) = _links(plain("照片见附件。\n视频存到微云，链接：https://share.weiyun.com/AbC529xy 请下载\n"))
    assert link.led_by == "照片见附件。\n视频存到微云，链接："
    (link,) = _links(html_mail('<div>照片见附件</div><div>视频：<a href="https://pan.baidu.com/s/1xY">点开</a></div>'))
    assert link.led_by == "照片见附件\n视频："


def test_netease_block_with_attributes_alone() -> None:
    """Size and expiry come from the attributes where no text shows them; the advertisement is passed over."""
    url = "https://mail.163.com/large-attachment-download/index.html?file=1"
    html = (
        '<div id="divNeteaseBigAttach"><b>从网易163邮箱发来的超大附件</b>'
        f'<a href="{url}" filename="孙庄村视频.mp4" filesize="5901772" expiretime="1686215100000">下载</a>'
        '<a class="bigattach-mailmaster-download" href="http://u.163.com/a?spm=bigattachMasterDownLoad">大师</a></div>'
    )
    (link,) = _links(html_mail(html))
    assert (link.name, link.size, link.provider) == ("孙庄村视频.mp4", "5.63M", "网易邮箱超大附件")
    assert link.expires_at == datetime(2023, 6, 8, 17, 5, tzinfo=CHINA)


def test_several_links_keep_their_own_size_and_expiry() -> None:
    """What stands after the next link is not this one's."""
    items = "".join(f'<div><a href="{QQ}{n}">{n}.mp4</a> ({n}0M, 2023年6月{n}日 1:0{n} 到期)</div>' for n in (1, 2))
    links = _links(html_mail(items))
    assert [(link.name, link.size) for link in links] == [("1.mp4", "10M"), ("2.mp4", "20M")]
    assert [link.expires_at and link.expires_at.day for link in links] == [1, 2]


@pytest.mark.parametrize(
    "text", ["链接：https://pan.baidu.com/s/1abc 提取码：x1y2", "请到pan.baidu.com/s/1abc下载，密码x1y2"]
)
def test_a_drive_typed_by_hand(text: str) -> None:
    """With or without https://."""
    (link,) = _links(plain(f"通过网盘分享的文件：孙庄村视频\n{text}"))
    assert (link.url, link.provider, link.name) == ("https://pan.baidu.com/s/1abc", "百度网盘", "孙庄村视频")
    assert link.expires_at is None


@pytest.mark.parametrize(
    "mail",
    [
        html_mail(f"<div>已收到</div><blockquote>{QQ_BLOCK}</blockquote>"),
        html_mail(QQ_BLOCK.replace("QQMailBigAttach", "divNeteaseBigAttach_bak")),
        plain(f"已收到\n---原始邮件---\n视频.mp4 (1M)进入下载页面：{QQ}"),
    ],
)
def test_links_in_quoted_text_are_told_apart(mail: bytes) -> None:
    """The sender answers a mail with a link; he did not send it."""
    (link,) = _links(mail)
    assert link.quoted


def test_the_senders_own_link_counts_though_he_quotes_it_too() -> None:
    """Quoted only if it stands nowhere else."""
    (link,) = _links(plain(f"再发一次：{QQ}\n---原始邮件---\n{QQ}"))
    assert not link.quoted


def test_links_of_a_forwarded_mail_are_quoted() -> None:
    """They stand in the mail within the mail."""
    inner = plain(f"视频.mp4 (1M)：{QQ}", "From: c@d.cn\r\nTo: a@b.cn\r\n")
    (link,) = _links(b"From: a@b.cn\r\nContent-Type: message/rfc822\r\n\r\n" + inner)
    assert link.quoted


def test_no_link_in_no_text() -> None:
    """Nothing comes of nothing."""
    assert find_links([]) == ()
    assert _links(html_mail('<style>#divNeteaseBigAttach{display:none}</style><a href="mailto:a@b.cn">x</a>')) == ()


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        ("视频下载 https://we.tl/t-Ab3dEf9GhK", "WeTransfer"),
        ("照片 https://1drv.ms/f/s!Aabc", "OneDrive"),
        ("链接：https://files.county.example/share/8Kq2 提取码：ab12", ANY_PROVIDER),
        ("写实表太大，上传到网盘了\nhttps://disk.example.cn/d/9aZ", ANY_PROVIDER),
        ("视频在 https://v.example.com/iRNBho6u/ 点开就能看", ANY_PROVIDER),
    ],
)
def test_links_of_any_provider(text: str, provider: str) -> None:
    """Known or not: a line that speaks of files to be fetched."""
    (link,) = _links(plain(text, "From: a@b.cn\r\nSubject: x\r\n"))
    assert link.provider == provider


@pytest.mark.parametrize(
    "text",
    [
        "我们的网站 https://www.county.example/about",
        "下载网易邮箱大师 https://dashi.163.com/projects/dl.html",
        "链接 https://www.jiaxiang.gov.cn/art/2023/5/1/art_1_2.html",
        "下载 https://disk.example.cn/",
        "https://disk.example.cn/d/9aZ81k",
    ],
)
def test_links_that_are_no_file(text: str) -> None:
    """Home pages, programs, authorities' news; a bare link of which nothing is said."""
    assert _links(plain(text, "From: a@b.cn\r\nSubject: x\r\n")) == ()
