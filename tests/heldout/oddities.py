# ruff: noqa: E501 a clerk's sentence is not cut, and a mail is read as a whole
"""Rarer mess, each seen in some office: odd names, odd packing, links for tables, files dragged as shortcuts."""

from __future__ import annotations

from functools import cache

from tests.heldout.deeds import deeds
from tests.heldout.forms import rebuilt, row, statistics_sheet, statistics_word, within_the_notice
from tests.heldout.mails import Mail, Sent, file, file_part, mail, multipart, text_part
from tests.heldout.pictures import jpeg, other_format, scan
from tests.heldout.plans import utf8_zip
from tests.heldout.texts import PLANS, SUMMARIES
from tests.heldout.word import pack, prose


def mails() -> list[Mail]:
    """They fill what the other stories leave open."""
    return [*_in_may(), *_in_june()]


def _in_may() -> list[Mail]:
    lizhuang = deeds("李庄村", 1, pictures=3)
    return [
        mail(
            "lizhuang-plan-again-after-the-deadline", "5-15 09:00", "lizhuang99@qq.example", "李庄村方案（细化）", "",
            [file("李庄村实施方案（细化）.docx", prose(PLANS["李庄村"] + "\n附：分工表见公开栏"), "李庄村", "plan")],
            nick="李庄村委", leaves={("李庄村", "plan"): "accepted"},
        ),
        mail(
            "lizhuang-2-whole-notice-filled-in", "5-19 08:00", "lizhuang99@qq.example", "李庄村5月20日进展", "直接在通知后面填的",
            [
                file(
                    "关于开展“5.29会员活动月”宣传服务活动的通知.docx",
                    within_the_notice([row(each.text, *each.scenes, unit="李庄村") for each in lizhuang]), "李庄村", "2",
                )
            ],
            nick="李庄村委", allow=["unit-blank@2"], leaves={("李庄村", "2"): "accepted|returned?"},
        ),
        mail(
            "heping-2-table-on-kdocs", "5-19 20:00", "heping-sq@sina.example", "和平社区5月20日写实表",
            "写实表在金山文档：https://kdocs.cn/l/cd0x7PqRsTuV 点开就能看", client="outlook",
            expect=["cloud-link@2"], allow=["attachment-missing"], leaves={("和平社区", "2"): "review"},
        ),
        mail(
            "malou-2-a-shortcut", "5-20 12:00", "lxy-happy@139.example", "马楼第二次写实表", "",
            [
                Sent(
                    "马楼写实表 - 快捷方式.lnk",
                    b"\x4c\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0\x46" + bytes(200) + "C:\\写实表.docx".encode("gbk"),
                    "马家楼村", ("progress@2023-05-20", None),
                )
            ],
            client="iphone", nick="梅子",
            expect=["attachment-unrecognised|file-format|file-unreadable|file-mislabelled|file-hostile"],
            allow=["sender-unregistered", "file-hostile", "file-macro"],
        ),
        mail(
            "malou-2-path-in-the-name-and-lock-file", "5-20 18:00", "lxy-happy@139.example", "马楼第二次写实表", "",
            [
                file("C:\\Users\\梅子\\Desktop\\马楼\\第二次写实表.docx", _malou_second(), "马家楼村", "2"),
                Sent("~$二次写实表.docx", b"\5\xc3\xb7\xd7\xd3" + bytes(157), scored=False),
            ],
            client="bare", nick="梅子", allow=["sender-unregistered"], leaves={("马家楼村", "2"): "accepted"},
        ),
        mail(
            "malou-3-strict-word", "5-31 12:00", "lxy-happy@139.example", "马楼第三次写实表", "发自我的iPhone",
            [file("马楼第三次写实表.docx", rebuilt("马楼村", "马楼村", deeds("马家楼村", 1, 2, 3), strict=True), "马家楼村", "3")],
            client="iphone", nick="梅子", allow=["sender-unregistered"], leaves={("马家楼村", "3"): "accepted"},
        ),
        mail(
            "qianke-3-no-name-at-all", "5-31 13:30", "zhuwenshu@126.example", "前孔村写实表三", "",
            [file("", _qianke_third(), "前孔村", "3")],
            content=multipart(
                [
                    text_part("前孔的", "gb18030"),
                    b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                    + file_part(file("x", _qianke_third(), "前孔村", "3")).partition(b"\r\n\r\n")[2],
                ],
                "mixed", "----=_NONAME",
            )[: -len("------=_NONAME--\r\n")],  # and cut off before its last boundary
            leaves={("前孔村", "3"): "accepted"},
        ),
        mail(
            "community-3-headings-on-each-page", "5-31 20:00", "bgsq@163.example", "北关社区写实表(5月31日)", "",
            [
                file(
                    "北关社区写实表(5月31日).docx",
                    rebuilt("北关社区居委会", "北关社区居委会", deeds("北关社区", 1, 2, 3), split_after=2, headings_again=True),
                    "北关社区", "3",
                )
            ],
            client="outlook", headers=["Authentication-Results: mx.office.example; spf=softfail smtp.mailfrom=163.example"],
            leaves={("北关社区", "3"): "accepted"},
        ),
        mail(
            "qilipu-3-forged", "5-31 21:00", "qilipu@139.example", "七里铺社区写实表（5月31日）", "",
            [file("七里铺社区写实表（5月31日）.docx", _qilipu_third(), "七里铺社区", "3")],
            client="coremail",
            headers=["Authentication-Results: mx.office.example; spf=fail smtp.mailfrom=139.example; dkim=none; dmarc=fail"],
            expect=["sender-unverified", "activity-date-outside@3"], leaves={("七里铺社区", "3"): "accepted"},
        ),
    ]  # fmt: skip


def _in_june() -> list[Mail]:
    scene = 8000
    beiguan = [file(f"北关村{k}.jpg", jpeg(scene + k), "北关村", "photos") for k in range(3)]
    return [
        mail(
            "beiguan-photos-on-a-phone", "6-09 16:30", "beiguan_cun@163.example", "照片补上", "",
            beiguan, client="iphone",
            content=multipart(
                [text_part("北关村照片\n")]
                + [part for each in beiguan for part in (_inline(each), text_part("\n"))]
                + [text_part("\n\n发自我的 iPhone")],
                "mixed", "Apple-Mail-6B1F-77",
            ),
            leaves={("北关村", "photos"): "accepted"},
        ),
        mail(
            "beiguan-three-more-photos", "6-09 17:00", "beiguan_cun@163.example", "北关村照片再补3张", "",
            [file(f"再补{k}.jpg", jpeg(scene + 5 + k), "北关村", "photos") for k in range(3)],
            client="outlook", expect=["photo-count@photos"], leaves={("北关村", "photos"): "accepted"},
        ),
        mail(
            "heping-a-bad-photo-after-good-ones", "6-09 18:10", "heping-sq@sina.example", "和平社区照片加一张", "",
            [file("截图.png", other_format(scene + 10, "PNG"), "和平社区", "photos")],
            client="outlook", expect=["photo-format|file-format@photos"], leaves={("和平社区", "photos"): "accepted"},
        ),
        mail(
            "qilipu-three-photos-two-the-same", "6-09 18:20", "qilipu@139.example", "七里铺社区照片（重发）", "",
            [
                file("1.jpg", jpeg(scene + 20), "七里铺社区", "photos"),
                file("1(1).jpg", jpeg(scene + 20), "七里铺社区", "photos"),
                file("2.jpg", jpeg(scene + 21), "七里铺社区", "photos"),
            ],
            client="coremail", expect=["photo-duplicate@photos", "photo-count@photos"],
            leaves={("七里铺社区", "photos"): "returned"},
        ),
        mail(
            "dalizhuang-summary-scanned", "6-09 19:20", "dlz_wh@163.example", "大李庄村总结", "",
            [file("大李庄村总结.pdf", scan(scene + 30), "大李庄村", "summary")],
            client="bare", expect=["text-too-short|file-format|file-unreadable@summary"], allow=["text-off-topic@summary"],
            leaves={("大李庄村", "summary"): "returned"},
        ),
        mail(
            "hongqi-summary-called-a-report", "6-09 19:40", "hongqi.cun@163.example", "红旗村", "",
            [file("红旗村工作小结.docx", prose(_hongqi_summary()), "红旗村", "summary")],
            client="raw", nick="红旗村委", leaves={("红旗村", "summary"): "accepted"},
        ),
        mail(
            "heping-summary-in-pinyin", "6-10 08:30", "heping-sq@sina.example", "heping zongjie", "",
            [file("zongjie.docx", prose(_heping_summary()), "和平社区", "summary")],
            client="outlook", leaves={("和平社区", "summary"): "accepted"},
        ),
        mail(
            "lizhuang-zip-in-a-zip", "6-10 10:10", "lizhuang99@qq.example", "李庄村材料重发", "",
            [
                Sent(
                    "李庄村材料.zip",
                    pack({"文字.zip": pack({"总结.docx": prose(SUMMARIES["李庄村"])}), "附件2.xlsx": _lizhuang_figures()}),
                    inside=(
                        file("总结.docx", prose(SUMMARIES["李庄村"]), "李庄村", "summary"),
                        file("附件2.xlsx", _lizhuang_figures(), "李庄村", "statistics"),
                    ),
                )
            ],
            nick="李庄村委", leaves={("李庄村", "summary"): "accepted", ("李庄村", "statistics"): "accepted"},
        ),
        mail(
            "qianke-statistics-fractions", "6-10 11:10", "zhuwenshu@126.example", "前孔村统计表", "",
            [file("前孔村统计表.docx", statistics_word("前孔村", ("2.5", "-30", "1", "3", "1", "20")), "前孔村", "statistics")],
            client="coremail", expect=["cell-not-number@statistics"], leaves={("前孔村", "statistics"): "returned"},
        ),
        mail(
            "qianke-statistics-empty-file", "6-10 11:40", "zhuwenshu@126.example", "前孔村统计表更正", "",
            [file("前孔村统计表.xlsx", b"", "前孔村", "statistics")],
            client="coremail", expect=["file-empty"], leaves={("前孔村", "statistics"): "returned"},
        ),
        mail(
            "malou-summary-and-plan-in-one-mail", "6-10 12:00", "lxy-happy@139.example", "马楼 总结 统计", "",
            [
                utf8_zip(
                    "新建文件夹.zip",
                    [
                        ("新建文件夹/1.docx", prose(_malou_summary()), "马家楼村", "summary"),
                        ("新建文件夹/2.docx", statistics_word("马楼村", ("２", "９５", "０", "０", "１", "８")), "马家楼村", "statistics"),
                    ],
                )
            ],
            client="iphone", nick="梅子", allow=["sender-unregistered"],
            leaves={("马家楼村", "summary"): "accepted", ("马家楼村", "statistics"): "accepted"},
        ),
        mail(
            "community-summary-raw-utf-8", "6-10 13:00", "bgsq@163.example", "x", "",
            content=text_part("总结见附件"), headers=[], client="coremail", expect=["attachment-missing"],
        ),
        mail(
            "kong-photo-set-from-word", "6-10 14:00", "zhuwenshu@126.example", "前孔村照片重发", "前孔2.jpg坏了，重发这张",
            [file("前孔2.jpg", jpeg(6061), "前孔村", "photos")],
            client="coremail", leaves={("前孔村", "photos"): "accepted"},
        ),
    ]  # fmt: skip


def _inline(sent: Sent) -> bytes:
    return file_part(sent, "iphone").replace(b"Content-Disposition: attachment", b"Content-Disposition: inline")


def _malou_second() -> bytes:
    return rebuilt("马楼村", "马楼村", deeds("马家楼村", 1, 2))


def _qianke_third() -> bytes:
    return rebuilt("前孔村", "前孔村", deeds("前孔村", 1, 2))


def _qilipu_third() -> bytes:
    """Rows as in the round before, without those of other years, and a table picture of its own."""
    word = deeds("七里铺社区", 1, 2, 3)
    return rebuilt(
        "七里铺社区", "七里铺社区",
        [
            *word,
            row("4月28日，在社区大厅，社区干部、志愿者十人动员部署会员活动月工作。", 3040, 3041),
            row("2023年5月12日，社区会议室，居民代表三十人座谈托育服务需求，收集意见9条。", 3042, 3043),
        ],
    )  # fmt: skip


@cache  # with the time of its making: the one in the zip and the one that is looked for
def _lizhuang_figures() -> bytes:
    return statistics_sheet("李庄村委会", (3, 160, 0, 0, 1, 52), merged=False, others="无")


def _hongqi_summary() -> str:
    return """红旗村会员活动月工作小结
五月份红旗村共开展活动四次。一次是八号的学习，全体党员都到了，支书领着把二十大报告里关于人口发展的部分逐段念、逐段讲。一次是两癌筛查，五十八名妇女做了检查，有两名建议到县医院复查，村里派车送去，目前都没有大碍。一次是走访，三户特殊家庭都走到了，送了米面油，也听了听他们的打算。再一次是二十四号晚上秧歌队的演出，快板《少要彩礼多要福》是会计自己编的，说到大伙心坎里去了。
不足之处是青年参加得少。今后要多想年轻人喜欢的法子，把计生协的活动办得更活泛。
红旗村村委会
2023年6月9日"""


def _heping_summary() -> str:
    return """和平社区会员活动月活动总结
活动月里，社区计生协办了四件事：八名网格员进楼栋贴倡议书、讲政策，走遍三十六个单元；卫生服务站医生到小区花园给七十多位老人测血糖血压；亲子游园会来了三十二个家庭，孩子们玩得开心，家长也交流了育儿经验；法律顾问在业主群讲了一小时的租房、社保和入学，答了四十一个问题。
居民说，社区的活动越来越贴心了。我们也看到，参加的还是老面孔多，上班族少，今后准备把活动多放在晚上和周末，并请物业、学校一起参加。
和平居委会
2023年6月9日"""


def _malou_summary() -> str:
    return """马家楼村五月活动月总结
五月间，村上办了三样事。一样是育儿班，二十一个带娃的媳妇听村医连讲三个半天，添加辅食、打预防针、发烧处置都讲到了，媳妇们记了满满一本子。一样是帮忙收油菜，返乡青年十五名两天收了四亩，帮的都是屋里缺劳力的计生户。再一样是院坝会，支书把三孩政策和少要彩礼的道理摆得清清楚楚，五十多个乡亲听到天黑才散。
要说欠缺，就是活动经费紧，花的钱都是支委垫的，下回要早打算。往后每个月都开一回院坝会，把计划生育协会的活动办成习惯。
马楼村委会
2023年6月10日"""
