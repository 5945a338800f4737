# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The villages at the margin: 二龙山, whose rounds only the calendar tells; 六合屯 and 新立堡, who mend by the piece."""

from __future__ import annotations

from dataclasses import replace

from tests.heldout.forms import TITLE, row
from tests.heldout.mails import Sent, file
from tests.heldout.pictures import jpeg, other_format
from tests.heldout.plans import utf8_zip
from tests.heldout.word import Word, prose
from tests.strangers import wps
from tests.strangers.fifth_east import letter
from tests.strangers.story import Story


def tell(story: Story) -> None:
    """All of them."""
    _dragon(story)
    _union(story)
    _new(story)


def _dragon(story: Story) -> None:
    """二龙山: always late, and no table says of which round it is; a name on the packet alone; the same picture twice in a row."""
    v = "二龙山村"
    text = story.text(v, "plans", "5.29会员活动月实施方案", opening="根据上级文件精神，结合本地实际，制定本方案。").replace(f"\n{v}\n", "\n").replace(f"以上是{v}的实际情况", "以上是实际情况")
    assert "二龙山" not in text
    story.send("dragon-plan-named-by-its-packet", v, "5-05 21:00", [utf8_zip("二龙山.zip", [("方案.docx", prose(text), v, "plan")])], subject=None, body="", sender="feiyang_2009@qq.example", nick="飞扬", expect=["sender-unregistered"])
    a, b, c, d = story.deeds("5-05", "5-08", "5-17", "5-27")
    story.send("dragon-1-late", v, "5-12 08:00", [story.progress(v, "1", [a.row, b.row], "写实表.docx", unit=v, how="inline")], subject="二龙山写实表", state="accepted late", expect=["late@1"])
    story.send("dragon-2-named-by-its-title", v, "5-27 08:00", [story.progress(v, "2", [a.again, b.row, c.row], "写实表.docx", unit=v, how="inline", title=f"{TITLE}（5月20日）")], subject="二龙山写实表", body="前几天忙种地，补报", state="accepted late", expect=["late@2"])
    twice = replace(d.row, scenes=(d.row.scenes[0], d.row.scenes[0]))
    story.send("dragon-3-one-picture-twice", v, "6-08 08:00", [story.progress(v, "3", [a.row, b.again, c.again, twice], "写实表.docx", unit=v, how="inline")], subject="二龙山写实表", state="returned", expect=["late@3", "activity-photos@3"])
    story.send("dragon-3", v, "6-09 08:00", [story.progress(v, "3", [a.row, b.again, c.again, d.row], "写实表.docx", unit=v, how="inline")], subject="二龙山写实表（照片换了）", state="accepted late", expect=["late@3"])
    story.send("dragon-statistics-without-ending", v, "6-09 08:10", [file("二龙山统计表", story.statistics(v, ("3", "200", "0", "0", "1", "20")).octets, v, "statistics")], subject="二龙山统计表")
    story.send("dragon-summary-by-another-word", v, "6-09 08:20", [file("二龙山活动情况汇报.docx", prose(story.text(v, "summaries", "二龙山村5.29会员活动月情况汇报")), v, "summary")], subject="二龙山情况汇报")
    story.send("dragon-photos", v, "6-10 08:00", story.photos(v, 3), subject="二龙山照片")
    story.send("dragon-photos-three-more", v, "6-10 18:00", [file(f"补充{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(3), 1)], subject="二龙山再补几张照片", expect=["photo-count@photos"])
    story.send("dragon-video", v, "6-10 18:10", [file("二龙山.m4v", story.video(v).octets, v, "video")], subject="二龙山视频", allow=["file-mislabelled@video"])


def _union(story: Story) -> None:
    """六合屯: a newer plan after the day; a name with gaps; pictures without a word; two files of one name; a link behind a word."""
    v = "六合屯村"
    story.send("union-plan", v, "5-05 10:00", [story.plan(v, name="六合屯计划.docx")], subject="六合屯工作计划")
    story.send("union-plan-newer", v, "5-08 10:00", [story.plan(v, name="六合屯计划（修改版）.docx")], subject="六合屯工作计划修改版", body="人员分工改了一下")
    a, b, c = story.deeds("5-04", "5-12", "5-25")
    story.send("union-1-name-with-gaps", v, "5-10 10:00", [story.progress(v, "1", [a.row], "六合屯写实.docx", unit="六 合 屯 村", how="inline")], subject="六合屯写实")
    silent = row("", *story.scenes(2))
    story.send("union-2-pictures-alone", v, "5-18 10:00", [story.progress(v, "2", [a.again, b.row, silent], "六合屯写实2.docx", unit=v, how="inline")], subject="六合屯第二次写实", state="returned", expect=["activity-no-content@2"])
    told = row("5月14日，村部院里，志愿者六名教老人们包饺子、量血压。", *silent.scenes)
    story.send("union-2-answering-us", v, "5-20 22:10", [story.progress(v, "2", [a.again, b.row, told], "六合屯写实2.docx", unit=v, how="inline")], subject="Re: 【请补正】六合屯村 5·29会员活动月材料（1项）", body="补上字了" + letter(v, "请补正", "　　1. 第二次写实表（5月20日）：第3行没有写做了什么。"))
    pair = row(f"一、{b.row.text}\n二、{told.text}", *b.row.scenes, *told.scenes)
    story.send("union-3-two-rows-made-one", v, "5-31 10:00", [story.progress(v, "3", [a.row, pair, c.row], "六合屯写实3.docx", unit=v, how="inline")], subject="六合屯第三次写实")
    both = [file("附件.docx", story.statistics(v, ("3", "110", "0", "0", "1", "18")).octets, v, "statistics"), file("附件.docx", story.summary(v).octets, v, "summary")]
    story.send("union-two-of-one-name", v, "6-07 10:00", both, subject="六合屯统计表、总结")
    pictures = [(f"照片{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(2), 1)] + [("截图3.png", other_format(story.scenes(1)[0], "PNG"), v, "photos")]
    story.send("union-photos-one-screenshot", v, "6-08 10:00", [utf8_zip("六合屯照片.zip", pictures)], subject="六合屯照片", state="returned", expect=["photo-format@photos"], allow=["photo-count@photos"])
    story.send("union-photo-in-its-stead", v, "6-09 10:00", [file("照片3.jpg", jpeg(story.scenes(1)[0]), v, "photos")], subject="六合屯照片3")
    page = '<p>视频太大，<a href="https://share.weiyun.com/Q7zKd9Lm">点这里下载</a>，长期有效。</p>'
    story.send("union-video-behind-a-word", v, "6-10 10:00", subject="六合屯视频", body="视频太大，点这里下载，长期有效。", html=page, expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"})


def _new(story: Story) -> None:
    """新立堡: a new file under the old ending; the same files again; 见照片; a report within a table; a song for a film."""
    v = "新立堡村"
    story.send("new-plan-old-ending", v, "5-05 13:00", [file("新立堡方案.doc", story.plan(v).octets, v, "plan")], subject="新立堡方案", expect=["file-mislabelled@plan"])
    a, b, c = story.deeds("5-06", "5-16", "5-24")
    first = story.progress(v, "1", [a.row], "新立堡写实表.docx", unit="四方台镇新立堡", how="inline")
    story.send("new-1", v, "5-09 13:00", [first], subject="新立堡写实表")
    story.send("new-1-same-file", v, "5-09 13:20", [first], subject="新立堡写实表", body="刚才不知道发没发出去，再发一遍", answered=None)
    bare = row("见照片", *story.scenes(2))
    story.send("new-2-see-the-pictures", v, "5-20 13:00", [story.progress(v, "2", [a.again, bare], "新立堡写实表.docx", unit=v, how="inline")], subject="新立堡写实表", state="returned", expect=["activity-no-content@2"], allow=["activity-no-time@2", "activity-no-place@2", "activity-no-people@2"])
    story.send("new-2-late", v, "5-23 13:00", [story.progress(v, "2", [a.again, replace(b.row, scenes=bare.scenes)], "新立堡写实表.docx", unit=v, how="inline")], subject="新立堡写实表改", state="accepted late", expect=["late@2"])
    story.send("new-3", v, "5-31 13:00", [story.progress(v, "3", [a.row, replace(b.again, scenes=bare.scenes), c.row], "新立堡写实表.docx", unit=v, how="vml")], subject="新立堡写实表（三）")
    story.send("new-statistics-reckoned", v, "6-06 13:00", [file("新立堡统计表.xlsx", wps.counted(v, (2, 90, 0, 0, 1, 25)), v, "statistics")], subject="新立堡统计表")
    word = Word()
    title, *rest = story.text(v, "summaries", "新立堡村5.29会员活动月总结").split("\n")
    word.add(word.paragraph(title, bold=True, centred=True), word.table([["总结内容", "\n".join(rest)]], (1600, 7400)))
    story.send("new-summary-in-a-table", v, "6-06 13:10", [file("新立堡总结.docx", word.octets(), v, "summary")], subject="新立堡总结")
    one, two, three = story.scenes(3)
    shown = Sent("image001.jpg", jpeg(three), v, ("photos",), cid="image001@new", kind="image/jpeg")
    story.send("new-photos-one-in-the-page", v, "6-08 13:00", [file("新立堡1.jpg", jpeg(one), v, "photos"), file("新立堡2.jpg", jpeg(two), v, "photos"), shown], subject="新立堡照片3张", body="照片3张", html='照片3张<br><img src="cid:image001@new">')
    song = b"ID3\x03\0\0\0\0\0\x21" + b"\xff\xfb\x90\x64" * 4000
    story.send("new-song-for-a-film", v, "6-09 13:00", [file("新立堡视频.mp4", song, v, "video")], subject="新立堡视频", state="returned", expect=["video-unreadable|file-unreadable|file-format@video"], allow=["file-mislabelled@video"])
