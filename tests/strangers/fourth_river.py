# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The villages by the river, 双河口 to 红岩: two that do all as asked in odd ways, and five that do not."""

from __future__ import annotations

from dataclasses import replace

from tests.archives import old_rar
from tests.content.compound import word_97
from tests.heldout.forms import row
from tests.heldout.mails import Sent, file
from tests.heldout.pictures import film, jpeg, logo, other_format, scan
from tests.heldout.plans import utf8_zip
from tests.heldout.word import pack, prose
from tests.strangers import days, mess, wps
from tests.strangers import fourth_files as files
from tests.strangers import fourth_post as post
from tests.strangers.story import Story


def tell(story: Story) -> int:
    """All of them. A picture of 大坝's, for others to lend."""
    summary = _market(story)
    _mouth(story)
    picture = _dam(story)
    _little_dam(story)
    plan = _willows(story)
    _willow(story, plan, summary)
    _rock(story)
    return picture


def _mouth(story: Story) -> None:
    """双河口: all as asked. A PDF, the half of its name, a clock of another day, three folders deep in June."""
    v = "双河口村"
    text = story.text(v, "plans", "双河口村5.29会员活动月实施方案")
    story.send("mouth-plan-pdf", v, "5-04 09:30", [file("双河口村实施方案（盖章）.pdf", files.pdf(text), v, "plan")], subject="双河口村方案")
    a, b, c, d, e = story.deeds("5-04", "5-08", "5-15", "5-23", "5-29", pictures=3)
    story.send("mouth-1-half-its-name", v, "5-09 11:20", [file("写实表.docx", story.table("双河", [a.row, b.row], unit="双河"), v, "1")], subject="写实表", body="", state="accepted|returned", allow=["unit-blank@1", "village-mismatch", "village-unknown"])
    story.send("mouth-2-clock-of-tomorrow", v, "5-20 23:57:30", [story.progress(v, "2", [a.again, b.again, c.row], "第二次.docx", strict=True, title_in_table=True)], subject="双河口村第二次", date="Sun, 21 May 2023 02:11:09 +0800")
    post.dress(story, mailer="Microsoft Outlook 15.0", utc=True)
    logo_of = Sent("image001.png", logo(), cid="image001.png@01D99A", scored=False)
    story.send("mouth-3-headings-on-both-pages", v, "5-31 09:12", [story.progress(v, "3", [c.again, a.row, b.row, d.row, e.row], "河口上5.31.docx", split_after=3, headings_again=True, landscape=True), logo_of], subject="河口上", body="请收", html='请收<br>--<br>双河口村委会<br><img src="cid:image001.png@01D99A">')
    inner = utf8_zip("照片.zip", [(f"精选/{k}.jpeg", files.handed_round(scene, turned=k == 2), v, "photos") for k, scene in enumerate(story.scenes(5), 1)], junk=False)
    film_of = story.video(v, "双河口视频.MOV", container="mov")
    statistics = story.statistics(v, ("3", "286", "1", "6", "1", "53"), "双河口统计.xlsx", excel=True, down=2, right=1, others="/")
    outer = [statistics, story.summary(v, "总结.docx"), inner, film_of]
    packed = pack({f"双河口村六月/{each.name}": each.octets for each in outer})
    story.send("mouth-june-zip-within-zip", v, "6-07 10:00", [Sent("双河口村六月.zip", packed, inside=tuple(outer))], subject="双河口村6月份材料")


def _market(story: Story) -> str:
    """双河场: all as asked but one forgotten file; writes under what the office wrote. Its summary's text, for others to copy."""
    v = "双河场社区"
    text = story.text(v, "plans", "双河场社区5.29会员活动月实施方案")
    story.send("market-plan-wps", v, "5-05 10:15", [file("方案.wps", word_97(text.split("\n")), v, "plan")], subject="方案", body="场上的")
    a, b = (
        row("【时间】5月6日上午【地点】双河场农贸市场东门【参加人员】社区干部5人、志愿者7人、赶场群众约二百人【内容】设咨询台，发放优生优育折页260份，现场答疑。", *story.scenes(2)),
        row("何时：5月8日\n何地：社区日间照料中心\n何人：空巢老人11名、志愿者4名\n何事：包汤圆、唱老歌、量血压", *story.scenes(2)),
    )
    again = [
        row("5月6日，双河场农贸市场东门，社区干部和志愿者12人设咨询台，向赶场群众发放优生优育折页260份。", *a.scenes),
        row("5月8日，4名志愿者在社区日间照料中心陪11名空巢老人包汤圆、唱老歌、量血压。", *b.scenes),
    ]
    c, d = story.deeds("5-16", "5-26")
    story.send("market-1-answers-to-who-and-where", v, "5-10 10:15", [file("双河场.docx", files.two_in_a_column("双河场居委会", [a, b]), v, "1")], subject="双河场居委会写实表")
    quoted = "\n\n在 2023-05-18 09:00:00，\"计生协办公室\" 写道：\n> 各村：截至目前，双河口村、大坝村、永兴村已报写实表，石龙村等未报，请未报的村抓紧。\n> 附件请用通知所附表样。"
    story.send("market-2-under-a-circular", v, "5-19 16:44", [story.progress(v, "2", [*again, c.row], "写实表-2.docx", how="floating")], subject="Re:催报：写实表", body="收到，场上的报来了" + quoted, headers=["In-Reply-To: <circular.518@office.example>"])
    third = story.progress(v, "3", [a, b, c.again, d.row], "写实表5.31.docx")
    story.send("market-3-forgotten", v, "5-31 15:00", subject="双河场社区写实表（5月31日）", body="写实表见附件，请查收。", expect=["attachment-missing"], leaves={})
    story.send("market-3", v, "5-31 15:22", [third], subject="双河场社区写实表（5月31日）", body="刚才忘了粘附件，对不起。")
    story.send("market-statistics-et", v, "6-06 09:00", [file("统计表.et", files.statistics_97(v, (2, 312, 1, 11, 1, 48)), v, "statistics")], subject="双河场统计表")
    text = story.text(v, "summaries", "双河场社区5.29会员活动月总结")
    story.send("market-summary", v, "6-06 09:10", [file("工作总结（场上）.docx", prose(text), v, "summary")], subject="总结")
    one, two, three = story.scenes(3)
    shown = [file("一.JPEG", files.handed_round(one, mode="L"), v, "photos"), file("二.jpg", files.handed_round(two, mode="CMYK"), v, "photos"), file("三.jfif", jpeg(three, taken="2023:05:16 10:11:12"), v, "photos")]
    story.send("market-photos-of-every-kind-of-jpeg", v, "6-08 09:00", shown, subject="双河场照片3张")
    story.send("market-video-avi-in-a-zip", v, "6-09 09:00", [utf8_zip("双河场社区视频.zip", [("双河场社区视频/MOV_0001.avi", film(story.scenes(1)[0], container="avi"), v, "video")], junk=True)], subject="双河场视频")
    return text


def _dam(story: Story) -> int:
    """大坝: trees for a plan, headings of its own, samples left standing, too much of everything in June. A picture of its first row."""
    v = "大坝村"
    trees = "大坝村2023年茶园改造实施方案\n为提高茶叶品质，我村计划在三社、四社改造老茶园二百一十亩，更换良种苗木十二万株，聘请县茶技站老师指导修剪、施肥、防虫。资金由村集体和农户共同筹集，验收合格的每亩补助四百元，改造期间由护林员负责看管，严禁牛羊进园踩踏，九月底前全面完成，当年冬季搞好覆盖保墒，明年春季补栽缺窝，做到改一亩成一亩，三年内建成乡里的良种茶示范片，户均增收两千元以上。\n大坝村\n2023年5月"
    story.send("dam-plan-of-tea", v, "5-03 19:00", [file("大坝村实施方案.docx", prose(trees), v, "plan")], subject="大坝村方案", expect=["text-off-topic@plan"])
    a, b, c, d = story.deeds("5-05", "5-09", "5-17", "5-27")
    story.send("dam-1-own-headings", v, "5-09 20:00", [story.progress(v, "1", [a.row, b.row], headings=("单位", "活动内容", "照片"), how="inline")], subject="大坝村写实表", state="returned", expect=["form-changed@1"])
    farmers = file("2023年耕地地力补贴花名册.xlsx", files.roll(), v, "None")
    story.send("dam-1-with-the-farmers-roll", v, "5-10 22:05", [story.progress(v, "1", [a.row, b.row], "大坝写实表改.docx", how="inline"), farmers], subject="大坝村写实表（更正）", expect=["attachment-unrecognised"])
    story.send("dam-2-sample-left", v, "5-18 20:10", [story.progress(v, "2", [a.again, replace(b.again, unit="ＸＸ村委"), c.row], "大坝村写实表2.docx", unit=v, how="vml")], subject="大坝村写实表第二次", expect=["placeholder-left@2"])
    story.send("dam-3-columns-moved", v, "5-30 20:00", [story.progress(v, "3", [a.row, b.row, c.again, d.row], "大坝村写实表3.docx", order=(0, 2, 1), how="inline")], subject="大坝村写实表第三次", state="returned", expect=["form-changed@3"])
    story.send("dam-3-late", v, "6-01 06:50", [story.progress(v, "3", [a.row, b.row, c.again, d.row], "大坝村写实表3改.docx", how="inline")], subject="大坝村写实表第三次 按表样改回来了", state="accepted late", expect=["late@3"])
    story.send("dam-statistics-nobody-came", v, "6-08 20:00", [story.statistics(v, ("2", "0", "1", "5", "1", "12"), "大坝统计表.docx")], subject="大坝村统计表", expect=["figures-inconsistent@statistics"])
    story.send("dam-summary-in-a-line", v, "6-08 20:15", [file("大坝村总结.docx", prose("大坝村5.29会员活动月总结\n我村按要求开展了各项活动，效果很好，群众点赞。"), v, "summary")], subject="大坝村总结", state="returned", expect=["text-too-short@summary"])
    many = [file(f"mmexport16861{k}7001{k}2.jpg", jpeg(scene, (500, 375) if k == 5 else (1080, 810)), v, "photos") for k, scene in enumerate(story.scenes(6))]
    story.send("dam-too-much", v, "6-09 20:00", [*many, story.video(v, "大坝1.mp4"), story.video(v, "大坝2.mp4")], subject="大坝村照片、视频", expect=["photo-count@photos", "photo-small@photos", "video-count@video"])
    return a.row.scenes[0]


def _little_dam(story: Story) -> None:
    """小坝: a phone's mail, minutes before midnight; a day that has not come yet; its summary comes by its neighbour."""
    v = "小坝村"
    plan = story.plan(v, name="小坝.docx")
    story.send("little-plan-by-a-phone", v, "5-05 23:59:50", [plan], subject=None, body="", content=post.apple("", [plan]))
    bad = [row(story.phrase("no_time"), *story.scenes(2)), row(story.phrase("no_content").format(t="5月7日"), *story.scenes(2))]
    story.send("little-1-no-unit-no-time-no-content", v, "5-10 19:00", [story.progress(v, "1", bad, unit="", how="inline")], subject="小坝村写实表", state="returned", expect=["unit-blank@1", "activity-no-time@1", "activity-no-content@1"])
    a, b, c, d = story.deeds("5-06", "5-13", "5-28", "5-30")
    story.send("little-2-of-next-week", v, "5-20 08:08", [story.progress(v, "2", [a.row, b.row, c.row], "小坝村5月20日写实表.docx", how="inline")], subject="小坝村", expect=["activity-date-outside@2"])
    story.send("little-3-one-dropped", v, "5-31 08:08", [story.progress(v, "3", [a.again, c.again, d.row], "小坝村5月31日写实表.docx")], subject="小坝村", state="returned", expect=["not-cumulative@3"])
    story.send("little-3", v, "5-31 21:08", [story.progress(v, "3", [a.again, b.again, c.again, d.row], "小坝村5月31日写实表(补).docx", nested=True)], subject="小坝村 漏了一条")
    story.send("little-statistics-in-others-columns", v, "6-06 08:08", [story.statistics(v, ("",) * 6, "小坝统计表.docx", others="2")], subject="小坝统计表", state="returned", expect=["cell-blank@statistics"])
    story.send("little-statistics-reckoned", v, "6-09 08:08", [file("小坝统计表（改）.xlsx", wps.counted(v, (2, 160, 1, 3, 1, 20)), v, "statistics")], subject="小坝统计表补填")
    story.send("little-photos-heic", v, "6-05 08:30", [file(f"IMG_44{k}.HEIC", other_format(scene, "HEIC"), v, "photos") for k, scene in enumerate(story.scenes(3), 10)], subject="小坝照片", state="returned", expect=["photo-format@photos"], allow=["photo-count@photos"])
    story.send("little-photos-and-a-short-film", v, "6-10 08:30", [*(file(f"小坝照片{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(3), 1)), story.video(v, "IMG_4420.MOV", container="mov", seconds=3)], subject="小坝照片转成jpg了、视频", expect=["video-short@video"])
    story.send("little-summary-by-a-neighbour", "大坝村", "6-10 23:58", [file("总结.docx", story.summary(v).octets, v, "summary")], subject="总结", body="", expect=["village-mismatch"])


def _willows(story: Story) -> str:
    """杨柳湾: files that break in every way, and one after the other is mended. Its plan's text, for its neighbour to copy."""
    v, second = "杨柳湾村", "ylw-wenshu@126.example"
    text = story.text(v, "plans", "杨柳湾村5.29会员活动月实施方案")
    story.send("willows-plan-empty", v, "5-02 09:00", [file("杨柳湾方案.docx", b"", v, "plan")], subject="杨柳湾方案", sender=second, state="returned", expect=["file-empty@plan"])
    story.send("willows-plan-locked", v, "5-04 09:00", [file("杨柳湾方案.docx", mess.locked_word(), v, "plan")], subject="杨柳湾方案", body="密码是村名拼音首字母", sender=second, state="returned", expect=["file-encrypted@plan"])
    story.send("willows-plan-docx-called-pdf", v, "5-05 09:00", [file("杨柳湾方案.pdf", prose(text), v, "plan")], subject="杨柳湾方案 没密码的", sender=second, expect=["file-mislabelled@plan"])
    a, b, c, d = story.deeds("5-03", "5-07", "5-18", "5-25")
    first = story.table(v, [a.row, b.row], unit=v, how="inline")
    story.send("willows-1-cut-off", v, "5-10 21:00", [file("杨柳湾写实表.docx", first[: len(first) * 2 // 3], v, "1")], subject="杨柳湾写实表", state="returned", expect=["file-unreadable@1"])
    story.send("willows-1-past-midnight", v, "5-11 00:00:30", [file("杨柳湾写实表.docx", first, v, "1")], subject="杨柳湾写实表 重发", state="accepted late", expect=["late@1"], date="Wed, 10 May 2023 23:56:00 +0800")
    post.dress(story, utc=True)
    story.send("willows-2-scanned", v, "5-20 09:00", [file("杨柳湾写实表5.20.pdf", scan(story.scenes(1)[0]), v, "2")], subject="杨柳湾第二次写实表", state="returned", expect=["file-format@2"])
    story.send("willows-2-macro", v, "5-20 20:00", [story.progress(v, "2", [a.again, b.again, c.row], "杨柳湾写实表5.20.docm", macro=True)], subject="杨柳湾第二次写实表 word版", expect=["file-macro@2"])
    story.send("willows-3-rich-text", v, "5-31 09:00", [file("杨柳湾写实表5.31.rtf", mess.rtf_table(v, [a.row, b.row, c.row, d.row]), v, "3")], subject="杨柳湾第三次写实表")
    locked = Sent("杨柳湾总结.zip", mess.locked_zip("杨柳湾总结.docx"), v, ("summary", None))
    june = [file("杨柳湾统计表.xls", files.statistics_97(v, (2, 140, 1, 4, 1, 38)), v, "statistics"), *story.photos(v, 4), story.video(v, "杨柳湾.mp4")]
    story.send("willows-june", v, "6-09 09:00", june, subject="杨柳湾统计表、照片、视频")
    story.send("willows-summary-locked", v, "6-10 09:00", [locked], subject="杨柳湾总结", body="压缩包密码下来问我要", expect=["file-encrypted@summary"], leaves={(v, "summary"): "returned|missing|not-due"})
    story.send("willows-summary-late", v, "6-12 09:00", [story.summary(v, "杨柳湾总结.docx")], subject="杨柳湾总结", state="accepted late", expect=["late@summary"])
    return text


def _willow(story: Story, plan: str, summary: str) -> None:
    """柳湾: takes its neighbours' papers, names and all; mends by the row."""
    v = "柳湾村"
    story.send("willow-plan-copied", v, "5-05 14:20", [file("柳湾村方案.docx", prose(plan.replace("杨柳湾", "柳湾")), v, "plan")], subject="柳湾村方案", expect=["text-copied@plan"])
    a, b, c, d = story.deeds("5-06", "5-09", "5-18", "5-29")
    bad = row(story.phrase("no_people").format(t="5月4日"), *story.scenes(2))
    told = row("5月4日，村口大路边，会员12人刷写宣传标语4幅，更换展板3块。", *bad.scenes)
    story.send("willow-1-no-people", v, "5-09 14:20", [story.progress(v, "1", [bad, a.row], "柳湾写实表.docx", unit=v)], subject="柳湾写实表", state="returned", expect=["activity-no-people@1"])
    story.send("willow-1-the-row-alone", v, "5-10 14:20", [story.progress(v, "1", [told], "柳湾写实表更正.docx", unit=v)], subject="柳湾写实表更正第一条", body="第一条更正如附件，第二条不变", state="accepted|returned", allow=["not-cumulative@1"])
    nowhere = row(story.phrase("no_place").format(t="5月16日"), *story.scenes(2))
    story.send("willow-2-no-place", v, "5-19 14:20", [story.progress(v, "2", [told, a.again, b.row, nowhere], "杨柳湾写实表模板.docx", unit=v)], subject="柳湾村第二次写实表", state="returned", expect=["activity-no-place@2"], allow=["village-mismatch"])
    story.send("willow-3", v, "5-31 14:20", [story.progress(v, "3", [told, a.row, b.again, c.row, d.row], "柳湾写实表（5.31）.docx", photos_below=True)], subject="柳湾村第三次写实表")
    story.send("willow-statistics-in-words", v, "6-08 14:20", [story.statistics(v, ("3", "百十来人", "1", "2", "1", "30"), "柳湾统计表.docx")], subject="柳湾统计表", state="returned", expect=["cell-not-number@statistics"])
    story.send("willow-statistics", v, "6-10 14:20", [story.statistics(v, ("３", "１１６", "０", "２", "２", "３０"), "柳湾统计表（改）.docx", media="无")], subject="柳湾统计表", expect=["figures-inconsistent@statistics"])
    story.send("willow-summary-copied", v, "6-08 14:40", [file("柳湾总结.docx", prose(summary.replace("双河场社区", v)), v, "summary")], subject="柳湾总结", sender="wjx_890@qq.example", nick="王家小妹", expect=["text-copied@summary", "sender-unregistered"])
    mouth = next(each for each in story.mails if each.name == "d-mouth-june-zip-within-zip")
    lent = next(each.octets for each in mouth.files if each.name == "精选/3.jpeg")
    own = [file(f"柳湾{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(2), 1)]
    story.send("willow-photos-one-lent-and-a-broken-film", v, "6-09 14:20", [*own, file("柳湾3.jpg", lent, v, "photos"), file("柳湾视频.mp4", film(story.scenes(1)[0])[:9000], v, "video")], subject="柳湾照片和视频",
               expect=["photo-reused@photos", "video-unreadable|file-unreadable@video"], leaves={(v, "photos"): "accepted|review", (v, "video"): "returned"})


def _rock(story: Story) -> None:
    """红岩: once under its neighbour's name, whose pictures they then are; the old calendar; two mails of one Message-ID."""
    v = "红岩村"
    plan = story.plan(v, name="红岩村方案.docx")
    packed = old_rar("红岩村方案.docx".encode("gbk"), plan.octets)
    story.send("rock-plan-rar", v, "5-04 13:00", [Sent("红岩村方案.rar", packed, inside=(plan,))], subject="红岩村方案")
    a, b, c, d = story.deeds("5-04", "5-08", "5-16", "5-24", writing=days.lunar_short)
    story.send("rock-1-under-its-neighbours-name", v, "5-09 13:00", [file("写实表.docx", story.table("红岩子村", [a.row, b.row], unit="红岩子村", how="inline"), "红岩子村", "1")], subject="红岩村写实表", expect=["village-mismatch"])
    story.send("rock-1", v, "5-10 13:00", [story.progress(v, "1", [a.row, b.row], "写实表.docx", unit=v, how="grouped")], subject="红岩村写实表 单位写错了 重报", allow=["photo-reused@1"])
    story.send("rock-2-old-calendar", v, "5-20 13:00", [story.progress(v, "2", [a.row, b.row, c.row], "红岩写实表（二）.docx", unit=v)], subject="红岩写实表（二）", allow=["photo-reused@2"])
    silent = row(story.phrase("no_content").format(t="5月27日"), *story.scenes(2))
    story.send("rock-3-no-content", v, "5-31 13:00", [story.progress(v, "3", [a.again, b.again, c.again, d.row, silent], "红岩写实表（三）.docx", unit=v)], subject="红岩写实表（三）", state="returned", expect=["activity-no-content@3"], allow=["photo-reused@3"])
    said = row("5月27日，冯家院子，志愿者6人打扫院坝、给老人理发。", *silent.scenes)
    story.send("rock-3-late", v, "6-02 13:00", [story.progress(v, "3", [a.again, b.again, c.again, d.row, said], "红岩写实表（三）改.docx", unit=v)], subject="红岩写实表（三）", state="accepted late", expect=["late@3"], allow=["photo-reused@3"])
    story.send("rock-statistics-too-many", v, "6-08 13:00", [story.statistics(v, ("62", "5400", "19", "88", "33", "912"), "红岩统计表.docx")], subject="红岩统计表", expect=["figures-unlike-progress@statistics"])
    story.send("rock-summary", v, "6-08 13:20", [story.summary(v, "红岩村总结2023.docx")], subject="红岩总结")
    old = [file(f"IMG_2021{k}.jpg", jpeg(scene, taken="2021:05:29 09:00:00" if k == 1 else "2023:05:16 09:00:00"), v, "photos") for k, scene in enumerate(story.scenes(3))]
    story.send("rock-photos-one-of-another-year", v, "6-09 13:00", old, subject="红岩照片", message_id="tencent_9F01@qq.example", expect=["photo-date-outside@photos"])
    story.send("rock-video-at-quark", v, "6-09 13:05", subject="红岩视频", body="我用夸克网盘分享了「红岩村视频.mp4」\n链接：https://pan.quark.cn/s/7c1d2e3f4a5b\n提取码：Xk9p", message_id="tencent_9F01@qq.example", expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"})
