# ruff: noqa: E501 a clerk's sentence is not cut, and a mail is read as a whole
"""Plans, due on 5 May: every client, every way of packing, two mails around midnight."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from tests.heldout.mails import Mail, Sent, at, file, forwarded, mail, rfc_date
from tests.heldout.pictures import logo
from tests.heldout.texts import PLANS
from tests.heldout.word import Word, pack, prose

FILES = Path(__file__).parent / "files"


def gbk_zip(name: str, members: list[tuple[str, bytes, str, str]], *, directories: list[str] | None = None) -> Sent:
    """A zip as WinRAR writes it: GBK names without the UTF-8 mark, folders as entries of their own."""
    entries = {f"{each}/": b"" for each in directories or []} | {path: octets for path, octets, _, _ in members}
    # zipfile marks every name that is not ASCII as UTF-8: spell them in ASCII of the same length first.
    spelled = {f"{number:03d}".ljust(len(path.encode("gbk")), "x"): path for number, path in enumerate(entries)}
    octets = pack({short: entries[path] for short, path in spelled.items()})
    for short, path in spelled.items():
        octets = octets.replace(short.encode(), path.encode("gbk"))
    inside = tuple(file(path, content, village, which) for path, content, village, which in members)
    return Sent(name, octets, inside=inside)


def utf8_zip(name: str, members: list[tuple[str, bytes, str, str]], *, junk: bool = False) -> Sent:
    """A zip as a Mac or a phone writes it; with ``junk`` its own traces are in it."""
    entries = {path: octets for path, octets, _, _ in members}
    if junk:
        entries |= {
            "__MACOSX/._照片1.jpg": b"\0\5\x16\7mac",
            "照片/Thumbs.db": b"\xd0\xcf\x11\xe0thumbs",
            "照片/~$总结.docx": b"\0",
        }
    octets = pack(entries)
    assert all(
        entry.flag_bits & 0x800 or entry.filename.isascii() for entry in zipfile.ZipFile(BytesIO(octets)).infolist()
    )
    inside = tuple(file(path, content, village, which) for path, content, village, which in members)
    return Sent(name, octets, inside=inside)


def mails() -> list[Mail]:
    """Fourteen villages' plans."""
    made = [
        mail(
            "east-plan-with-slogan",
            "5-02 08:41",
            "dongwa2008@163.example",
            "活动月方案",
            "领导好：\n  方案报上，请查收。让协会成为群众的幸福源泉，我们一定努力把活动搞好。\n老赵",
            [file("新建 Microsoft Word 文档.docx", prose(PLANS["东洼村"]), "东洼村", "plan")],
            nick="知足常乐",
            client="coremail",
            leaves={("东洼村", "plan"): "accepted"},
        ),
        mail(
            "west-plan-pdf",
            "5-03 10:15",
            "xiwa_cw@126.example",
            "西洼村工作计划（盖章版）",
            "",
            [file("扫描全能王 5.3.pdf", (FILES / "plan-west.pdf").read_bytes(), "西洼村", "plan")],
            client="foxmail",
            leaves={("西洼村", "plan"): "accepted"},
        ),
        mail(
            "xingfu-plan-word-97",
            "5-04 09:20",
            "13579@qq.example",
            "实施方案",
            "您好，附件是我村的方案，请审阅。",
            [file("方案.doc", (FILES / "plan.doc").read_bytes(), "幸福村", "plan")],
            nick="A幸福一家人",
            client="qq",
            html="<div>您好，附件是我村的方案，请审阅。</div>",
            leaves={("幸福村", "plan"): "accepted"},
        ),
        mail(
            "heping-plan-tracked-changes",
            "5-04 11:02",
            "heping-sq@sina.example",
            "和平居委会活动方案",
            "请领导过目",
            [file("和平居委会方案（修订）.docx", _tracked(), "和平社区", "plan")],
            client="outlook",
            leaves={("和平社区", "plan"): "accepted"},
        ),
        mail(
            "hongqi-plan-typed-into-the-mail",
            "5-04 16:30",
            "hongqi.cun@163.example",
            "红旗村实施方案",
            PLANS["红旗村"],
            client="coremail",
            expect=["attachment-missing|file-format"],
            allow=["file-format@plan"],
        ),
        mail(
            "hongqi-plan-odd-header",
            "5-05 08:12",
            "hongqi.cun@163.example",
            "补发：红旗村活动方案见附件",
            "昨天忘了传附件，今天补上。",
            [file("红旗村活动方案.docx", prose("红旗村5·29活动方案\n" + PLANS["红旗村"]), "红旗村", "plan")],
            client="raw",
            nick="红旗村委",
            leaves={("红旗村", "plan"): "accepted"},
        ),
        mail(
            "zhu-three-villages-in-one-zip",
            "5-05 09:47",
            "zhuwenshu@126.example",
            "三个村的方案",
            "孔村、前孔村、李庄三个村的都在压缩包里，请查收。朱",
            [
                gbk_zip(
                    "方案.zip",
                    [
                        ("孔村/活动计划.docx", prose(PLANS["孔村"]), "孔村", "plan"),
                        ("前孔村/活动计划.docx", prose(PLANS["前孔村"]), "前孔村", "plan"),
                        ("李庄/活动方案.docx", prose(PLANS["李庄村"]), "李庄村", "plan"),
                    ],
                    directories=["孔村", "前孔村", "李庄"],
                )
            ],
            client="coremail",
            expect=["text-copied@plan"],
            leaves={(village, "plan"): "accepted" for village in ("孔村", "前孔村", "李庄村")},
        ),
        mail(
            "dalizhuang-plan-in-7z",
            "5-05 10:05",
            "dlz_wh@163.example",
            "大李庄村方案",
            "方案在压缩包里",
            [Sent("大李庄村方案.7z", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(256)) * 6, "大李庄村", ("plan", None))],
            client="foxmail",
            expect=["file-format|file-unreadable|attachment-unrecognised|file-encrypted@plan"],
            allow=["file-mislabelled@plan"],
        ),
        mail(
            "dalizhuang-plan-after-the-7z",
            "5-05 17:40",
            "dlz_wh@163.example",
            "Re: 大李庄村方案",
            "对不住，重新发word版。\n\n-----原始邮件-----\n发件人: 万张街道计生协办公室\n主题: 请补正\n> 来件收悉。请把压缩包换成zip。实施方案、写实表、统计表、总结、照片、视频……",
            [file("大李庄村方案.docx", prose(PLANS["大李庄村"]), "大李庄村", "plan")],
            client="coremail",
            headers=["In-Reply-To: <baosong.x1@office.example>"],
            leaves={("大李庄村", "plan"): "accepted"},
        ),
        mail(
            "malou-plan-from-a-phone",
            "5-05 12:33",
            "lxy-happy@139.example",
            "马楼",
            "发自我的iPhone",
            [file("1683261212.docx", prose(PLANS["马家楼村"]), "马家楼村", "plan")],
            client="iphone",
            nick="梅子",
            expect=["sender-unregistered"],
            leaves={("马家楼村", "plan"): "accepted"},
        ),
        mail(
            "xinhe-plan-merged-villages",
            "5-05 14:00",
            "xinhe2019@163.example",
            "赵河方案",
            "",
            [file("赵河、刘河方案.docx", prose(PLANS["新合村"]), "新合村", "plan")],
            client="bare",
            leaves={("新合村", "plan"): "accepted"},
        ),
        mail(
            "qilipu-plan-forwarded-twice",
            "5-05 15:10",
            "grid07@qq.example",
            "转发：转发：七里铺方案",
            "帮居委会转发，请收。",
            [_forwarded_twice()],
            nick="七里铺网格员小秦",
            client="qq",
            expect=["sender-unregistered"],
            leaves={("七里铺社区", "plan"): "accepted"},
        ),
        mail(
            "beiguan-plan-just-before-midnight",
            "5-05 23:59:40",
            "beiguan_cun@163.example",
            "北关村实施方案",
            "请收",
            [
                file("北关村实施方案.docx", prose(PLANS["北关村"]), "北关村", "plan"),
                Sent("image001.png", logo(), cid="image001.png@01D97F", scored=False),
            ],
            client="outlook",
            html='请收<br>--<br><img src="cid:image001.png@01D97F">',
            date="Thu, 01 Jan 1970 08:00:00 +0800",
            leaves={("北关村", "plan"): "accepted"},
        ),
        mail(
            "community-plan-just-after-midnight",
            "5-06 00:00:20",
            "bgsq@163.example",
            "北关社区工作方案",
            "报送方案一份",
            [file("北关社区工作方案.docx", prose(PLANS["北关社区"]), "北关社区", "plan")],
            client="coremail",
            date=rfc_date(at("5-05 23:58")),
            expect=["late@plan"],
            leaves={("北关社区", "plan"): "accepted late"},
        ),
    ]
    twice = made[0]
    copy = mail(
        "east-plan-delivered-twice",
        "5-02 08:49",
        "dongwa2008@163.example",
        "活动月方案",
        "领导好：\n  方案报上，请查收。让协会成为群众的幸福源泉，我们一定努力把活动搞好。\n老赵",
        [file("新建 Microsoft Word 文档.docx", prose(PLANS["东洼村"]), "东洼村", "plan")],
        nick="知足常乐",
        client="coremail",
        date=rfc_date(twice.received_at),
        message_id=_own_id(twice),
        disposition="ignored|submission",
        answered=False,
        leaves={("东洼村", "plan"): "accepted"},
    )
    return [*made, copy]


def _own_id(made: Mail) -> str:
    head = made.octets.partition(b"\r\n\r\n")[0].decode("latin-1")
    return head.partition("Message-ID: <")[2].partition(">")[0]


def _tracked() -> bytes:
    word = Word()
    title, first, *lines = PLANS["和平社区"].split("\n")
    word.add(word.paragraph(title, bold=True, centred=True), word.tracked(first, "删去的旧话", "（已修订）"))
    word.add(*(word.controlled(line) for line in lines))
    return word.octets()


def _forwarded_twice() -> Sent:
    plan = file("方案.docx", prose(PLANS["七里铺社区"]), "七里铺社区", "plan")
    inner = forwarded(
        subject="社区方案",
        sender="qilipu@139.example",
        body="见附件",
        files=[plan],
        when="5-05 10:00",
        client="foxmail",
    )
    return forwarded(
        subject="转发：社区方案", sender="grid07@qq.example", body="请转街道", files=[inner], when="5-05 13:00"
    )
