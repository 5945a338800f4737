# ruff: noqa: E501 a clerk's sentence is not cut, and a mail is read as a whole
"""June: statistics, summaries, photos and videos, due on the 10th."""

from __future__ import annotations

import io

from openpyxl import Workbook

from tests.heldout.deeds import deeds
from tests.heldout.forms import statistics_sheet, statistics_word
from tests.heldout.mails import Mail, Sent, file, file_part, mail, multipart, text_part
from tests.heldout.pictures import film, jpeg, logo, other_format, scan
from tests.heldout.plans import FILES, gbk_zip, utf8_zip
from tests.heldout.texts import SUMMARIES, WRONG_TEXT
from tests.heldout.word import Word, pack, prose

_QQ_LINK = "https://wx.mail.qq.com/ftn/download?func=3&key=4a6d7137f1&code=8d1e0b5c"
_NETEASE_LINK = "https://mail.163.com/large-attachment-download/index.html?file=Zx81kQw2"


def _photo(name: str, scene: int, village: str, **how: object) -> Sent:
    return file(name, jpeg(scene, **how), village, "photos")  # type: ignore[arg-type]  # passed on as they are


def mails() -> list[Mail]:
    """All that came in June, and a little before."""
    return [*_whole_packets(), *_statistics(), *_photos(), *_videos(), *_hostile()]


def _whole_packets() -> list[Mail]:
    east = "东洼村"
    xinhe = "新合村"
    beiguan = "北关村"
    return [
        mail(
            "east-june-all-in-one-zip", "6-08 09:09", "dongwa2008@163.example", "东洼6月材料", "",
            [
                utf8_zip(
                    "归档.zip",
                    [
                        ("东洼/统计表.docx", statistics_word("东洼村", ("４", "２３０", "1", "6", "1", "62"), others="无", media="无"), east, "statistics"),
                        ("东洼/总结.docx", prose(SUMMARIES[east]), east, "summary"),
                        # The best of the photos stand in its progress table too, smaller.
                        ("东洼/照片/mmexport1685952000001.jpg", jpeg(deeds(east, 1)[0].scenes[0]), east, "photos"),
                        ("东洼/照片/mmexport1685952000002.jpg", jpeg(deeds(east, 4)[0].scenes[1]), east, "photos"),
                        ("东洼/照片/mmexport1685952000003.jpg", jpeg(5003, taken="2023:05:08 09:12:00"), east, "photos"),
                        ("东洼/VID_20230526_152000.mp4", film(5004), east, "video"),
                    ],
                    junk=True,
                )
            ],
            client="iphone",
            leaves={(east, each): "accepted" for each in ("statistics", "summary", "photos", "video")},
        ),
        mail(
            "xinhe-june-rtf-and-mov", "6-09 20:20", "xinhe2019@163.example", "新合村活动月收尾材料", "总结、统计、照片、录像齐了",
            [
                file("总结.rtf", (FILES / "summary.rtf").read_bytes(), xinhe, "summary"),
                file("统计.xlsx", statistics_sheet(xinhe, (3, 830, 1, 10, 2, 190), down=2, right=1, merged=False, others="/"), xinhe, "statistics"),
                *(_photo(f"微信图片_2023060910{k}2000.jpg", 5010 + k, xinhe) for k in range(5)),
                file("IMG_0417.MOV", film(5016, container="mov"), xinhe, "video"),
            ],
            client="foxmail",
            leaves={(xinhe, each): "accepted" for each in ("statistics", "summary", "photos", "video")},
        ),
        mail(
            "beiguan-june-slogan-in-the-name", "6-10 23:59:30", "beiguan_cun@163.example", "总结材料", "",
            [
                file("“助家庭和谐幸福”活动总结.docx", prose(SUMMARIES[beiguan].split("\n", 1)[1]), beiguan, "summary"),
                file("附件2.docx", statistics_word("北关村村委会", ("5", "400", "1", "7", "1", "80"), others="/", media="0"), beiguan, "statistics"),
            ],
            client="outlook",
            leaves={(beiguan, each): "accepted" for each in ("statistics", "summary")},
        ),
        mail(
            "community-june-after-midnight", "6-11 00:00:10", "bgsq@163.example", "北关社区统计表", "",
            [file("统计表(北关社区).xlsx", statistics_sheet("北关社区居委会", (2, 75, 0, 0, 1, 40)), "北关社区", "statistics")],
            client="coremail", expect=["late@statistics"], leaves={("北关社区", "statistics"): "accepted late"},
        ),
        mail(
            "qilipu-june-moved-headings", "6-09 11:00", "qilipu@139.example", "七里铺社区总结", "",
            [file("七里铺社区总结.docx", prose(SUMMARIES["七里铺社区"]), "七里铺社区", "summary")],
            client="coremail", leaves={("七里铺社区", "summary"): "accepted"},
        ),
        mail(
            "xingfu-june-summary-text-box", "6-08 16:00", "13579@qq.example", "工作总结", "您好，总结请审阅",
            [file("会员活动月工作总结.docx", _in_a_table(SUMMARIES["幸福村"]), "幸福村", "summary")],
            nick="A幸福一家人", leaves={("幸福村", "summary"): "accepted"},
        ),
        mail(
            "west-june-wrong-file", "6-05 08:30", "xiwa_cw@126.example", "西洼村总结", "",
            [file("西洼村总结.docx", prose(WRONG_TEXT), "西洼村", "summary")],
            client="foxmail", expect=["text-off-topic@summary"], leaves={("西洼村", "summary"): "accepted|review"},
        ),
        mail(
            "kong-june-one-line-summary", "6-09 09:00", "zhuwenshu@126.example", "孔村总结", "",
            [file("孔村总结.docx", prose("孔村活动总结\n五月份活动已按要求完成，群众满意。\n孔村\n2023年6月9日"), "孔村", "summary")],
            client="coremail", expect=["text-too-short@summary"], allow=["text-off-topic@summary"],
            leaves={("孔村", "summary"): "returned"},
        ),
    ]  # fmt: skip


def _statistics() -> list[Mail]:
    return [
        mail(
            "heping-statistics-excel-97", "6-06 10:00", "heping-sq@sina.example", "统计表", "",
            [file("信息统计表.xls", (FILES / "statistics.xls").read_bytes(), "和平社区", "statistics")],
            client="outlook", leaves={("和平社区", "statistics"): "accepted"},
        ),
        mail(
            "hongqi-statistics-et", "6-06 11:00", "hongqi.cun@163.example", "红旗村统计表", "",
            [
                file(
                    "红旗村统计表.et",
                    statistics_sheet("红旗村", ("4", "160", "１", "３", "1", "58"), second_sheet=True), "红旗村", "statistics",
                )
            ],
            client="raw", nick="红旗村委", leaves={("红旗村", "statistics"): "accepted"},
        ),
        mail(
            "xingfu-statistics-blank-and-words", "6-06 14:00", "13579@qq.example", "统计表", "您好，表填好了",
            [file("附件2.docx", statistics_word("幸福村", ("4", "若干", "1", "", "1", "11")), "幸福村", "statistics")],
            nick="A幸福一家人", expect=["cell-not-number@statistics", "cell-blank@statistics"],
            allow=["figures-inconsistent@statistics"], leaves={("幸福村", "statistics"): "returned"},
        ),
        mail(
            "xingfu-statistics-mended", "6-07 09:00", "13579@qq.example", "回复：【请补正】幸福村 5·29会员活动月材料",
            "已补，请查收\n\n\n------------------ 原始邮件 ------------------\n发件人: \"万张街道计生协办公室\"\n"
            "主题: 【请补正】幸福村 5·29会员活动月材料\n\n幸福村：来件收悉。请补正：1.信息统计表：……尚未收到：精选活动照片、活动视频。",
            [file("新建表格.docx", statistics_word("幸福村", ("4", "90", "1", "4", "1", "11")), "幸福村", "statistics")],
            nick="A幸福一家人", leaves={("幸福村", "statistics"): "accepted"},
        ),
        mail(
            "west-statistics-people-without-event", "6-07 10:00", "xiwa_cw@126.example", "西洼村统计表", "",
            [file("西洼村统计表.docx", statistics_word("西洼村", ("3", "150", "0", "19", "1", "27"), others="0"), "西洼村", "statistics")],
            client="foxmail", expect=["figures-inconsistent@statistics"], leaves={("西洼村", "statistics"): "accepted"},
        ),
        mail(
            "kong-statistics-far-too-many", "6-07 15:00", "zhuwenshu@126.example", "孔村统计表", "",
            [file("孔村统计表.docx", statistics_word("孔村", ("38", "2600", "12", "90", "15", "400")), "孔村", "statistics")],
            client="coremail", expect=["figures-unlike-progress@statistics"], leaves={("孔村", "statistics"): "accepted|review"},
        ),
        mail(
            "qilipu-statistics-unit-blank", "6-08 10:00", "qilipu@139.example", "七里铺社区统计表", "",
            [file("统计表.docx", statistics_word("", ("2", "150", "1", "17", "2", "40")), "七里铺社区", "statistics")],
            client="coremail", expect=["unit-blank@statistics"], leaves={("七里铺社区", "statistics"): "returned"},
        ),
        mail(
            "dalizhuang-statistics-columns-gone", "6-08 11:00", "dlz_wh@163.example", "大李庄村统计表", "",
            [file("大李庄村统计表.xlsx", _trimmed(), "大李庄村", "statistics")],
            client="bare", expect=["form-changed@statistics"],
            allow=["cell-blank@statistics", "unit-blank@statistics"], leaves={("大李庄村", "statistics"): "returned"},
        ),
        mail(
            "lizhuang-statistics-scanned", "6-08 12:00", "lizhuang99@qq.example", "李庄村统计表", "",
            [file("李庄村统计表.pdf", scan(6990), "李庄村", "statistics")],
            nick="李庄村委", expect=["file-format@statistics"], leaves={("李庄村", "statistics"): "returned"},
        ),
        mail(
            "malou-statistics-encrypted", "6-08 13:00", "lxy-happy@139.example", "马楼统计表", "",
            [Sent("马楼统计表.zip", _locked_zip(), "马家楼村", ("statistics", None))],
            client="iphone", nick="梅子", expect=["file-encrypted"], allow=["sender-unregistered"],
        ),
    ]  # fmt: skip


def _photos() -> list[Mail]:
    scene = 6000
    heping = [
        Sent("IMG_2231.jpeg", jpeg(scene), "和平社区", ("photos",), cid="f1@heping"),
        Sent("IMG_2232.jpeg", jpeg(scene + 1), "和平社区", ("photos",), cid="f2@heping"),
        Sent("IMG_2233.jpeg", jpeg(scene + 2), "和平社区", ("photos",), cid="f3@heping"),
        Sent("logo.png", logo(), cid="logo@heping", scored=False),
    ]
    page = "<p>和平社区活动照片</p>" + "".join(f'<img src="cid:{each.cid}">' for each in heping)
    return [
        mail(
            "heping-photos-shown-in-the-text", "6-07 11:30", "heping-sq@sina.example", "和平社区活动照片", "照片在正文里",
            heping, client="qq", html=page, leaves={("和平社区", "photos"): "accepted"},
        ),
        mail(
            "xingfu-two-photos", "6-07 12:00", "13579@qq.example", "照片", "先发两张，还有一张在手机里",
            [_photo("mmexport1683000000001.jpg", scene + 10, "幸福村"), _photo("mmexport1683000000002.jpg", scene + 11, "幸福村")],
            nick="A幸福一家人", expect=["photo-count@photos"], leaves={("幸福村", "photos"): "returned"},
        ),
        mail(
            "xingfu-third-photo", "6-07 18:45", "13579@qq.example", "还有一张", "",
            [_photo("mmexport1683000000003.jpg", scene + 12, "幸福村")],
            client="iphone", nick="A幸福一家人", leaves={("幸福村", "photos"): "accepted"},
        ),
        mail(
            "hongqi-six-photos-two-alike", "6-08 08:00", "hongqi.cun@163.example", "红旗村照片", "",
            [
                *(_photo(f"红旗{k}.jpg", scene + 20 + k, "红旗村") for k in range(5)),
                _photo("红旗5(压缩).jpg", scene + 20, "红旗村", size=(900, 675), quality=45),
            ],
            client="raw", nick="红旗村委", expect=["photo-duplicate@photos"], allow=["photo-count@photos"],
            leaves={("红旗村", "photos"): "accepted"},
        ),
        mail(
            "west-six-photos", "6-08 08:30", "xiwa_cw@126.example", "西洼村精选照片6张", "",
            [_photo(f"{k}.jpg", scene + 30 + k, "西洼村") for k in range(6)],
            client="foxmail", expect=["photo-count@photos"], leaves={("西洼村", "photos"): "accepted"},
        ),
        mail(
            "kong-photos-of-every-kind", "6-08 09:00", "zhuwenshu@126.example", "孔村照片", "",
            [
                file("1.png", other_format(scene + 40, "PNG"), "孔村", "photos"),
                file("2.heic", other_format(scene + 41, "HEIC"), "孔村", "photos"),
                file("3.jpg", other_format(scene + 42, "WEBP"), "孔村", "photos"),
                file("4.bmp", other_format(scene + 43, "BMP"), "孔村", "photos"),
                _photo("5.jpg", scene + 44, "孔村"),
            ],
            client="coremail", expect=["photo-format|file-format@photos", "file-mislabelled@photos"],
            allow=["photo-count@photos", "file-format@photos", "photo-format@photos"],
            leaves={("孔村", "photos"): "returned"},
        ),
        mail(
            "kong-photos-good-at-last", "6-09 19:00", "zhuwenshu@126.example", "孔村照片重发", "转成jpg了",
            [_photo("a.jpg", scene + 40, "孔村"), _photo("b.jpg", scene + 41, "孔村")],
            client="coremail", leaves={("孔村", "photos"): "accepted"},
        ),
        mail(
            "dalizhuang-photos-small-blurred-old", "6-09 10:00", "dlz_wh@163.example", "大李庄村照片", "",
            [
                _photo("大李庄1.jpg", scene + 50, "大李庄村", size=(533, 400)),
                _photo("大李庄2.jpg", scene + 51, "大李庄村", blurred=True),
                _photo("大李庄3.jpg", scene + 52, "大李庄村", taken="2021:03:08 10:00:00"),
                _photo("大李庄4.jpg", scene + 21, "大李庄村", size=(960, 720), quality=50),
            ],
            client="bare",
            expect=["photo-small@photos", "photo-blurred@photos", "photo-date-outside@photos", "photo-reused@photos"],
            leaves={("大李庄村", "photos"): "accepted|review"},
        ),
        mail(
            "qianke-photos-one-cut-off", "6-09 11:00", "zhuwenshu@126.example", "前孔村照片", "前孔的",
            [
                _photo("前孔1.jpg", scene + 60, "前孔村"),
                file("前孔2.jpg", jpeg(scene + 61)[:30000], "前孔村", "photos"),
                _photo("前孔3.jpg", scene + 62, "前孔村"),
            ],
            client="coremail", expect=["file-unreadable@photos"], allow=["photo-count@photos"],
            leaves={("前孔村", "photos"): "returned"},
        ),
        mail(
            "lizhuang-photos-within-word", "6-09 12:00", "lizhuang99@qq.example", "李庄村照片", "照片都放在文档里了",
            [file("李庄村照片.docx", _album(), "李庄村", "photos")],
            nick="李庄村委", expect=["file-format|photo-format@photos"], allow=["photo-count@photos", "file-format@photos"],
            leaves={("李庄村", "photos"): "returned"},
        ),
        mail(
            "malou-photos-in-a-forward-of-wechat", "6-10 21:00", "lxy-happy@139.example", "马楼照片", "",
            [
                gbk_zip(
                    "马楼照片.zip",
                    [(f"新建文件夹/马楼/微信图片_{k}.jpg", jpeg(scene + 70 + k), "马家楼村", "photos") for k in range(4)],
                    directories=["新建文件夹", "新建文件夹/马楼"],
                )
            ],
            client="iphone", nick="梅子", allow=["sender-unregistered"], leaves={("马家楼村", "photos"): "accepted"},
        ),
    ]  # fmt: skip


def _videos() -> list[Mail]:
    scene = 6500
    qq_page = (
        "<div>视频太大，用超大附件发</div><div id='QQMailBigAttach'><hr>从QQ邮箱发来的超大附件"
        f"<div class='bigatt_bt'><div class='name_big'><a href='{_QQ_LINK.replace('&', '&amp;')}'>幸福村活动视频.mp4</a>"
        "<span> (186.20M, 2023年07月08日 10:20 到期)</span></div><div class='down_big'>"
        f"<a href='{_QQ_LINK.replace('&', '&amp;')}'>进入下载页面</a></div></div></div>"
    )
    return [
        mail(
            "xingfu-video-oversize", "6-08 10:20", "13579@qq.example", "视频", "视频太大，用超大附件发",
            nick="A幸福一家人", html=qq_page, expect=["cloud-link@video"], allow=["attachment-missing"],
            leaves={("幸福村", "video"): "review"},
        ),
        mail(
            "heping-video-on-a-drive", "6-08 15:00", "heping-sq@sina.example", "和平社区视频",
            "视频传到网盘了：\n链接：https://pan.baidu.com/s/1aBcD3fGh5 提取码：x7k2", client="outlook",
            expect=["cloud-link@video"], allow=["attachment-missing"], leaves={("和平社区", "video"): "review"},
        ),
        mail(
            "west-video-link-in-quoted-text-only", "6-08 16:00", "xiwa_cw@126.example", "回复：西洼村视频", "上次的链接打不开，这次直接发附件。\n\n"
            f"------------------ 原始邮件 ------------------\n发件人: 西洼村\n从QQ邮箱发来的超大附件\n旧视频.mp4 (90.5M, 2023年05月30日 8:00 到期)进入下载页面：{_QQ_LINK}",
            [file("西洼村活动视频.mp4", film(scene), "西洼村", "video")],
            client="foxmail", leaves={("西洼村", "video"): "accepted"},
        ),
        mail(
            "hongqi-two-videos", "6-08 17:00", "hongqi.cun@163.example", "红旗村视频", "",
            [file("秧歌1.mp4", film(scene + 1), "红旗村", "video"), file("秧歌2.avi", film(scene + 2, container="avi"), "红旗村", "video")],
            client="raw", nick="红旗村委", expect=["video-count@video"], leaves={("红旗村", "video"): "accepted"},
        ),
        mail(
            "kong-video-three-seconds", "6-08 18:00", "zhuwenshu@126.example", "孔村视频", "",
            [file("wx_camera_1684540800000.mp4", film(scene + 3, seconds=3), "孔村", "video")],
            client="coremail", expect=["video-short@video"], leaves={("孔村", "video"): "accepted"},
        ),
        mail(
            "dalizhuang-video-cut-off", "6-09 08:00", "dlz_wh@163.example", "大李庄村视频", "",
            [file("大李庄村视频.mp4", film(scene + 4)[:90_000], "大李庄村", "video")],
            client="bare", expect=["video-unreadable|file-unreadable@video"], leaves={("大李庄村", "video"): "returned"},
        ),
        mail(
            "lizhuang-video-3gp", "6-09 13:00", "lizhuang99@qq.example", "李庄村视频", "手机录的",
            [file("VID20230509.3gp", film(scene + 5, container="3gp"), "李庄村", "video")],
            nick="李庄村委", leaves={("李庄村", "video"): "accepted"},
        ),
        mail(
            "qilipu-video-netease", "6-09 14:00", "qilipu@139.example", "七里铺社区视频", "视频见附件",
            client="coremail",
            html="<p>视频见附件</p><div id=\"divNeteaseBigAttach\"><b>从网易163邮箱发来的超大附件</b>"
            f"<a href=\"{_NETEASE_LINK}\" filename=\"七里铺.mp4\" filesize=\"84901772\" expiretime=\"1688000000000\">七里铺.mp4</a>"
            "<span>(80.96M, 2023年6月29日 9:00 到期)</span></div>",
            expect=["cloud-link@video"], leaves={("七里铺社区", "video"): "review"},
        ),
        mail(
            "beiguan-said-attached-but-not", "6-09 15:00", "beiguan_cun@163.example", "北关村照片和视频", "照片和视频见附件，请查收。",
            client="outlook", expect=["attachment-missing"],
        ),
        mail(
            "malou-video-is-a-song", "6-10 08:00", "lxy-happy@139.example", "马楼视频", "",
            [file("马楼视频.mp4", b"ID3\x03\0\0\0\0\0\x21TIT2\0\0\0\x0d\0\0\1\xff\xfe" + b"\xff\xfb\x90\x64" * 3000, "马家楼村", "video|None")],
            client="iphone", nick="梅子", expect=["video-unreadable|file-unreadable|file-format|file-mislabelled"],
            allow=["file-mislabelled@video", "file-format@video", "sender-unregistered", "attachment-unrecognised"],
        ),
    ]  # fmt: skip


def _hostile() -> list[Mail]:
    way_out = pack({"../../../../etc/cron.d/evil": b"x", "照片1.jpg": jpeg(6901)})
    bomb = pack({"统计表.docx": bytes(80 << 20)})
    first = mail(
        "community-same-id-first", "6-10 09:00", "bgsq@163.example", "北关社区总结和照片", "",
        [_photo("北关社区1.jpg", 6911, "北关社区"), _photo("北关社区2.jpg", 6912, "北关社区"), _photo("北关社区3.jpg", 6913, "北关社区")],
        client="coremail", message_id="stuck-client@163.example", leaves={("北关社区", "photos"): "accepted"},
    )  # fmt: skip
    second = mail(
        "community-same-id-other-content", "6-10 09:05", "bgsq@163.example", "北关社区视频", "",
        [file("北关社区活动视频.mp4", film(6914), "北关社区", "video")],
        client="coremail", message_id="stuck-client@163.example", leaves={("北关社区", "video"): "accepted"},
    )  # fmt: skip
    return [
        first,
        second,
        mail(
            "qilipu-zip-leads-outside", "6-09 16:00", "qilipu@139.example", "七里铺社区照片", "",
            [Sent("七里铺社区照片.zip", way_out, "七里铺社区", ("photos", None))],
            client="coremail", expect=["file-hostile"], allow=["photo-count@photos"], answered=None,
        ),
        mail(
            "lizhuang-zip-bomb", "6-09 17:00", "lizhuang99@qq.example", "李庄村材料", "",
            [Sent("李庄村统计表.zip", bomb, "李庄村", ("statistics", None))],
            nick="李庄村委", expect=["file-hostile"], answered=None,
        ),
        mail(
            "unknown-sender-no-village", "6-09 18:00", "happyday_2020@qq.example", "材料", "",
            [file("总结.docx", prose(_nobodys()), None, "summary|None")],
            nick="岁月静好", expect=["village-unknown"], allow=["text-copied", "sender-unregistered"], disposition="submission|unrecognised",
        ),
        mail(
            "unregistered-village-with-a-tail", "6-09 18:30", "weidian@163.example", "小李庄村总结", "",
            [file("小李庄村总结.docx", prose(SUMMARIES["李庄村"].replace("李庄村", "小李庄村")), None, "summary|None")],
            client="coremail", expect=["village-unknown"], allow=["text-copied", "sender-unregistered"],
            disposition="submission|unrecognised",
        ),
        mail(
            "east-or-west-is-not-said", "6-09 19:30", "wzlaowu@qq.example", "洼村照片", "三张照片",
            [file(f"洼村{k}.jpg", jpeg(6920 + k), None, "photos") for k in range(3)],
            nick="老吴", expect=["village-unknown"], allow=["sender-unregistered"], disposition="submission|unrecognised",
        ),
        mail(
            "mail-with-an-odd-preamble", "6-10 10:00", "13579@qq.example", "幸福村补充说明", "",
            content=multipart(
                [text_part("补充一份村规民约给领导参考", "gb18030"), _pptx()], "mixed", "=====bnd==001", quoted=False
            ),
            nick="A幸福一家人", expect=["attachment-unrecognised"],
        ),
    ]  # fmt: skip


def _nobodys() -> str:
    """A summary that names no village."""
    return "五月份会员活动月活动总结\n" + SUMMARIES["北关村"].split("\n", 1)[1].rsplit("\n", 2)[0].replace(
        "北关村", "我村"
    )


def _pptx() -> bytes:
    content = pack(
        {
            "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            b'content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/ppt/'
            b'presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.'
            b'main+xml"/></Types>',
            "ppt/presentation.xml": b"<p/>",
        }
    )
    return file_part(file("村规民约.pptx", content, "幸福村", None))


def _in_a_table(text: str) -> bytes:
    """A text within one bordered cell, as some offices' paper is."""
    word = Word()
    title, rest = text.split("\n", 1)
    word.add(word.table([[title], [rest]], (9000,)))
    return word.octets()


def _album() -> bytes:
    word = Word()
    word.add(word.paragraph("李庄村活动照片"), word.pictures([jpeg(6981), jpeg(6982), jpeg(6983)]))
    return word.octets()


def _trimmed() -> bytes:
    """The form without the county's and the township's columns: 'they do not concern us'."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        ("2023年“5.29会员活动月”信息统计表",), ("单位：大李庄村",), ("宣传活动", "村居社区计生协"), (None, "活动场次", "宣传人数"),
        (None, 3, 120), ("服务活动", "村居社区计生协"), (None, "慰问服务场次", "慰问人数"), (None, 1, 10),
        (None, "其他服务场次", "服务人数"), (None, 1, 26),
    ):  # fmt: skip
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _locked_zip() -> bytes:
    """A zip whose only file is marked encrypted (APPNOTE 4.4.4, bit 0)."""
    octets = bytearray(pack({"tjb.docx": bytes(range(200))}, stored=True))
    octets[6] |= 1
    directory = octets.index(b"PK\x01\x02")
    octets[directory + 8] |= 1
    return bytes(octets)
