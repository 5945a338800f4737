# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The second office's month: nobody looks at its mistakes, only at the total score."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.heldout.forms import row
from tests.heldout.mails import Mail, Sent, file, file_part, forwarded, multipart, text_part
from tests.heldout.pictures import film, jpeg, logo, other_format, scan, table_picture
from tests.heldout.plans import gbk_zip, utf8_zip
from tests.heldout.word import pack, prose
from tests.strangers import mess, noise
from tests.strangers.office import SECOND
from tests.strangers.second_book import BOOK
from tests.strangers.story import Story


def mails(seed: int = 2) -> list[Mail]:
    """Everything that came, the oldest first."""
    story = Story(SECOND, BOOK, random.Random(seed), "b", 50_000)
    _willow(story)
    plan = _front_willow(story)
    _east_gate(story)
    _west_gate(story)
    _reeds(story, plan)
    _ge(story)
    _south_and_north(story)
    _temple(story)
    _barracks(story)
    _ridge(story)
    _others(story)
    story.mails += noise.second(SECOND.village("军屯村").address, "军屯村")
    return sorted(story.mails, key=lambda each: each.received_at)


def _willow(story: Story) -> None:
    """Does all as asked, with rich text and pictures in text boxes."""
    v = "柳行村"
    story.send("willow-plan-rtf", v, "5-03 09:15", [file("实施方案.rtf", mess.rtf(story.text(v, "plans", "柳行村5.29会员活动月实施方案").split("\n")), v, "plan")])
    one, two, three = story.deeds("5-02", "5-05", "5-07"), story.deeds("5-11", "5-16"), story.deeds("5-22", "5-27")
    story.send("willow-1", v, "5-10 08:08", [story.progress(v, "1", [each.row for each in one])])
    story.send("willow-2-boxed-pictures", v, "5-20 08:08", [file("柳行村第2次写实表.docx", mess.boxed_pictures(v, [*(each.again for each in one), *(each.row for each in two)]), v, "2")])
    story.send("willow-3", v, "5-31 08:08", [story.progress(v, "3", [*(each.row for each in three), *(each.again for each in two), *(each.row for each in one)])])
    story.send("willow-june", v, "6-09 08:08", [
        story.statistics(v, ("５", "４３０", "１", "６", "１", "５８"), media="/"), story.summary(v), *story.photos(v, 3), story.video(v, "柳行.avi", container="avi"),
    ])


def _front_willow(story: Story) -> str:
    """A phone; photos within the text; one photo too few, four in a cell; a mail without subject."""
    v = "前柳行村"
    text = story.text(v, "plans", "前柳行村5.29会员活动月实施方案")
    story.send("front-plan", v, "5-04 12:00", [file("新建 Microsoft Word 文档 (3).docx", prose(text), v, "plan")], subject=None, body="")
    a, b, c, d = story.deeds("5-03", "5-06", "5-13", "5-24")
    story.send("front-1-photos-wrong", v, "5-09 21:21", [story.progress(v, "1", [replace(a.row, scenes=a.row.scenes[:1]), b.row])], state="returned", expect=["activity-photos@1"])
    story.send("front-1-mended", v, "5-10 12:12", [story.progress(v, "1", [a.row, b.row])], subject="前柳 改好了")
    story.send("front-2-many-photos", v, "5-19 21:21", [story.progress(v, "2", [a.again, b.again, row(c.row.text, *c.row.scenes, *story.scenes(3))])], state="returned", expect=["activity-photos@2"])
    story.send("front-2-late", v, "5-22 21:21", [story.progress(v, "2", [a.again, b.again, c.row])], subject="前柳行第二次写实表", state="accepted late", expect=["late@2"])
    story.send("front-3", v, "5-31 21:21", [story.progress(v, "3", [a.row, b.row, c.again, d.row])])
    pictures = [replace(each, cid=f"p{k}@front") for k, each in enumerate(story.photos(v, 4))]
    page = "<div>前柳行活动照片</div>" + "".join(f'<div><img src="cid:{each.cid}"></div>' for each in pictures)
    story.send("front-photos-in-the-text", v, "6-07 09:00", pictures, subject="照片", body="", html=page)
    story.send("front-statistics-units", v, "6-08 09:00", [story.statistics(v, ("3场", "150人", "1次", "4人", "1", "30"))], state="accepted|returned?", allow=["cell-not-number@statistics"])
    story.send("front-video-empty", v, "6-09 09:00", [file("前柳视频.mp4", b"", v, "video")], state="returned", expect=["file-empty@video"], allow=["video-unreadable@video"])
    return text


def _east_gate(story: Story) -> None:
    """A street's committee that writes like a ministry; versions upon versions."""
    v = "东关社区"
    story.send("east-plan-pdfless", v, "5-05 23:59", [file("关于印发《东关社区方案》的通知.docx", prose(story.text("东关居委会", "plans", "东关居委会5.29会员活动月工作方案")), v, "plan")], subject="东关居委会方案")
    story.send("east-plan-second-version", v, "5-08 10:00", [story.plan(v, name="东关方案（第二稿）.docx")], subject="东关社区方案（第二稿）")
    deeds = story.deeds("5-04", "5-08", "5-13", "5-17", "5-25")
    story.send("east-1", v, "5-10 15:00", [story.progress(v, "1", [each.row for each in deeds[:2]])])
    story.send("east-1-truncated-later", v, "5-10 15:30", [file("写实表.docx", story.table(v, [deeds[0].row], how="inline")[:-7000], v, "1|None")], leaves={(v, "1"): "accepted"}, subject="写实表改了个错字", expect=["file-unreadable"])
    second = [*(each.again for each in deeds[:2]), *(each.row for each in deeds[2:4])]
    sent = story.send("east-2", v, "5-20 15:00", [story.progress(v, "2", second)])
    story.again("east-2-twice", sent, "5-20 15:09", dispositions=("ignored", "submission"), answered=False)
    story.send("east-3-two-missing", v, "5-31 15:00", [story.progress(v, "3", [deeds[0].again, deeds[2].again, deeds[4].row])], state="returned", expect=["not-cumulative@3"])
    story.send("east-3-complete", v, "5-31 18:00", [story.progress(v, "3", [*(each.again for each in deeds[:4]), deeds[4].row])], subject="东关社区写实表（补全）")
    story.send("east-statistics-formula", v, "6-06 15:00", [story.statistics(v, ("4", "520", "1", "5", "1", "61"), excel=True, second_sheet=True)])
    story.send("east-summary", v, "6-08 15:00", [story.summary(v)], sender="dgsq2@126.example")
    story.send("east-photos-six", v, "6-08 15:30", story.photos(v, 6), sender="dgsq2@126.example", expect=["photo-count@photos"])


def _west_gate(story: Story) -> None:
    """Links of every kind, one in an answer's quotation that is no link any more."""
    v = "西关社区"
    story.send("west-plan", v, "5-05 14:00", [story.plan(v)])
    block = mess.big_attachment("从QQ邮箱发来的超大附件", "西关写实表.docx", "https://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=1a2b&code=9f", "61.2M")
    story.send("west-1-qq-big", v, "5-10 14:00", subject="西关居委会5月10日写实表", body="", html="<p>写实表</p>" + block, expect=["cloud-link@1"], allow=["attachment-missing"], leaves={(v, "1"): "review"})
    deeds = story.deeds("5-08", "5-18", "5-23")
    quoted = "\n\n-----邮件原件-----\n发件人: 西关社区\n> 写实表\n> 从QQ邮箱发来的超大附件 西关写实表.docx https://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=1a2b&code=9f"
    story.send("west-1-file", v, "5-10 17:00", [story.progress(v, "1", [deeds[0].row], "西关写实表.docx")], subject="回复: 西关居委会5月10日写实表", body="压缩了照片，附件可以直接发了" + quoted)
    story.send("west-2-on-wps-cloud", v, "5-20 14:00", subject="西关社区第二次写实表", body="【金山文档】 西关写实表 https://www.kdocs.cn/l/cmXyZ12345", expect=["cloud-link@2"], allow=["attachment-missing"], leaves={(v, "2"): "review"})
    story.send("west-3", v, "5-31 14:00", [story.progress(v, "3", [deeds[0].again, *(each.row for each in deeds[1:])])])
    story.send("west-video-on-139", v, "6-09 14:00", subject="西关视频", body="活动视频：https://caiyun.139.com/m/i?1A5CvXyZ 提取码:9gQk", expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"})
    story.send("west-photos-on-123", v, "6-09 14:30", subject="西关照片", body="照片比较大 https://www.123pan.com/s/abcd-EfGh.html", expect=["cloud-link@photos"], allow=["attachment-missing"], leaves={(v, "photos"): "review"})


def _reeds(story: Story, plan: str) -> None:
    """An iPhone: files without words, pictures first; a copied plan; pictures of others."""
    v = "苇子园村"
    copied = plan.replace("前柳行村", "苇子园村").replace("五月", "5月")
    story.send("reeds-plan-copied", v, "5-05 08:45", [file("苇子园.docx", prose(copied), v, "plan")], expect=["text-copied@plan"])
    a, b, c = story.deeds("5-04", "5-08", "5-15")
    story.send("reeds-1", v, "5-10 08:45", [story.progress(v, "1", [a.row, b.row])], subject=None, body="")
    story.send("reeds-2-no-time", v, "5-18 08:45", [story.progress(v, "2", [a.again, b.again, row(story.phrase("no_time"), *story.scenes(2))])], state="returned", expect=["activity-no-time@2"])
    story.send("reeds-2-mended", v, "5-20 08:45", [story.progress(v, "2", [a.again, b.again, c.row])], subject="苇子园改好的")
    story.send("reeds-3-form-retyped", v, "5-31 08:45", [file("苇子园写实表.docx", mess.old_form(v, [a.row, b.row, c.row], ("单位", "活动照片", "开展的具体活动写实")), v, "3")], state="returned", expect=["form-changed@3"])
    stolen = next(each.octets for mail in story.mails if mail.name == "b-front-photos-in-the-text" for each in mail.files)
    one, two, three = story.scenes(3)
    story.send(
        "reeds-photos",
        v,
        "6-10 08:45",
        [file("image0.jpeg", jpeg(one), v, "photos"), file("image1.jpeg", jpeg(two, taken="2019:05:29 08:00:00"), v, "photos"), file("image2.jpeg", stolen, v, "photos"), file("image3.jpeg", jpeg(three, (640, 400)), v, "photos")],
        state="accepted|review?",
        expect=["photo-reused@photos", "photo-date-outside@photos", "photo-small@photos"],
        subject="",
        body="",
    )


def _ge(story: Story) -> None:
    """葛庄 and 小葛庄, each taken for the other now and then; locked and broken files."""
    v, small = "葛庄村", "小葛庄村"
    story.send("ge-plan-locked-zip", v, "5-04 10:00", [Sent("葛庄方案.zip", mess.locked_zip("fangan.docx"), v, ("plan", None))], leaves={}, expect=["file-encrypted"])
    story.send("ge-plan", v, "5-05 10:00", [story.plan(v)], subject="葛庄方案（无密码）")
    story.send("ge-small-plan-short", small, "5-05 10:10", [file("小葛庄方案.docx", prose("小葛庄方案\n5.29活动由村委负责组织开展。"), small, "plan")], state="returned", expect=["text-too-short@plan"])
    a, b = story.deeds("5-06", "5-16")
    c, d = story.deeds("5-07", "5-17")
    story.send("ge-small-sends-ge", small, "5-10 10:00", [story.progress(v, "1", [a.row], "写实表.docx", unit="葛庄村")], subject="小葛庄写实表", expect=["village-mismatch"], leaves={(v, "1"): "accepted"})
    story.send("ge-small-own", small, "5-10 11:00", [story.progress(small, "1", [c.row], "写实表.docx", unit="小葛庄村委会")], subject="发错了，这是小葛庄的")
    story.send("ge-2-blank-unit", v, "5-20 10:00", [story.progress(v, "2", [a.again, b.row], "葛庄第二次.docx", unit="")], state="returned", expect=["unit-blank@2"])
    story.send("ge-small-2-no-content", small, "5-20 10:30", [story.progress(small, "2", [c.again, d.row, row(story.phrase("no_content").format(t="5月19日"), *story.scenes(2))])], state="returned", expect=["activity-no-content@2"])
    story.send("ge-3-html-as-doc", v, "5-31 10:00", [file("葛庄村写实表.doc", mess.web_page("进展情况写实表", ["单位：葛庄村", a.row.text], "utf-8"), v, "3")], state="returned", expect=["file-format|file-mislabelled|form-changed"], allow=["*"])
    story.send("ge-small-statistics-blank", small, "6-08 10:00", [story.statistics(small, ("2", "", "1", "2", "", ""), others="/")], state="returned", expect=["cell-blank@statistics"], allow=["figures-inconsistent@statistics"])
    story.send("ge-statistics-scanned", v, "6-08 10:10", [file("葛庄统计表.pdf", scan(story.scenes(1)[0]), v, "statistics")], state="returned", expect=["file-format@statistics"])
    story.send("ge-statistics-words", v, "6-09 10:10", [story.statistics(v, ("2", "一百二十", "1", "若干", "1", "18"))], state="returned", expect=["cell-not-number@statistics"], allow=["figures-inconsistent@statistics"])
    story.send("ge-small-summary-shortcut", small, "6-09 11:00", [file("小葛庄总结.docx", b"PK\x03\x04" + bytes(900), small, "summary|None")], leaves={}, expect=["file-unreadable"])


def _south_and_north(story: Story) -> None:
    """Two villages, one clerk: zips with a folder for each, old and new ways of writing names."""
    v, north = "河南李村", "河北李村"
    story.send("li-plans", v, "5-05 16:00", [gbk_zip("两村方案.zip", [("河南李/方案.docx", story.plan(v).octets, v, "plan"), ("河北李/方案.docx", story.plan(north).octets, north, "plan")], directories=["河南李", "河北李"])], subject="方案")
    a, b, c = story.deeds("5-05", "5-14", "5-26")
    d, e, f = story.deeds("5-06", "5-15", "5-26")
    story.send("li-1-both", v, "5-09 16:00", [utf8_zip("写实表.zip", [("写实表/河南李.docx", story.table(v, [a.row]), v, "1"), ("写实表/河北李.docx", story.table(north, [d.row]), north, "1")], junk=True)], subject="河南李 河北李 写实表", allow=["village-mismatch"])
    story.send("li-2-both", v, "5-19 16:00", [story.progress(v, "2", [a.again, b.row], "南.docx"), story.progress(north, "2", [d.again, e.row], "北.docx")], subject="两个李村的写实表", allow=["village-mismatch"])
    story.send("li-3-north-by-itself", north, "5-31 16:00", [story.progress(north, "3", [d.row, e.again, f.row])])
    story.send("li-3-south-rtf-table", v, "5-31 16:30", [file("河南李5月31日写实表.rtf", mess.rtf_table(v, [a.again, b.again, c.row]), v, "3")])
    story.send("li-june-south", v, "6-09 16:00", [
        utf8_zip("河南李.zip", [
            ("河南李/信息统计表.xlsx", story.statistics(v, ("2", "88", "0", "0", "1", "40"), excel=True, merged=False, right=1).octets, v, "statistics"),
            ("河南李/总结.docx", story.summary(v).octets, v, "summary"),
            *((f"河南李/照片/{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(3))),
            ("河南李/视频.mov", film(story.scenes(1)[0], container="mov"), v, "video"),
        ], junk=True),
    ], subject="6月上报")
    story.send("li-statistics-inconsistent", north, "6-09 16:30", [story.statistics(north, ("2", "0", "1", "3", "0", "26"))], expect=["figures-inconsistent@statistics"])


def _temple(story: Story) -> None:
    """Everything at the last, out of order, rounds told by words; zip in zip."""
    v = "三官庙村"
    a, b, c = story.deeds("5-06", "5-16", "5-28")
    story.send("guan-plan-late", v, "5-07 10:00", [story.plan(v)], subject="庙上方案", state="accepted late", expect=["late@plan"])
    story.send("guan-2-before-1", v, "5-21 09:00", [story.progress(v, "2", [a.row, b.row], "写实表（截止5月20日）.docx")], state="accepted late", expect=["late@2"])
    story.send("guan-1-after-2", v, "5-21 09:30", [story.progress(v, "1", [a.row], "写实表（截止5月10日）.docx")], state="accepted late", expect=["late@1"])
    third = story.progress(v, "3", [a.again, b.again, c.row], "写实表.docx")
    inner = pack({"表/写实表.docx": third.octets})
    story.send("guan-3-zip-in-zip", v, "5-31 20:20", [Sent("庙上.zip", pack({"1.zip": inner}), v, inside=(third,))], subject="三官庙村最后一次写实表")
    story.send("guan-summary-off-topic", v, "6-10 10:00", [file("三官庙总结.docx", prose(_FLOOD), v, "summary")], expect=["text-off-topic@summary"])
    story.send("guan-photos-in-word", v, "6-10 10:10", [file("三官庙照片.docx", mess.album(story.scenes(3)), v, "photos")], state="returned", expect=["file-format|photo-format@photos"], allow=["photo-count@photos", "file-format@photos", "photo-format@photos"])
    story.send("guan-photos-jpg", v, "6-10 22:10", story.photos(v, 3), subject="三官庙照片jpg")
    story.send("guan-video-bad", v, "6-10 22:20", [file("三官庙.mp4", film(story.scenes(1)[0])[:40_000], v, "video")], state="returned", expect=["video-unreadable|file-unreadable@video"])


def _barracks(story: Story) -> None:
    """Macros, hostile archives, dates of other months, a signature with a logo."""
    v = "军屯村"
    plan = story.plan(v)
    story.send("jun-plan-with-logo", v, "5-05 09:30", [plan, Sent("image003.png", logo(), cid="image003.png@01D98", scored=False)], html='附件为方案<br><img src="cid:image003.png@01D98">', body="附件为方案")
    a, b, c = story.deeds("5-05", "5-09", "5-18")
    early = row("4月20日，" + story.phrase("deeds").partition("|")[0].replace("{t}", "").strip("，"), *story.scenes(2))
    story.send("jun-1-april", v, "5-10 09:30", [story.progress(v, "1", [a.row, b.row, early])], expect=["activity-date-outside@1"])
    story.send("jun-2-docm", v, "5-20 09:30", [file("军屯村写实表5.20.docm", story.table(v, [a.again, b.again, early, c.row], macro=True), v, "2")], expect=["file-macro@2", "activity-date-outside@2"])
    story.send("jun-3-no-people", v, "5-31 09:30", [story.progress(v, "3", [a.again, b.again, early, c.again, row(story.phrase("no_people").format(t="5月27日"), *story.scenes(2))])], state="returned", expect=["activity-no-people@3", "activity-date-outside@3"])
    story.send("jun-photos-way-out", v, "6-09 09:30", [Sent("军屯照片.zip", mess.escaping(jpeg(story.scenes(1)[0])), v, ("photos", None))], leaves={}, expect=["file-hostile"], answered=None, allow=["photo-count@photos"])
    story.send("jun-statistics-bomb", v, "6-09 09:40", [Sent("军屯统计表.zip", mess.bomb("统计表.xlsx"), v, ("statistics", None))], leaves={}, expect=["file-hostile"], answered=None)
    story.send("jun-summary-forged", v, "6-10 09:30", [story.summary(v)], headers=["Authentication-Results: mx.office.example; spf=fail smtp.mailfrom=yeah.example; dmarc=fail"], expect=["sender-unverified"])
    story.send("jun-song", v, "6-10 09:45", [file("村歌.mp3", b"ID3\x03\0\0\0\0\0\x21" + b"\xff\xfb\x90\x64" * 4000, v, "None")], leaves={}, subject="军屯村歌", expect=["attachment-unrecognised"])


def _ridge(story: Story) -> None:
    """Late by days, worse after good, too many figures, a picture of the table."""
    v = "薛家岗村"
    story.send("ridge-plan-html-body", v, "5-05 19:19", subject="薛岗方案", body="", html="<h3>薛家岗村5.29活动方案</h3><p>" + story.phrase("plans") + "</p>", expect=["attachment-missing|file-format"], allow=["file-format@plan"], leaves={})
    story.send("ridge-plan", v, "5-06 00:30", [story.plan(v)], state="accepted late", expect=["late@plan"], subject="薛岗方案word版")
    a, b, c, d = story.deeds("5-07", "5-12", "5-19", "5-27")
    story.send("ridge-1", v, "5-10 19:19", [story.progress(v, "1", [a.row])])
    story.send("ridge-2", v, "5-18 19:19", [story.progress(v, "2", [a.again, b.row])])
    story.send("ridge-2-blank-by-mistake", v, "5-20 19:19", [story.progress(v, "2", [], "薛岗5月20日.docx", how="inline")], state="accepted", expect=["no-activity@2"], allow=["not-cumulative@2"])
    story.send("ridge-3-no-place", v, "5-30 19:19", [story.progress(v, "3", [a.again, b.again, c.row, row(story.phrase("no_place").format(t="5月25日"), *story.scenes(2))])], state="returned", expect=["activity-no-place@3"])
    story.send(
        "ridge-3-photo-of-the-table",
        v,
        "5-31 19:19",
        [Sent("薛岗写实表5.31.jpg", table_picture(story.scenes(1)[0]), v, ("progress@2023-05-31", "photos", None))],
        leaves={},
        subject="薛岗写实表",
        expect=["file-format|photo-count"],
        allow=["photo-count@photos", "photo-small@photos", "attachment-unrecognised", "file-format"],
    )
    story.send("ridge-3-late", v, "6-01 09:00", [story.progress(v, "3", [a.row, b.again, c.again, d.row])], subject="薛家岗5月31日写实表重报", state="accepted late", expect=["late@3"])
    story.send("ridge-statistics-too-many", v, "6-08 19:19", [story.statistics(v, ("58", "4200", "30", "210", "41", "880"), others="无")], state="accepted|review", expect=["figures-unlike-progress@statistics"])
    story.send("ridge-photos-webp", v, "6-09 19:19", sender="xg_guan@189.example", files=[file("微信图片.webp", other_format(story.scenes(1)[0], "WEBP"), v, "photos"), *story.photos(v, 2)], state="returned", expect=["photo-format|file-format@photos"], allow=["photo-count@photos"])
    story.send("ridge-photos-third", v, "6-10 19:19", sender="xg_guan@189.example", files=story.photos(v, 1), subject="补一张照片")
    story.send("ridge-two-videos", v, "6-10 19:39", sender="xg_guan@189.example", files=[story.video(v, "薛岗1.mp4"), story.video(v, "薛岗2.mp4")], expect=["video-count@video"])


def _others(story: Story) -> None:
    """Mail passed on, people unknown."""
    lists = [forwarded(subject=f"{v}总结", sender=SECOND.village(v).address, body="请转街道", files=[story.summary(v, "总结.docx")], when="6-09 10:00") for v in ("苇子园村",)]
    video = forwarded(subject="前柳行视频", sender=SECOND.village("前柳行村").address, body="", files=[story.video("前柳行村", "视频.mp4")], when="6-09 10:30", client="foxmail")
    pictures = forwarded(subject="葛庄照片", sender=SECOND.village("葛庄村").address, body="", files=story.photos("葛庄村", 3), when="6-09 10:40", client="coremail")
    story.send("clerk-forwards-three", "柳行村", "6-09 18:18", [*lists, video, pictures], subject="Fwd: 转三个村的材料", body="各村误发我处，现转来", sender="jiedao_xiaosong@126.example", nick="小宋", expect=["sender-unregistered"])
    story.send(
        "stranger-village",
        "柳行村",
        "5-20 21:00",
        [file("后屯写实表.docx", story.table("后屯村", [story.deed("5-12").row], unit="后屯村"), None, "2|None")],
        subject="后屯村写实表",
        sender="houtun@163.example",
        nick="",
        expect=["village-unknown"],
        allow=["unit-blank", "sender-unregistered"],
        disposition="submission|unrecognised",
        leaves={},
    )
    story.send(
        "stranger-photos",
        "柳行村",
        "6-08 22:00",
        [file(f"IMG_88{k}.jpg", jpeg(scene), None, "photos|None") for k, scene in enumerate(story.scenes(3))],
        subject="照片",
        body="请查收",
        sender="wode@qq.example",
        nick="心若向阳",
        expect=["village-unknown"],
        allow=["sender-unregistered"],
        disposition="submission|unrecognised",
        leaves={},
    )
    bare = multipart([text_part("东关居委会补一份倡议书", "gb18030"), file_part(Sent("倡议书.pptx", _slides(), kind="application/octet-stream"), "coremail")], "mixed", "---bnd")
    story.send("east-slides", "东关社区", "6-10 09:09", content=bare, subject="倡议书", sender="dgsq2@126.example", expect=["attachment-unrecognised"])


def _slides() -> bytes:
    types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>'
    return pack({"[Content_Types].xml": types.encode(), "ppt/presentation.xml": b"<p/>"})


_FLOOD = """三官庙村防汛备汛工作总结
入汛以来，三官庙村对两条排水沟全面清淤，疏通涵管十四处，储备编织袋三千条、抽水泵六台，组建二十五人的抢险突击队，开展两次夜间拉动演练，并对低洼处十一户逐户签订转移明白卡。
气象预警发布后，村干部二十四小时值守，广播循环播报雨情水情，转移群众三十一人，未发生险情。下一步将修缮排涝站机房，更新值班制度，确保安全度汛。
三官庙村
2023年6月"""
