# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The first office's month: its mistakes may be looked into."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.heldout.forms import row
from tests.heldout.mails import Client, Mail, Sent, file, file_part, forwarded, multipart, text_part
from tests.heldout.pictures import film, jpeg, other_format, scan
from tests.heldout.plans import gbk_zip, utf8_zip
from tests.heldout.word import prose
from tests.strangers import mess, noise
from tests.strangers.first_book import BOOK
from tests.strangers.office import FIRST
from tests.strangers.story import Story


def mails(seed: int = 1) -> list[Mail]:
    """Everything that came, the oldest first."""
    story = Story(FIRST, BOOK, random.Random(seed), "a", 20_000)
    plan = _shimen(story)
    _upper(story)
    _lower(story, plan)
    _temple(story)
    _temple_market(story)
    _laojuntang(story)
    _wangfu(story)
    _bend(story)
    _guo(story)
    _camp(story)
    _springs(story)
    _clerk_and_strangers(story)
    story.mails += noise.first(FIRST.village("塔湾村").address, "塔湾村")
    return sorted(story.mails, key=lambda each: each.received_at)


def _shimen(story: Story) -> str:
    """Careful; every round tells the old again in other words and another order. Its plan's text, for others to copy."""
    v = "石门村"
    text = story.text(v, "plans", "石门村5.29会员活动月实施方案")
    story.send("shimen-plan-pinyin", v, "5-04 10:02", [file("shimen fangan.docx", prose(text), v, "plan")], subject="sm")
    one, two, three = story.deeds("5-04", "5-06", "5-08"), story.deeds("5-12", "5-17"), story.deeds("5-23", "5-29")
    story.send("shimen-1", v, "5-09 16:20", [story.progress(v, "1", [each.row for each in one])])
    story.send("shimen-2-retold", v, "5-19 08:50", [story.progress(v, "2", [*(each.row for each in two), *(each.again for each in reversed(one))])])
    story.send("shimen-3-retold", v, "5-31 11:30", [story.progress(v, "3", [*(each.again for each in one), *(each.again for each in two), *(each.row for each in three)])])
    story.send("shimen-statistics-full-width", v, "6-05 09:00", [story.statistics(v, ("４", "２８６", "１", "５", "２", "１１７"), excel=True, down=1)])
    story.send("shimen-summary", v, "6-07 09:30", [story.summary(v)], subject=None)
    story.send("shimen-photos", v, "6-08 10:10", story.photos(v, 5))
    story.send("shimen-video-mov", v, "6-08 10:40", [file("IMG_0932.MOV", film(story.scenes(1)[0], container="mov"), v, "video")], subject="视频")
    return text


def _upper(story: Story) -> None:
    """Writes on a phone: HTML alone, several activities in a cell, text boxes; a minute late once."""
    v = "上石门村"
    plan = story.plan(v, name="20230505_083015.docx")
    page = text_part("<div>领导：<br>方案<b>已</b>传&nbsp;请查收</div><div style='color:#999'>发自我的华为手机</div>", "utf-8", "html")
    story.send("upper-plan-html-only", v, "5-05 08:31", [plan], subject="", body="", content=multipart([page, file_part(plan, "qq")], "mixed", "----NextPart_html_only"))
    a, b, c, d, e = story.deeds("5-03", "5-07", "5-09", "5-14", "5-18")
    late = [a.row, b.row, c.row]
    story.send("upper-1-a-minute-late", v, "5-11 00:01", [story.progress(v, "1", late, "第一次写实表.docx")], state="accepted late", expect=["late@1"])
    both = row(f"1、{a.again.text}\n2、{b.again.text}", *a.row.scenes, b.row.scenes[0])
    more = row(f"一是{c.again.text}二是{d.row.text}", *d.row.scenes)
    story.send("upper-2-several-in-a-cell", v, "5-20 09:40", [story.progress(v, "2", [both, more], "上石门5月20日.docx", how="inline")])
    third = [a.again, b.again, c.again, d.again, e.row, story.deed("5-26").row]
    story.send("upper-3-text-boxes", v, "5-30 21:00", [file("上石门写实表5.31.docx", mess.boxed(v, third), v, "3")])
    members = [
        ("上石门/上石门统计表.docx", story.statistics(v, ("3", "160", "1", "3", "2", "90"), others="/", media="/").octets, v, "statistics"),
        ("上石门/上石门总结.docx", story.summary(v).octets, v, "summary"),
        *((f"上石门/照片/微信图片_20230607{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(4))),
        (f"上石门/视频/wx_camera_1685001{22}.mp4", film(story.scenes(1)[0]), v, "video"),
    ]
    story.send("upper-june-gbk-zip", v, "6-09 22:22", [gbk_zip("上石门.zip", members, directories=["上石门", "上石门/照片", "上石门/视频"])], subject="6月材料")


def _lower(story: Story, plan: str) -> None:
    """Copies its neighbour's plan; forgets the time; drops an activity; fills the figures by halves."""
    v = "下石门村"
    story.send("lower-plan-copied", v, "5-05 17:02", [file("下石门实施方案.docx", prose(plan.replace("石门村", "下石门村")), v, "plan")], expect=["text-copied@plan"])
    a, b, c = story.deeds("5-02", "5-05", "5-09")
    bad = row(story.phrase("no_time"), *story.scenes(2))
    story.send("lower-1-no-time", v, "5-10 09:00", [story.progress(v, "1", [a.row, bad])], state="returned", expect=["activity-no-time@1"])
    mended = replace(bad, text="5月9日，" + bad.text)
    story.send("lower-1-mended", v, "5-10 20:15", [story.progress(v, "1", [a.row, b.row, mended])], subject="下石门写实表（更正）", body="刚才的漏了时间，以这个为准")
    story.send("lower-2-one-dropped", v, "5-19 15:00", [story.progress(v, "2", [a.again, mended, c.row])], state="returned", expect=["not-cumulative@2"])
    story.send("lower-3-all-again", v, "5-31 17:00", [story.progress(v, "3", [a.again, b.again, mended, c.row, *(each.row for each in story.deeds("5-21", "5-27"))])])
    story.send("lower-statistics-blanks", v, "6-08 09:00", [story.statistics(v, ("4", "/", "", "", "2", "60"), others="无")], state="returned", expect=["cell-blank|cell-not-number@statistics"], allow=["cell-blank@statistics", "cell-not-number@statistics", "figures-inconsistent@statistics"])
    story.send("lower-statistics-inconsistent", v, "6-09 09:00", [story.statistics(v, ("4", "180", "0", "12", "2", "60"), others="无")], subject="重报统计表", expect=["figures-inconsistent@statistics"])
    story.send("lower-two-photos", v, "6-09 09:30", story.photos(v, 2), state="returned", expect=["photo-count@photos"])
    story.send("lower-third-photo", v, "6-10 23:58", story.photos(v, 1), subject="再补1张照片")


def _temple(story: Story) -> None:
    """Passwords; another year; a Word page renamed; a table scanned."""
    v = "双庙村"
    story.send("temple-plan-locked", v, "5-05 10:00", [file("双庙村方案（加密）.docx", mess.locked_word(), v, "plan")], state="returned", expect=["file-encrypted@plan"], body="密码另发")
    story.send("temple-plan-open", v, "5-05 16:00", [story.plan(v)], subject="Re: 请补正", headers=["In-Reply-To: <baosong.77@office.example>"], body="密码去掉了\n\n________________________________\n发件人: 计生协办公室\n主题: 请补正\n双庙村：实施方案有密码，打不开。尚缺写实表、统计表、照片、视频。")
    good = story.deeds("5-06", "5-09")
    outside = row(f"2022年5月12日，{story.phrase('deeds').partition('|')[0].replace('{t}', '').strip('，')}", *story.scenes(2))
    story.send("temple-1-another-year", v, "5-10 11:10", [story.progress(v, "1", [good[0].row, good[1].row, outside])], expect=["activity-date-outside@1"])
    story.send("temple-2-scanned", v, "5-20 12:00", [file("双庙村5月20日写实表.pdf", scan(story.scenes(1)[0]), v, "2")], state="returned", expect=["file-format@2"])
    future = story.deed("5-30", pictures=2)
    later = replace(future.row, text="6月18日，" + story.phrase("deeds").partition("|")[0].replace("{t}", "").strip("，"))
    story.send("temple-3-after-arrival", v, "5-30 12:00", [story.progress(v, "3", [good[0].again, good[1].again, outside, later])], expect=["activity-date-outside@3"])
    story.send("temple-statistics-locked-zip", v, "6-08 12:00", [Sent("双庙村统计表.zip", mess.locked_zip("tjb.docx"), v, ("statistics", None))], leaves={}, expect=["file-encrypted"])
    story.send("temple-statistics", v, "6-10 12:00", [story.statistics(v, ("２场", "约90人", "1", "3人", "1", "51"))], state="accepted|returned?", allow=["cell-not-number@statistics"])
    story.send("temple-summary-web-page", v, "6-10 13:00", [file("双庙村总结.doc", mess.web_page("双庙村5.29会员活动月总结", [story.phrase("summaries"), story.phrase("summaries"), "双庙村"]), v, "summary")], state="accepted|returned?", allow=["file-mislabelled@summary", "file-format@summary"])


def _temple_market(story: Story) -> None:
    """Small things wrong in the account: place, people, content, photos; each in a table of its own."""
    v = "双庙集村"
    story.send("market-plan-zip-named-for-it", v, "5-03 08:00", [utf8_zip("双庙集.zip", [("方案/实施方案.docx", story.plan(v).octets, v, "plan")], junk=True)], subject="集上的方案")
    a, b, c = story.deeds("5-05", "5-08", "5-15")
    story.send("market-1-no-place", v, "5-09 08:00", [story.progress(v, "1", [a.row, row(story.phrase("no_place").format(t="5月7日上午"), *story.scenes(2))])], state="returned", expect=["activity-no-place@1"])
    story.send("market-1-no-people", v, "5-10 08:00", [story.progress(v, "1", [a.row, b.row, row(story.phrase("no_people").format(t="5月9日"), *story.scenes(2))])], state="returned", expect=["activity-no-people@1"], subject="双庙集写实表更正")
    story.send("market-1-late-at-last", v, "5-12 08:00", [story.progress(v, "1", [a.row, b.row], "5月10日写实表.docx")], state="accepted late", expect=["late@1"])
    story.send("market-2-no-content", v, "5-18 08:00", [story.progress(v, "2", [a.again, b.again, row(story.phrase("no_content").format(t="2023.05.16"), *story.scenes(2))])], state="returned", expect=["activity-no-content@2"])
    story.send("market-2-one-photo", v, "5-19 08:00", [story.progress(v, "2", [a.again, b.again, replace(c.row, scenes=c.row.scenes[:1])])], state="returned", expect=["activity-photos@2"])
    story.send("market-2-good", v, "5-20 23:59", [story.progress(v, "2", [a.again, b.again, c.row])])
    story.send("market-3-serial-column", v, "5-31 09:00", [story.progress(v, "3", [a.again, b.again, c.again, story.deed("5-24").row], extra=("序号",))], state="returned", expect=["form-changed@3"])
    story.send("market-3-unit-blank", v, "5-31 20:00", [story.progress(v, "3", [a.again, b.again, c.again, story.deed("5-28").row], "双庙集5.31.docx", unit="")], state="returned", expect=["unit-blank@3"])


def _laojuntang(story: Story) -> None:
    """Old forms, answers to our letters with all of it quoted, figures unlike the tables."""
    v = "老君堂村"
    quoted = '\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人: "计生协办公室";\n主题: 【请补正】老君堂村 5·29会员活动月材料\n\n老君堂村：来件收悉。1.写实表：列有改动。尚未收到：统计表、活动总结、精选活动照片、活动视频。请以附件形式报送。'
    story.send("laojun-plan", v, "5-02 19:00", [story.plan(v)])
    deeds = story.deeds("5-04", "5-07", "5-13", "5-18", "5-25")
    first = [each.row for each in deeds[:2]]
    story.send(
        "laojun-1-last-years-form",
        v,
        "5-09 10:00",
        [file("老君堂写实表.docx", mess.old_form(v, first, ("序号", "单位", "活动内容写实", "参加人数", "活动照片")), v, "1")],
        state="returned",
        expect=["form-changed@1"],
        allow=["activity-no-people@1", "activity-no-content@1", "activity-no-time@1", "activity-no-place@1", "no-activity@1", "activity-photos@1"],
    )
    story.send("laojun-1-new-form", v, "5-10 10:30", [story.progress(v, "1", first)], subject="回复：【请补正】老君堂村 5·29会员活动月材料", body="换成新表了" + quoted, headers=["In-Reply-To: <baosong.a1@office.example>", "References: <baosong.a1@office.example>"])
    story.send("laojun-thanks-only", v, "5-11 08:00", subject="回复：【已收到】老君堂村", body="收到，谢谢主任" + quoted, answered=None, disposition="submission|unrecognised|ignored", allow=["attachment-missing"])
    second = [each.again for each in deeds[:2]] + [each.row for each in deeds[2:4]]
    story.send("laojun-2", v, "5-20 07:00", [story.progress(v, "2", second, "写实表（第二期）.docx")])
    third = [each.again for each in deeds[:4]] + [deeds[4].row]
    story.send("laojun-3-second-address", v, "5-31 07:00", [story.progress(v, "3", third)], sender="ljt2@qq.example")
    story.send("laojun-statistics-too-many", v, "6-06 10:00", [story.statistics(v, ("46", "3900", "20", "180", "31", "760"), others="0", media="0")], state="accepted|review", expect=["figures-unlike-progress@statistics"])
    story.send("laojun-promises-a-file", v, "6-07 10:00", subject="老君堂总结", body="总结见附件，请查收。", expect=["attachment-missing"])
    story.send("laojun-summary-off-topic", v, "6-08 10:00", [file("老君堂总结.docx", prose(_WHEAT.format(v=v)), v, "summary")], expect=["text-off-topic@summary"])
    story.send("laojun-photos-png", v, "6-09 10:00", [file(f"Screenshot_2023-05-2{k}-10-10-10.png", other_format(scene, "PNG"), v, "photos") for k, scene in enumerate(story.scenes(3))], state="returned", expect=["photo-format|file-format@photos"], allow=["photo-count@photos"])


def _wangfu(story: Story) -> None:
    """Everything too large for a mail: links of many providers."""
    v = "王府庄社区"
    link = {"plan": "https://share.weiyun.com/AbCd12Ef", "1": "https://docs.qq.com/doc/DQ1ZkU3hxYz", "2": "https://www.aliyundrive.com/s/9kQ2mZx", "3": "https://pan.quark.cn/s/0a1b2c3d4e", "video": "https://cloud.189.cn/t/7JfY3mQz"}
    story.send("wangfu-plan-on-weiyun", v, "5-05 09:00", subject="王府庄活动方案", body=f"方案太大，放微云了 {link['plan']}", expect=["cloud-link@plan"], allow=["attachment-missing"], leaves={(v, "plan"): "review"})
    story.send("wangfu-1-on-tencent-docs", v, "5-10 09:00", subject="王府庄写实表5月10日", body=f"写实表在腾讯文档 {link['1']}", expect=["cloud-link@1"], allow=["attachment-missing"], leaves={(v, "1"): "review"})
    story.send("wangfu-2-on-aliyun", v, "5-20 09:00", subject="王府庄第二次写实表", body="", html=f"<p>我用阿里云盘分享了「王府庄写实表.docx」，你可以不限速下载<br><a href='{link['2']}'>{link['2']}</a></p>", expect=["cloud-link@2"], allow=["attachment-missing"], leaves={(v, "2"): "review"})
    deeds = story.deeds("5-08", "5-18", "5-26")
    story.send("wangfu-3-attached-after-all", v, "5-31 19:00", [story.progress(v, "3", [each.row for each in deeds])], subject="王府庄居委会写实表", body="这次表不大，直接放附件了")
    story.send(
        "wangfu-june-video-linked",
        v,
        "6-09 09:00",
        [story.summary(v, "王府庄总结.docx"), *story.photos(v, 4)],
        subject="王府庄总结、照片、视频",
        body=f"视频链接 {link['video']}（访问码：k9p2）",
        html=f"<p>总结照片见附件，视频链接 <a href='{link['video']}'>天翼云盘</a>（访问码：k9p2）</p>",
        expect=["cloud-link@video"],
        allow=["attachment-missing"],
        leaves={(v, "summary"): "accepted", (v, "photos"): "accepted", (v, "video"): "review"},
    )
    page = "<div>统计表</div>" + mess.big_attachment("从网易163邮箱发来的超大附件", "王府庄统计表.xlsx", "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE&file=9Zz", "52.1M")
    story.send("wangfu-statistics-big", v, "6-10 09:00", subject="统计表", body="统计表", html=page, expect=["cloud-link@statistics"], allow=["attachment-missing"], leaves={(v, "statistics"): "review"})


def _bend(story: Story) -> None:
    """A phone's pictures: HEIC, shrunk, blurred, the same again, another village's, last year's."""
    v = "塔湾村"
    story.send("bend-plan-misspelt-unit", v, "5-05 20:00", [file("方案.docx", prose(story.text("塔弯村", "plans", "塔弯村5.29会员活动月实施方案")), v, "plan")], subject="方案", allow=["village-mismatch", "village-unknown"])
    deeds = story.deeds("5-05", "5-08", "5-16", "5-28")
    story.send("bend-1", v, "5-10 22:00", [story.progress(v, "1", [each.row for each in deeds[:2]])])
    reused = story.deed("5-17")
    stolen = next(each.octets for mail in story.mails if mail.name == "a-shimen-photos" for each in mail.files)
    story.send("bend-2", v, "5-20 22:00", [story.progress(v, "2", [deeds[0].again, deeds[1].again, deeds[2].row, reused.row])])
    story.send("bend-3-worse-than-nothing", v, "5-31 22:00", [file("塔湾5.31.jpg", jpeg(story.scenes(1)[0], (1080, 1440)), v, "3|photos|None")], leaves={}, subject="写实表", expect=["file-format|photo-count"], allow=["photo-count@photos", "attachment-unrecognised"])
    story.send("bend-3-again", v, "6-01 08:00", [story.progress(v, "3", [*(each.again for each in deeds[:3]), reused.again, deeds[3].row])], state="accepted late", expect=["late@3"], subject="塔湾村5月31日写实表")
    one, two, three = story.scenes(3)
    story.send("bend-photos-heic", v, "6-08 20:00", [file(f"IMG_77{k}.HEIC", other_format(scene, "HEIC"), v, "photos") for k, scene in enumerate(story.scenes(3))], state="returned", expect=["photo-format|file-format@photos"], allow=["photo-count@photos"])
    story.send("bend-photos-doubtful", v, "6-10 20:00", [
        file("IMG_1.jpg", jpeg(one, (600, 450)), v, "photos"), file("IMG_2.jpg", jpeg(two, blurred=True), v, "photos"), file("IMG_3.jpg", jpeg(three, taken="2020:10:10 10:00:00"), v, "photos"),
        file("IMG_3(1).jpg", jpeg(three, quality=55), v, "photos"), file("wx.jpg", stolen, v, "photos"),
    ], state="accepted|review?", expect=["photo-small@photos", "photo-blurred@photos", "photo-date-outside@photos", "photo-duplicate@photos", "photo-reused@photos"])
    story.send("bend-video-short", v, "6-10 20:30", [story.video(v, "视频号_a1b2.mp4", seconds=3)], expect=["video-short@video"])


def _guo(story: Story) -> None:
    """Broken, empty, hostile, with macros."""
    v = "郭家铺村"
    story.send("guo-plan-empty", v, "5-04 08:00", [file("郭铺方案.docx", b"", v, "plan")], state="returned", expect=["file-empty@plan"])
    story.send("guo-plan-three-lines", v, "5-05 08:00", [file("郭铺方案.docx", prose("郭铺村活动方案\n按上级要求搞好5.29活动。\n郭铺村"), v, "plan")], state="returned", expect=["text-too-short@plan"], subject="郭铺方案重发")
    deeds = story.deeds("5-06", "5-09", "5-18")
    broken = story.table(v, [deeds[0].row], how="inline")
    story.send("guo-1-overwritten", v, "5-09 18:00", [file("郭铺写实表.docx", mess.crossed(broken), v, "1|None")], leaves={}, expect=["file-unreadable"])
    story.send("guo-1-samples-left", v, "5-10 18:00", [story.progress(v, "1", [deeds[0].row, row(deeds[1].row.text + "\n……", *deeds[1].row.scenes, unit="ＸＸ村委")], "郭铺写实表（好的）.docx", unit=None, how="inline")], state="accepted", expect=["placeholder-left@1"])
    story.send("guo-2-docm", v, "5-20 18:00", [file("郭铺村5.20写实表.docm", story.table(v, [deeds[0].again, deeds[1].again, deeds[2].row], macro=True), v, "2")], expect=["file-macro@2"])
    story.send("guo-3-blank-form", v, "5-31 18:00", [story.progress(v, "3", [], "郭铺村5.31写实表.docx", how="inline")], state="returned", expect=["no-activity@3"], allow=["not-cumulative@3"])
    story.send("guo-photos-bomb", v, "6-09 08:00", [Sent("郭铺照片.zip", mess.nested_bomb("1.jpg"), v, ("photos", None))], leaves={}, expect=["file-hostile"], answered=None, allow=["photo-count@photos"])
    story.send("guo-summary-docx-as-wps", v, "6-10 08:00", [file("郭铺总结.wps", story.summary(v).octets, v, "summary")], allow=["file-mislabelled@summary"])
    story.send("guo-video-two", v, "6-10 08:10", [story.video(v, "郭铺视频1.mp4"), story.video(v, "郭铺视频2.avi", container="avi")], expect=["video-count@video"])
    story.send(
        "guo-shortcut", v, "6-10 08:30", [Sent("统计表.xlsx.lnk", b"\x4c\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0\x46" + bytes(300), v, ("statistics", None))], leaves={}, expect=["attachment-unrecognised|file-format|file-unreadable|file-mislabelled|file-hostile"], allow=["file-hostile", "file-macro", "file-mislabelled"]
    )


def _camp(story: Story) -> None:
    """Versions: the same twice, worse after good, an old round after a newer one."""
    v = "五里营社区"
    plan = story.plan(v, name="五里营居委会方案.docx")
    first = story.send("camp-plan", v, "5-05 11:00", [plan], subject="五里营居委会方案")
    story.again("camp-plan-stuck-client", first, "5-05 11:06", dispositions=("ignored", "submission"), answered=False)
    deeds = story.deeds("5-03", "5-07", "5-12", "5-16", "5-22", "5-28")
    story.send("camp-1", v, "5-08 09:00", [story.progress(v, "1", [each.row for each in deeds[:2]])])
    story.send("camp-2", v, "5-18 09:00", [story.progress(v, "2", [*(each.again for each in deeds[:2]), *(each.row for each in deeds[2:4])])])
    worse = [deeds[0].row, row(story.phrase("no_place").format(t="5月17日"), *story.scenes(2))]
    story.send("camp-2-worse", v, "5-20 09:00", [story.progress(v, "2", worse, "五里营5.20（最新）.docx")], state="accepted", expect=["activity-no-place@2", "not-cumulative@2"], allow=["not-cumulative@2"])
    story.send("camp-1-archive-copy", v, "5-22 09:00", [story.progress(v, "1", [each.row for each in deeds[:2]], "五里营5.10写实表（存档）.docx", how="vml")], allow=["late@1"])
    everything = [*(each.again for each in deeds[:4]), *(each.row for each in deeds[4:])]
    story.send("camp-3", v, "5-31 23:59", [story.progress(v, "3", everything)])
    good = story.statistics(v, ("4", "310", "1", "3", "1", "66"))
    story.send("camp-statistics", v, "6-06 09:00", [good])
    story.send("camp-statistics-same-octets", v, "6-07 09:00", [replace(good, name="统计表（再发）.docx")], subject="再发一遍统计表")
    story.send("camp-statistics-newer-after-deadline", v, "6-12 09:00", [story.statistics(v, ("4", "318", "1", "3", "1", "66"), others="无")], subject="五里营统计表微调")


def _springs(story: Story) -> None:
    """北泉子头 sends all of it at the very end, and all too late but June's; 泉子头's clerk writes for both once."""
    v, north = "泉子头村", "北泉子头村"
    story.send("spring-plan-by-name-only", v, "5-05 07:30", [file("泉子头方案.docx", prose(story.text("我村", "plans", "5.29会员活动月实施方案")), v, "plan")], subject="付")
    a, b, c = story.deeds("5-04", "5-11", "5-24")
    d, e, f = story.deeds("5-06", "5-15", "5-25")
    story.send("spring-two-villages", v, "5-10 07:30", [story.progress(v, "1", [a.row], "泉子头.docx"), story.progress(north, "1", [d.row], "北泉.docx")], subject="泉子头、北泉子头两村写实表", allow=["village-mismatch"])
    story.send("spring-2-by-letters", v, "5-19 07:30", [story.progress(v, "2", [a.again, b.row], "qzt0520.docx")], subject="qzt")
    third = [d.again, e.again, f.row]
    parcel = [("2/写实表.docx", story.table(north, [d.again, e.row]), north, "2"), ("3/写实表.docx", story.table(north, third), north, "3")]
    story.send("spring-north-all-at-once", north, "6-02 07:30", [
        file("北泉子头实施方案.docx", story.plan(north).octets, north, "plan"),
        file("北泉子头写实表5.20.docx", parcel[0][1], north, "2"), file("北泉子头写实表5.31.docx", parcel[1][1], north, "3"),
    ], subject="北泉子头村补报材料", expect=["late@plan", "late@2", "late@3"], leaves={(north, "plan"): "accepted late", (north, "2"): "accepted late", (north, "3"): "accepted late"})
    story.send("spring-3-late", v, "6-03 07:30", [story.progress(v, "3", [a.again, b.again, c.row])], subject="写实表最后一次", state="accepted late", expect=["late@3"])
    story.send("spring-north-statistics-word", north, "6-10 07:40", [story.statistics(north, ("2", "75", "0", "0", "1", "31"), "附件2 信息统计表.docx", others="")])


def _clerk_and_strangers(story: Story) -> None:
    """The township's clerk passes three villages' mail on; people whom nobody knows."""
    clients: dict[str, Client] = {"双庙村": "outlook", "双庙集村": "coremail", "泉子头村": "foxmail"}
    inner = [forwarded(subject=f"{v}照片", sender=f"{FIRST.village(v).nick or v} <{FIRST.village(v).address}>", body="见附件", files=story.photos(v, 3), when="6-07 10:00", client=client) for v, client in clients.items()]
    story.send("clerk-forwards-three", "石门村", "6-08 17:00", inner, subject="Fw: 三个村的照片", body="发我邮箱了，转给你", sender="zhen_gongwei@163.example", nick="青石镇计生办小崔", expect=["sender-unregistered"])
    deep = forwarded(subject="转发：视频", sender="x@qq.example", body="麻烦转镇里", when="6-08 11:00", files=[forwarded(subject="双庙村视频", sender=FIRST.village("双庙村").address, body="", when="6-08 10:00", files=[story.video("双庙村")])])
    story.send("forward-of-a-forward", "双庙村", "6-08 18:00", [deep], subject="转发：转发：视频", body="", sender="xiaolin@qq.example", nick="林林", expect=["sender-unregistered"])
    story.send(
        "stranger-nobody-knows",
        "石门村",
        "5-09 23:00",
        [file("写实表.docx", story.table("刘家沟村", [story.deed("5-07").row], unit="刘家沟村"), None, "1|None")],
        subject="刘家沟材料",
        sender="ljg@163.example",
        nick="",
        expect=["village-unknown"],
        allow=["unit-blank", "sender-unregistered", "text-copied"],
        disposition="submission|unrecognised",
        leaves={},
    )
    story.send(
        "stranger-which-gate",
        "石门村",
        "5-05 23:00",
        [file("实施方案.docx", prose(story.text("我村", "plans", "5.29会员活动月实施方案", "为做好活动，制定本方案。")), None, "plan|None")],
        subject="方案",
        body="",
        sender="happy99@qq.example",
        nick="花开富贵",
        expect=["village-unknown"],
        allow=["sender-unregistered"],
        disposition="submission|unrecognised",
        leaves={},
    )
    story.send("mismatch-neighbours-table", "上石门村", "6-08 21:00", [story.statistics("下石门村", ("5", "200", "1", "3", "1", "40"), "统计表.docx")], subject="上石门统计表", expect=["village-mismatch"], leaves={("下石门村", "statistics"): "accepted"})


_WHEAT = """{v}小麦一喷三防工作总结
入春以来，{v}两委紧盯小麦病虫害，先后组织植保无人机十一架次，完成条锈病、赤霉病统防统治两千四百亩，对三百亩晚播弱苗田追施了返青肥，机井维修七眼，铺设输水软带九百米。
农技员逐块查看苗情，填写田间档案，农户普遍反映今年长势好于常年，预计单产比去年增加三十斤左右。下一步抓好机收调度、晾晒场地和秸秆还田，确保颗粒归仓。
{v}
2023年6月"""
