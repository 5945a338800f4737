# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The pasture, the pond, the hollow and the street: a 嘎查 among villages, files that break, misspelt names, a word of every speech."""

from __future__ import annotations

from dataclasses import replace

from tests.heldout.forms import row
from tests.heldout.mails import file, forwarded
from tests.heldout.pictures import jpeg
from tests.heldout.word import Word, prose
from tests.strangers import fifth_files as files
from tests.strangers import fourth_files, mess
from tests.strangers.story import Story


def tell(story: Story) -> None:
    """All of them."""
    _pasture(story)
    _pond(story)
    _hollow(story)
    _street(story)


def _pasture(story: Story) -> None:
    """白音花, a 嘎查: all as asked but a sample left standing, figures in others' columns, a macro."""
    v = "白音花嘎查"
    story.send("pasture-plan", v, "5-04 10:10", [file("方案.docx", prose(story.text(v, "plans", "白音花嘎查5.29会员活动月实施方案")), v, "plan")], subject="嘎查方案", body="白音花的方案")
    a, b, c, d = story.deeds("5-03", "5-08", "5-16", "5-28")
    story.send("pasture-1", v, "5-10 10:10", [story.progress(v, "1", [a.row, b.row], "嘎查写实表.docx", unit="四方台镇白音花嘎查委员会", how="inline")], subject="嘎查写实表")
    story.send("pasture-2-sample-left", v, "5-19 10:10", [story.progress(v, "2", [a.again, replace(b.again, unit="ＸＸ村委"), c.row], "嘎查写实表5.20.docx", unit=v, how="inline")], subject="白音花嘎查写实表5.20", expect=["placeholder-left@2"])
    story.send("pasture-3", v, "5-30 10:10", [story.progress(v, "3", [a.row, b.row, c.again, d.row], "白音花村写实表5.31.docx", unit="白音花", title_in_table=True)], subject="白音花5.31")
    story.send("pasture-statistics-in-others-columns", v, "6-05 10:10", [story.statistics(v, ("",) * 6, "白音花统计表.docx", others="3")], subject="白音花统计表", state="returned", expect=["cell-blank@statistics"])
    story.send("pasture-statistics", v, "6-06 10:10", [story.statistics(v, ("3", "160", "0", "0", "1", "35"), "白音花统计表.xlsx", excel=True, second_sheet=True)], subject="白音花统计表（填对格了）")
    word = Word()
    for line in story.text(v, "summaries", "白音花嘎查5.29会员活动月总结").split("\n"):
        word.add(word.paragraph(line))
    story.send("pasture-summary-macro", v, "6-06 10:20", [file("白音花总结.docm", word.octets(macro=True), v, "summary")], subject="白音花总结", expect=["file-macro@summary"])
    story.send("pasture-photos-and-video", v, "6-09 10:10", [*(file(f"白音花 ({k}).jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(5), 1)), story.video(v, "那达慕.mp4")], subject="白音花照片、视频")


def _pond(story: Story) -> None:
    """泡子沿: locked, cut off, printed; last year's form; figures as a PDF; a photo of no bytes; a film at the post office's own disk."""
    v, second = "泡子沿村", "pzy66@qq.example"
    story.send("pond-plan-locked", v, "5-03 14:00", [file("泡子沿方案.docx", mess.locked_word(), v, "plan")], subject="泡子沿方案", body="密码123456", state="returned", expect=["file-encrypted@plan"])
    story.send("pond-plan", v, "5-05 14:00", [story.plan(v, name="泡子沿方案.docx")], subject="泡子沿方案", body="密码取消了")
    a, b, c, d = story.deeds("5-05", "5-07", "5-15", "5-28")
    table = story.table(v, [a.row, b.row], unit=v, how="inline")
    story.send("pond-1-cut-off", v, "5-10 14:00", [file("泡子沿写实表.docx", table[: len(table) // 2], v, "1")], subject="泡子沿写实表", state="returned", expect=["file-unreadable@1"])
    story.send("pond-1-late", v, "5-11 14:00", [file("泡子沿写实表.docx", table, v, "1")], subject="泡子沿写实表", body="网不好，再发一次", state="accepted late", expect=["late@1"])
    printed = fourth_files.pdf(f"2023年宣传服务月活动进展情况写实表\n单位：{v}\n1. {a.row.text}\n2. {b.row.text}\n3. {c.row.text}")
    story.send("pond-2-printed", v, "5-19 14:00", [file("泡子沿写实表5.20.pdf", printed, v, "2")], subject="泡子沿第二次写实表", sender=second, state="returned", expect=["file-format@2"])
    story.send("pond-2", v, "5-20 19:00", [story.progress(v, "2", [a.again, b.again, c.row], "泡子沿写实表5.20.docx", unit=v, how="vml")], subject="泡子沿第二次写实表 word", sender=second)
    four = [a.row, b.row, c.again, d.row]
    story.send("pond-3-form-of-last-year", v, "5-31 14:00", [file("泡子沿写实表5.31.docx", mess.old_form(v, four, ("序号", "单位", "活动内容写实", "照片", "备注")), v, "3")], subject="泡子沿第三次写实表", state="returned", expect=["form-changed@3"])
    story.send("pond-3", v, "5-31 20:00", [story.progress(v, "3", four, "泡子沿写实表5.31（新表）.docx", unit=v, how="inline")], subject="泡子沿第三次写实表换新表了")
    figures = fourth_files.pdf(f"2023年“5.29会员活动月”信息统计表\n单位：{v}\n村居社区计生协 活动场次 3 宣传人数 120 慰问服务场次 0 慰问人数 0 其他服务场次 1 服务人数 26")
    story.send("pond-statistics-printed", v, "6-07 14:00", [file("泡子沿统计表.pdf", figures, v, "statistics")], subject="泡子沿统计表", state="returned", expect=["file-format@statistics"], sender=second)
    story.send("pond-statistics", v, "6-08 14:00", [file("泡子沿统计表.et", fourth_files.statistics_97(v, (3, 120, 0, 0, 1, 26)), v, "statistics")], subject="泡子沿统计表", sender=second)
    bad = ["Authentication-Results: mx.office.example; spf=fail smtp.mailfrom=pzy_wenshu@163.example; dkim=fail; dmarc=fail"]
    story.send("pond-summary-nobody-vouches", v, "6-08 14:10", [story.summary(v, "泡子沿总结.docx")], subject="泡子沿总结", headers=bad, expect=["sender-unverified"])
    pictures = [*story.photos(v, 3), file("泡子沿照片4.jpg", b"", v, "photos")]
    story.send("pond-photos-one-of-no-bytes", v, "6-09 14:00", pictures, subject="泡子沿照片", state="returned", expect=["file-empty@photos"], sender=second)
    story.send("pond-photo-once-more", v, "6-09 15:00", [file("泡子沿照片4.jpg", jpeg(story.scenes(1)[0]), v, "photos")], subject="泡子沿照片第四张", sender=second)
    block = mess.big_attachment("从QQ邮箱发来的超大附件", "泡子沿视频.mp4", "https://wx.mail.qq.com/ftn/download?func=3&key=1f9e&code=aa21", "402.1M")
    story.send("pond-video-too-big", v, "6-10 14:00", subject="泡子沿视频", body="", html="<div>视频</div>" + block, sender=second, expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"})


def _hollow(story: Story) -> None:
    """杏树洼子: its name misspelt in subjects; passed on by the township's clerk; a file forgotten; the year before; June in one mail."""
    v = "杏树洼子村"
    story.send("hollow-plan-misspelt", v, "5-05 17:00", [file("杏树凹子村方案.docx", prose(story.text(v, "plans", "杏树洼子村5.29会员活动月实施方案")), v, "plan")], subject="杏树凹子村方案", body="杏树凹子村报")
    a, b, c, d = story.deeds("5-06", "5-09", "5-14", "5-29")
    inner = forwarded(subject="写实表", sender=story.office.village(v).address, body="请转计生办", files=[story.progress(v, "1", [a.row], "写实表.docx", unit=v)], when="5-09 10:00", client="foxmail")
    story.send("hollow-1-passed-on", v, "5-10 11:00", [inner], subject="Fw:写实表", body="计生办：他们发到我这儿了，转给你们", sender="nongjing_zhan@sft.example", nick="农经站", client="outlook", expect=["sender-unregistered"])
    story.send("hollow-2-forgotten", v, "5-19 17:00", subject="杏树洼写实表第二次", body="第二次写实表已上传附件，请领导查阅", expect=["attachment-missing"], leaves={})
    story.send("hollow-2", v, "5-19 17:04", [story.progress(v, "2", [a.again, b.row, c.row], "杏树洼写实表.docx", unit=v)], subject="杏树洼写实表第二次", body="忘传了")
    wrong = row("2022年5月22日，村文化大院，秧歌队三十八名队员扭秧歌、唱新风，观众一百来人。", *story.scenes(2))
    story.send("hollow-3-the-year-before", v, "5-31 17:00", [story.progress(v, "3", [a.row, b.again, c.again, wrong, d.row], "杏数洼写实表.docx", unit=v, how="inline")], subject="杏数洼第三次写实表", expect=["activity-date-outside@3"])
    one, two, three = story.scenes(3)
    pictures = [file("杏树洼1.jpg", jpeg(one), v, "photos"), file("杏树洼2.jpg", jpeg(two), v, "photos"), file("杏树洼3.jpg", jpeg(three), v, "photos"), file("杏树洼1(1).jpg", jpeg(one), v, "photos")]
    june = [story.statistics(v, ("４", "２６０", "０", "０", "１", "３０"), "2.docx", others="/", media="无"), story.summary(v, "3.docx"), *pictures, story.video(v, "5.mp4")]
    story.send("hollow-june", v, "6-09 17:00", june, subject="杏树洼子村全部材料", body="统计表、总结、照片、视频", expect=["photo-duplicate@photos"])


def _street(story: Story) -> None:
    """团结, a word of every speech: a stranger's phone, columns moved, a figure below nothing, pictures wanting, a film of four seconds."""
    v = "团结社区"
    story.send("street-plan-by-a-stranger", v, "5-05 18:30", [file("实施方案.docx", prose(story.text(v, "plans", "团结社区5.29会员活动月实施方案")), v, "plan")], subject="团结社区实施方案", sender="13904751234@139.example", nick="", expect=["sender-unregistered"])
    a, b, c = story.deeds("5-06", "5-17", "5-24")
    story.send("street-1", v, "5-09 18:30", [story.progress(v, "1", [a.row], "写实表.docx", unit="团结居委会", how="inline")], subject="写实表", body="我们社区上下团结一心，活动搞得红红火火，请领导审阅。")
    story.send("street-2-columns-moved", v, "5-18 18:30", [story.progress(v, "2", [a.again, b.row], "写实表2.docx", unit=v, order=(1, 2, 0), how="inline")], subject="第二次写实表", state="returned", expect=["form-changed@2"])
    story.send("street-2-without-units", v, "5-19 18:30", [file("写实表2改.docx", files.without_column(v, [a.again, b.row]), v, "2")], subject="第二次写实表改", state="returned", expect=["form-changed@2"])
    story.send("street-2", v, "5-20 18:30", [story.progress(v, "2", [a.again, b.row], "写实表2再改.docx", unit=v, how="inline")], subject="第二次写实表再改", body="这回用的是原表")
    story.send("street-3", v, "5-31 18:30", [story.progress(v, "3", [a.row, b.again, c.row], "写实表3.docx", unit=v, split_after=2, headings_again=True)], subject="第三次写实表")
    story.send("street-statistics-below-nothing", v, "6-06 18:30", [story.statistics(v, ("2", "130", "-1", "-3", "1", "30"), "统计表.docx")], subject="统计表", state="returned", expect=["cell-not-number@statistics"])
    story.send("street-statistics", v, "6-07 18:30", [story.statistics(v, ("2", "130", "0", "0", "1", "30"), "统计表.docx")], subject="统计表（更正）")
    story.send("street-summary", v, "6-07 18:40", [story.summary(v, "社区总结（打印稿）.docx")], subject="总结")
    story.send("street-two-photos", v, "6-08 18:30", story.photos(v, 2), subject="照片", state="returned", expect=["photo-count@photos"])
    story.send("street-third-photo-and-a-short-film", v, "6-09 18:30", [*story.photos(v, 1), story.video(v, "社区视频.mp4", seconds=4)], subject="照片、视频", expect=["video-short@video"])
