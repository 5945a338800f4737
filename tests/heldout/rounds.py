# ruff: noqa: E501 a clerk's sentence is not cut, and a mail is read as a whole
"""The progress tables of three rounds: every way of telling an activity, of building the table, of naming the round."""

from __future__ import annotations

from collections.abc import Sequence

from tests.heldout.deeds import (
    NO_CONTENT,
    NO_CONTENT_BUT_WORDS,
    NO_PEOPLE,
    NO_PLACE,
    NO_TIME,
    VAGUE_TIME,
    deeds,
)
from tests.heldout.forms import HEADINGS, TITLE, office_form, rebuilt, row
from tests.heldout.mails import Mail, Sent, file, forwarded, mail
from tests.heldout.pictures import table_picture
from tests.heldout.plans import FILES, gbk_zip
from tests.heldout.word import Cell, Word

# What was told by paraphrase: the same three activities of 东洼村, as its clerk retold them ten days later.
_EAST_RETOLD = (
    "5月8日在大槐树底下开了个移风易俗座谈，支书主讲少要彩礼，村民五六十人参加。",
    "2023年5月3日，计生协组织30余名妇女在村西健身场学习优化生育政策，并跳广场舞。",
    "5月4日逢集，在十字街集市设咨询台，接待群众四十多人，发放避孕知识折页百余份。",
)


def mails() -> list[Mail]:
    """Three rounds of fourteen villages."""
    return [*_first(), *_second(), *_third()]


def _first() -> list[Mail]:
    dali = deeds("大李庄村", 1, 2)
    return [
        mail(
            "east-1-grouped-pictures", "5-08 15:20", "dongwa2008@163.example", "写实表", "请查收",
            [file("写实表.docx", rebuilt("东洼村", "东洼村", deeds("东洼村", 1, 2, 3), how="grouped"), "东洼村", "1")],
            client="coremail", leaves={("东洼村", "1"): "accepted"},
        ),
        mail(
            "west-1-rebuilt-landscape", "5-09 09:00", "xiwa_cw@126.example", "西洼村第一次进展情况", "",
            [
                file(
                    "西洼5.10.docx",
                    rebuilt(
                        "西洼村", "西洼村", deeds("西洼村", 1, 2), how="floating", title_in_table=True, merged_unit=True,
                        landscape=True, headings=("单 位", "开展的具体\n活动写实", "活 动 照 片"),
                    ),
                    "西洼村", "1",
                )
            ],
            client="foxmail", leaves={("西洼村", "1"): "accepted"},
        ),
        mail(
            "xingfu-1-labelled", "5-09 14:12", "13579@qq.example", "进展", "您好，进展情况表在附件里，辛苦了！",
            [file("附件1.docx", office_form("", "幸福村民委员会", deeds("幸福村", 1, 2, pictures=3), rest="empty"), "幸福村", "1")],
            nick="A幸福一家人", allow=["unit-blank@1"], leaves={("幸福村", "1"): "accepted|returned?"},
        ),
        mail(
            "heping-1-web-page-as-doc", "5-09 16:45", "heping-sq@sina.example", "和平社区写实表", "",
            [file("和平社区写实表.doc", _web_page(), "和平社区", "1")], client="outlook",
            expect=["file-format|file-mislabelled@1"],
            allow=["file-mislabelled@1", "file-format@1", "activity-photos@1", "file-unreadable@1"],
            leaves={("和平社区", "1"): "returned"},
        ),
        mail(
            "hongqi-1-split-table", "5-10 08:01", "hongqi.cun@163.example", "红旗村写实表（5月10日）", "附表",
            [file("红旗村写实表（5月10日）.docx", rebuilt("红旗村", "红旗村", deeds("红旗村", 1, 2), split_after=1), "红旗村", "1")],
            client="raw", nick="红旗村委", leaves={("红旗村", "1"): "accepted"},
        ),
        mail(
            "zhu-1-three-tables-in-one-mail", "5-10 09:10", "zhuwenshu@126.example", "孔、前孔、李庄写实表", "三个村的表",
            [
                file("孔村.docx", office_form("孔村", "孔村", deeds("孔村", 1, 2)), "孔村", "1"),
                file("前孔.docx", office_form("前孔村村委会", "前孔村委", deeds("前孔村", 1, 2), rest="cut"), "前孔村", "1"),
                file("李庄.docx", rebuilt("李庄村", "李庄", deeds("李庄村", 1, pictures=3)), "李庄村", "1"),
            ],
            # In 孔村's file the samples of unused rows stand; they are no fault.
            client="coremail", leaves={(village, "1"): "accepted" for village in ("孔村", "前孔村", "李庄村")},
        ),
        mail(
            "dalizhuang-1-two-in-a-cell", "5-10 10:30", "dlz_wh@163.example", "大李庄村五月上旬写实",
            "", [
                file(
                    "大李庄写实.docx",
                    rebuilt(
                        None, "大李庄村",
                        [row(f"（1）{dali[0].text}\n（2）{dali[1].text}", *dali[0].scenes), *deeds("大李庄村", 3)],
                        how="vml",
                    ),
                    "大李庄村", "1",
                )
            ],
            client="bare", allow=["unit-blank@1"], leaves={("大李庄村", "1"): "accepted|returned?"},
        ),
        mail(
            "malou-1-serial-and-remarks", "5-10 11:11", "lxy-happy@139.example", "马楼写实表", "发自我的iPhone",
            [
                file(
                    "马楼写实表.docx", rebuilt("马楼村", "马楼村", deeds("马家楼村", 1, 2), extra=("序号",)), "马家楼村", "1"
                )
            ],
            client="iphone", nick="梅子", expect=["form-changed@1"], allow=["sender-unregistered"],
            leaves={("马家楼村", "1"): "returned"},
        ),
        mail(
            "xinhe-1-renamed-and-moved", "5-10 15:00", "xinhe2019@163.example", "新合村写实表", "",
            [
                file(
                    "新合村写实表.docx",
                    rebuilt(
                        "新合村", "新合村", deeds("新合村", 1), order=(0, 2, 1),
                        headings=("单位", "活动开展情况", "活动照片"),
                    ),
                    "新合村", "1",
                )
            ],
            expect=["form-changed@1"], leaves={("新合村", "1"): "returned"},
        ),
        mail(
            "xinhe-1-mended", "5-10 22:40", "xinhe2019@163.example", "Re: 新合村写实表",
            "表头改回来了，还是赵河刘河两个村合报。\n\n\n------------------ 原始邮件 ------------------\n"
            "发件人: \"万张街道计生协办公室\" <jsxb@office.example>;\n发送时间: 2023年5月10日(星期三) 下午3:12\n"
            "主题: 【请补正】新合村 5·29会员活动月材料\n\n新合村：来件收悉。请补正：1.写实表：表格的列有改动…… 尚未收到：统计表、活动总结、精选活动照片、活动视频。",
            [file("写实表(1)(1).docx", rebuilt("赵河村、刘河村（新合村）", "新合村", deeds("新合村", 1)), "新合村", "1")],
            client="qq", headers=["In-Reply-To: <baosong.y2@office.example>"],
            leaves={("新合村", "1"): "accepted"},
        ),
        mail(
            "qilipu-1-word-97", "5-10 23:58:30", "qilipu@139.example", "七里铺写实表", "请查收，谢谢",
            [file("七里铺写实表.wps", (FILES / "progress.doc").read_bytes(), "七里铺社区", "1")],
            client="coremail", leaves={("七里铺社区", "1"): "accepted"},
        ),
        mail(
            "beiguan-1-pictures-in-the-next-row", "5-11 08:30", "beiguan_cun@163.example", "北关村写实", "晚了一天，抱歉",
            [
                file(
                    "北关村.docx",
                    rebuilt("北关村", "北关村", deeds("北关村", 1, 2), photos_below=True, how="vml"), "北关村", "1",
                )
            ],
            client="outlook", expect=["late@1"], leaves={("北关村", "1"): "accepted late"},
        ),
        mail(
            "community-1-by-a-stranger-nested", "5-10 18:20", "xiaoyu_886@qq.example", "写实表",
            "领导辛苦，网格员代发", [
                file(
                    "写实表5.10.docx",
                    rebuilt("北关社区居委会", "北关社区", deeds("北关社区", 1), nested=True), "北关社区", "1",
                )
            ],
            nick="小鱼儿", expect=["sender-unregistered"], leaves={("北关社区", "1"): "accepted"},
        ),
    ]  # fmt: skip


def _second() -> list[Mail]:
    fresh = 3000  # scenes of pictures that stand nowhere else
    return [
        mail(
            "east-2-retold", "5-18 09:00", "dongwa2008@163.example", "东洼村5.20写实表", "",
            [
                file(
                    "东洼5.20.docx",
                    rebuilt(
                        "东洼村", "东洼村",
                        [
                            *(row(text, *old.scenes) for text, old in zip(_EAST_RETOLD, deeds("东洼村", 3, 1, 2), strict=True)),
                            *deeds("东洼村", 4, 5),
                        ],
                    ),
                    "东洼村", "2",
                )
            ],
            client="coremail", leaves={("东洼村", "2"): "accepted"},
        ),
        mail(
            "west-2-one-left-out", "5-19 10:20", "xiwa_cw@126.example", "西洼村第二次进展", "",
            [
                file(
                    "西洼第二次.docx", rebuilt("西洼村", "西洼村", deeds("西洼村", 1, 3, 4), merged_unit=True), "西洼村", "2"
                )
            ],
            client="foxmail", expect=["not-cumulative@2"], leaves={("西洼村", "2"): "returned"},
        ),
        mail(
            "west-2-round-named-wrongly", "5-20 21:15", "xiwa_cw@126.example", "西洼村写实表更正", "刚才那份漏了5月9日的，以这份为准。",
            [file("西洼写实表（更正）.docx", rebuilt("西洼村", "西洼村", deeds("西洼村", 1, 2, 3, 4)), "西洼村", "2")],
            client="foxmail", leaves={("西洼村", "2"): "accepted"},
        ),
        mail(
            "xingfu-2-vague-time", "5-19 15:00", "13579@qq.example", "5月20日进展", "您好，第二次的表",
            [
                file(
                    "附件1(2).docx",
                    office_form(
                        "幸福村", "幸福村",
                        [*deeds("幸福村", 1, 2, 3), row(NO_TIME, fresh, fresh + 1), row(VAGUE_TIME, fresh + 2, fresh + 3)],
                        rest="cut",
                    ),
                    "幸福村", "2",
                )
            ],
            nick="A幸福一家人", expect=["activity-no-time@2"], leaves={("幸福村", "2"): "returned"},
        ),
        mail(
            "hongqi-2-three-faults", "5-20 08:00", "hongqi.cun@163.example", "红旗村写实表（5月20日）", "",
            [
                file(
                    "红旗村写实表（5月20日）.docx",
                    rebuilt(
                        "红旗村", "红旗村",
                        [
                            *deeds("红旗村", 1, 2, 3),
                            row(NO_PLACE, fresh + 10, fresh + 11),
                            row(NO_PEOPLE, fresh + 12, fresh + 13),
                            row(NO_CONTENT, fresh + 14, fresh + 15),
                        ],
                    ),
                    "红旗村", "2",
                )
            ],
            client="raw", nick="红旗村委",
            expect=["activity-no-place@2", "activity-no-people@2", "activity-no-content@2"],
            leaves={("红旗村", "2"): "returned"},
        ),
        mail(
            "zhu-2-old-zip-folders", "5-20 10:30", "zhuwenshu@126.example", "三个村第二次写实表", "压缩包按村分文件夹了",
            [
                gbk_zip(
                    "写实表0520.zip",
                    [
                        ("写实表0520/孔村/写实表.docx", office_form("", "ＸＸ村委", deeds("孔村", 1, 2, 3)), "孔村", "2"),
                        (
                            "写实表0520/前孔村/写实表.docx",
                            rebuilt("前孔村", "前孔村", [*deeds("前孔村", 1, 2), row(NO_CONTENT_BUT_WORDS, fresh + 20, fresh + 21)]),
                            "前孔村", "2",
                        ),
                    ],
                )
            ],
            client="coremail", expect=["unit-blank@2", "placeholder-left@2", "activity-no-content@2"],
            leaves={("孔村", "2"): "returned", ("前孔村", "2"): "returned"},
        ),
        mail(
            "dalizhuang-2-photos-wrong", "5-20 16:00", "dlz_wh@163.example", "大李庄村5月20日写实", "",
            [
                file(
                    "大李庄5月20日写实.docx",
                    rebuilt(
                        "大李庄村", "大李庄村",
                        [
                            *deeds("大李庄村", 1, pictures=1), *deeds("大李庄村", 2, 3),
                            row("5月15日，村口小广场，会员二十人跟着文化站老师学剪纸，内容是婚育新风。", *range(fresh + 30, fresh + 34)),
                        ],
                    ),
                    "大李庄村", "2",
                )
            ],
            client="bare", expect=["activity-photos@2"], leaves={("大李庄村", "2"): "returned"},
        ),
        mail(
            "xinhe-2-form-typed-into-the-mail", "5-19 17:17", "xinhe2019@163.example", "新合村第二次写实表",
            "单位：新合村\n5月12日晚8时许，两村文艺队在戏台演出，三百多人观看。\n5月16日至18日，理事入户426户。",
            client="coremail", html="<table border=1><tr><td>单位</td><td>开展的具体活动写实</td><td>活动照片</td></tr>"
            "<tr><td>新合村</td><td>5月12日晚8时许，两村文艺队在戏台演出，三百多人观看。</td><td></td></tr></table>",
            expect=["attachment-missing|file-format"], allow=["file-format@2"],
        ),
        mail(
            "xinhe-2-late-and-macro", "5-21 09:30", "xinhe2019@163.example", "新合村第二次写实表", "昨天发成文字了，补word表",
            [
                file(
                    "新合村第二次写实表.docm",
                    rebuilt("新合村", "新合村", deeds("新合村", 1, 2, 3), macro=True, split_after=2), "新合村", "2",
                )
            ],
            client="coremail", expect=["late@2", "file-macro@2"], leaves={("新合村", "2"): "accepted late"},
        ),
        mail(
            "qilipu-2-dates-outside", "5-20 09:00", "qilipu@139.example", "七里铺社区5月20日写实表", "",
            [
                file(
                    "七里铺社区写实表0520.docx",
                    rebuilt(
                        "七里铺社区", "七里铺社区",
                        [
                            *deeds("七里铺社区", 1, 2, 3),
                            row("4月28日，在社区大厅，社区干部、志愿者十人动员部署会员活动月工作。", fresh + 40, fresh + 41),
                            row("2022年5月12日，社区会议室，居民代表三十人座谈托育服务需求，收集意见9条。", fresh + 42, fresh + 43),
                        ],
                    ),
                    "七里铺社区", "2",
                )
            ],
            client="coremail", expect=["activity-date-outside@2"], leaves={("七里铺社区", "2"): "accepted"},
        ),
        mail(
            "beiguan-2-forwarded-by-the-community", "5-20 11:45", "bgsq@163.example", "Fw: 北关村写实表", "替北关村转一下",
            [
                forwarded(
                    subject="北关村写实表（第二次）", sender="beiguan_cun@163.example", body="麻烦主任转街道", when="5-20 10:00",
                    files=[file("写实表.docx", rebuilt("北关村", "北关村", deeds("北关村", 1, 2, 3)), "北关村", "2")],
                )
            ],
            allow=["village-mismatch"], leaves={("北关村", "2"): "accepted"},
        ),
        mail(
            "community-2-pictures-in-the-account", "5-20 23:30", "bgsq@163.example", "北关社区写实表第二次", "",
            [file("北关社区写实表.docx", _pictures_in_account(), "北关社区", "2")],
            client="outlook", leaves={("北关社区", "2"): "accepted"},
        ),
        mail(
            "malou-mends-the-first-late", "5-12 10:00", "lxy-happy@139.example", "马楼写实表改好了",
            "序号列删了。这是五月十号那次的。",
            [file("马楼写实表5月10日.docx", rebuilt("马楼村", "马楼村", deeds("马家楼村", 1, 2)), "马家楼村", "1")],
            client="iphone", nick="梅子", expect=["late@1"], allow=["sender-unregistered"],
            leaves={("马家楼村", "1"): "accepted late"},
        ),
    ]  # fmt: skip


def _third() -> list[Mail]:
    third = rebuilt("东洼村", "东洼村", deeds("东洼村", 1, 2, 3, 4, 5, 6))
    return [
        mail(
            "east-3-all-six", "5-30 08:08", "dongwa2008@163.example", "东洼村5.31写实表", "",
            [file("东洼5.31.docx", third, "东洼村", "3")], client="coremail", leaves={("东洼村", "3"): "accepted"},
        ),
        mail(
            "east-3-older-round-after", "5-31 08:30", "dongwa2008@163.example", "东洼村5.20写实表（存档）", "五月二十号的再发一份存档",
            [file("东洼5.20.docx", rebuilt("东洼村", "东洼村", deeds("东洼村", 1, 2, 3, 4, 5)), "东洼村", "2")],
            client="coremail", allow=["late@2"], leaves={("东洼村", "2"): "accepted"},
        ),
        mail(
            "east-3-same-octets-again", "5-31 09:00", "dongwa2008@163.example", "怕没收到，再发一遍", "",
            [file("东洼村最终版.docx", third, "东洼村", "3")], client="coremail", leaves={("东洼村", "3"): "accepted"},
        ),
        mail(
            "west-3-worse-later", "5-30 10:10", "xiwa_cw@126.example", "西洼村第三次进展", "",
            [file("西洼村5.31.docx", rebuilt("西洼村", "西洼村", deeds("西洼村", 1, 2, 3, 4, 5)), "西洼村", "3")],
            client="foxmail", leaves={("西洼村", "3"): "accepted"},
        ),
        mail(
            "west-3-blank-by-mistake", "5-31 10:10", "xiwa_cw@126.example", "西洼村第三次进展", "",
            [file("西洼村5.31.docx", office_form("西洼村", "", []), "西洼村", "3")],
            client="foxmail", expect=["no-activity@3"], allow=["not-cumulative@3", "placeholder-left@3"],
            leaves={("西洼村", "3"): "accepted"},
        ),
        mail(
            "xingfu-3-mended-all", "5-31 23:59:50", "13579@qq.example", "写实表", "您好，最后一次的表",
            [
                file(
                    "附件1(3).docx", office_form("幸福村", "幸福村", deeds("幸福村", 1, 2, 3, 4, pictures=3), rest="empty"),
                    "幸福村", "3",
                )
            ],
            nick="A幸福一家人", leaves={("幸福村", "3"): "accepted"},
        ),
        mail(
            "heping-3-wrong-villages-unit", "5-31 14:00", "heping-sq@sina.example", "写实表5月31日", "",
            [file("写实表5月31日.docx", rebuilt("七里铺社区", "七里铺社区", deeds("和平社区", 1, 2, 3, 4)), "七里铺社区", "3")],
            client="outlook", expect=["village-mismatch"], allow=["not-cumulative@3"],
            leaves={("七里铺社区", "3"): "accepted|returned?"},
        ),
        mail(
            "heping-3-unit-put-right", "5-31 16:00", "heping-sq@sina.example", "更正：写实表5月31日", "单位写错了，应为和平社区",
            [file("写实表5月31日.docx", rebuilt("和平社区居委会", "和平社区", deeds("和平社区", 1, 2, 3, 4)), "和平社区", "3")],
            client="outlook", leaves={("和平社区", "3"): "accepted"},
            # The pictures came an hour ago under another's name: whoever looks may be told, or not.
            allow=["photo-reused@3"],
        ),
        mail(
            "hongqi-3-town-before-the-unit", "5-31 09:30", "hongqi.cun@163.example", "红旗村写实表（5月31日）", "",
            [
                file(
                    "红旗村写实表（5月31日）.docx",
                    rebuilt("嘉祥县万张街道红旗村村民委员会", "万张街道红旗村", deeds("红旗村", 1, 2, 3, 4)), "红旗村", "3",
                )
            ],
            client="raw", nick="红旗村委", leaves={("红旗村", "3"): "accepted"},
        ),
        mail(
            "zhu-3-reused-pictures", "5-31 15:30", "zhuwenshu@126.example", "孔村第三次写实表", "孔村的",
            [
                file(
                    "孔村第三次.docx",
                    rebuilt(
                        "孔村", "孔村",
                        [
                            *deeds("孔村", 1, 2, 3),
                            row("5月28日，村文化大院，群众六十多人观看戏剧下乡演出。", *deeds("前孔村", 2)[0].scenes),
                        ],
                    ),
                    "孔村", "3",
                )
            ],
            client="coremail", expect=["photo-reused@3"], leaves={("孔村", "3"): "accepted"},
        ),
        mail(
            "lizhuang-3-table-as-a-photo", "5-31 17:00", "lizhuang99@qq.example", "李庄村写实表", "电脑坏了，拍的照片",
            [Sent("李庄村写实表.jpg", table_picture(7777), "李庄村", ("progress@2023-05-31", "photos", None), kind="image/jpeg")],
            nick="李庄村委", expect=["file-format|photo-count"], allow=["photo-small", "photo-count", "attachment-unrecognised"],
        ),
        mail(
            "dalizhuang-3-truncated", "5-31 17:30", "dlz_wh@163.example", "大李庄村5月31日写实表", "",
            [
                file(
                    "大李庄5月31日写实表.docx",
                    rebuilt("大李庄村", "大李庄村", deeds("大李庄村", 1, 2, 3))[:-9000], "大李庄村", "3",
                )
            ],
            client="bare", expect=["file-unreadable@3"], leaves={("大李庄村", "3"): "returned"},
        ),
        mail(
            "xinhe-3-no-date-no-id", "5-31 18:00", "xinhe2019@163.example", None, "",
            [file("新合村写实表5.31.docx", rebuilt("新合村", "新合村", deeds("新合村", 1, 2, 3, 4)), "新合村", "3")],
            client="coremail", message_id=None, date="Mon, 5 Jun 2023 18:00:00 +0800",
            leaves={("新合村", "3"): "accepted"},
        ),
        mail(
            "beiguan-3-unquoted-text", "6-01 00:00:30", "beiguan_cun@163.example", "北关村进展情况写实表（第三次）", "",
            [file("北关村第三次.docx", office_form("北关村", "北关村", deeds("北关村", 1, 2, 3, 4), rest="cut"), "北关村", "3")],
            client="outlook", expect=["late@3"], leaves={("北关村", "3"): "accepted late"},
        ),
    ]  # fmt: skip


def _web_page() -> bytes:
    rows = "".join(f"<tr><td>和平社区</td><td>{each.text}</td><td></td></tr>" for each in deeds("和平社区", 1))
    page = (
        '<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta http-equiv=Content-Type '
        'content="text/html; charset=gb2312"><meta name=ProgId content=Word.Document></head><body>'
        f"<p>2023年宣传服务月活动进展情况写实表</p><p>单位：和平社区</p><table border=1><tr><td>单位</td>"
        f"<td>开展的具体活动写实</td><td>活动照片</td></tr>{rows}</table></body></html>"
    )
    return page.encode("gb18030")


def _pictures_in_account() -> bytes:
    """Pictures pasted under the words, in the middle cell; one row has one of them there and one at the right."""
    word = Word()
    first, second, third = deeds("北关社区", 1, 2, 3)

    def pasted(text: str, scenes: Sequence[int]) -> str:
        return word.paragraph(text) + word.pictures([table_picture(scene) for scene in scenes])

    rows: list[list[Cell | str]] = [
        list(HEADINGS),
        ["北关社区", Cell(pasted(first.text, first.scenes)), ""],
        [
            "北关社区",
            Cell(pasted(second.text, second.scenes[:1])),
            Cell(word.pictures([table_picture(second.scenes[1])])),
        ],
        ["北关社区", third.text, Cell(word.pictures([table_picture(scene) for scene in third.scenes], "vml"))],
    ]
    word.add(word.paragraph(TITLE), word.paragraph("单位：北关社区"), word.table(rows, (1400, 5200, 2800)))
    return word.octets()
