# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The villages of the east: two that end alike, two under one clerk, and 旗杆营子, which cannot keep to a form."""

from __future__ import annotations

from dataclasses import replace

from tests.heldout.forms import Row, row
from tests.heldout.mails import Sent, file
from tests.heldout.pictures import film, jpeg, scan
from tests.heldout.plans import gbk_zip, utf8_zip
from tests.heldout.word import prose
from tests.strangers import fifth_files as files
from tests.strangers import fourth_files
from tests.strangers.story import Story

_ROW = ("activity-no-time", "activity-no-place", "activity-no-people", "activity-no-content", "activity-photos")


def letter(village: str, state: str, points: str) -> str:
    """What we wrote, as it stands under an answer to it."""
    return (
        f"\n\n\n------------------ 原始邮件 ------------------\n发件人: \"计生协办公室\" <jsxb@office.example>;\n主题: 【{state}】{village} 5·29会员活动月材料\n\n"
        f"{village}：\n　　来件收悉。以下材料需要补正，请改好后回复本邮件并附上文件：\n{points}\n　　写实表请于5月31日前报送，统计表、活动总结、照片、视频请于6月10日前报送。如有附件漏发，请补发。\n街道计划生育协会办公室"
    )


def tell(story: Story) -> None:
    """All of them."""
    _hill(story)
    _behind(story)
    _flagpole(story, _burrows(story))


def _hill(story: Story) -> None:
    """靠山屯: all as asked. Old Word, files named by the notice's appendix, an answer to a reminder, pictures in the page."""
    v = "靠山屯村"
    text = story.text(v, "plans", "靠山屯村5.29会员活动月实施方案")
    story.send("hill-plan-doc", v, "5-04 09:20", [file("靠山屯方案.doc", files.doc(text), v, "plan")], subject="靠山屯村5.29方案")
    a, b, c, d, e = story.deeds("5-03", "5-06", "5-13", "5-22", "5-27")
    story.send("hill-1-named-appendix", v, "5-09 10:00", [story.progress(v, "1", [a.row, b.row], "附件1.docx")], subject="靠山屯村", body="")
    circular = "\n\n\n在2023年05月17日 09:00，\"计生协办公室\" 写道：\n> 各村：第二次写实表（5月20日）还差后靠山屯村、永红村、团结社区未报，请抓紧。附件为空白表样。\n> 街道计划生育协会办公室"
    story.send("hill-2-under-a-reminder", v, "5-18 11:05", [story.progress(v, "2", [a.again, b.row, c.row], "附件1(1).docx", how="inline")], subject="回复：【催报】写实表", body="报上，早就整好了，今天才倒出空儿。" + circular, headers=["In-Reply-To: <reminder.517@office.example>"])
    third = story.progress(v, "3", [a.row, b.again, c.again, d.row, e.row], "附件1(2).docx", how="floating")
    story.send("hill-3-and-again-in-a-zip", v, "5-30 16:00", [third, utf8_zip("附件1.zip", [("附件1(2).docx", third.octets, v, "3")], junk=False)], subject="靠山屯5月31日写实表", body="怕打不开，又压缩了一份")
    story.send("hill-statistics-xls", v, "6-05 09:00", [file("附件2.xls", fourth_files.statistics_97(v, (3, 340, 1, 5, 1, 42)), v, "statistics")], subject="靠山屯村附件2")
    story.send("hill-summary-and-an-article", v, "6-06 09:00", [story.summary(v, "总结1.docx")], subject="靠山屯总结", body="总结在附件里。另外旗融媒公众号也发了我们的稿子，领导有空看看：https://mp.weixin.qq.com/s/3nq8ZkAbCdEf")
    pasted = [Sent(f"image{k}.jpg", jpeg(scene), v, ("photos",), cid=f"image{k}@hill", kind="image/jpeg") for k, scene in enumerate(story.scenes(4), 1)]
    page = "<p>精选照片4张：</p>" + "".join(f'<p><img src="cid:{each.cid}"></p>' for each in pasted)
    story.send("hill-photos-in-the-page", v, "6-07 09:30", pasted, subject="靠山屯村精选照片", body="精选照片4张：", html=page)
    story.send("hill-video", v, "6-07 09:40", [story.video(v, "微信视频2023-05-28_101530_123.mp4")], subject="靠山屯村视频1个", body="")


def _behind(story: Story) -> None:
    """后靠山屯: paper under the camera, a worse version after a better one, three photos in three mails, a link that will not last."""
    v = "后靠山屯村"
    story.send("behind-plan-scanned", v, "5-03 20:11", [file("后屯方案（盖章扫描件）.pdf", scan(story.scenes(1)[0]), v, "plan")], subject="后屯方案", state="returned", expect=["text-too-short|file-format@plan"])
    story.send("behind-plan", v, "5-05 20:11", [story.plan(v, name="后屯方案.docx")], subject="回复：【请补正】后靠山屯村 5·29会员活动月材料（1项）", body="word版的来了" + letter(v, "请补正", "　　1. 活动月实施方案：扫描件读不出文字，请改报Word文档。"))
    story.send("behind-1-on-paper", v, "5-09 20:30", [file("后屯写实表.jpg", files.paper(story.scenes(1)[0]), v, "1")], subject="后屯写实表", body="手写的拍了照", state="returned", expect=["file-format@1"])
    a, b, c, d = story.deeds("5-05", "5-08", "5-17", "5-26")
    story.send("behind-1", v, "5-10 22:40", [file("后屯写实表.docx", files.half_filled(v, [a.row, b.row]), v, "1")], subject="后屯写实表", body="闺女帮着打出来了")
    bad = [row(story.phrase("no_place").format(t="5月12日"), *story.scenes(2)), row(story.phrase("no_content").format(t="5月15日"), *story.scenes(2))]
    story.send("behind-2-two-lacks", v, "5-19 20:00", [story.progress(v, "2", [a.again, b.again, *bad], "后屯写实表2.docx", how="inline")], subject="后屯第二次写实表", state="returned", expect=["activity-no-place@2", "activity-no-content@2"])
    mended = [row("5月12日，村部会议室，县医院专家5名为一百余名群众免费看病拿药。", *bad[0].scenes), row("5月15日，村部会议室，村两委班子成员七人研究慰问名单，商定慰问品。", *bad[1].scenes)]
    story.send("behind-2-answering-us", v, "5-20 21:00", [story.progress(v, "2", [a.again, b.again, *mended, c.row], "后屯写实表2.docx", how="inline")], subject="回复：【请补正】后靠山屯村 5·29会员活动月材料（1项）", body="改完了" + letter(v, "请补正", "　　1. 第二次写实表（5月20日）：第3行没有写地点；第4行没有写做了什么。"), headers=["In-Reply-To: <baosong.e71@office.example>"])
    whole = [a.row, b.row, *mended, c.again, d.row]
    story.send("behind-3", v, "5-30 20:00", [story.progress(v, "3", whole, "后屯写实表3.docx", how="vml")], subject="后屯第三次写实表")
    story.send("behind-3-worse", v, "5-31 08:00", [story.progress(v, "3", [a.row, *mended, c.again, d.row], "后屯写实表3新.docx", how="inline")], subject="后屯第三次写实表以这个为准", body="把照片换了换", expect=["not-cumulative@3"], state="accepted")
    story.send("behind-statistics-people-without-event", v, "6-06 20:00", [story.statistics(v, ("4", "210", "0", "6", "1", "30"), "后屯统计表.docx")], subject="后屯统计表", expect=["figures-inconsistent@statistics"], sender="houtun_kj@163.example")
    story.send("behind-summary-wps", v, "6-06 20:20", [file("后屯总结.wps", files.doc(story.text(v, "summaries", "后靠山屯村5.29会员活动月总结")), v, "summary")], subject="后屯总结", sender="houtun_kj@163.example")
    for number, (when, state, expect) in enumerate((("6-07 20:00", "returned", ["photo-count@photos"]), ("6-07 20:03", "returned", ["photo-count@photos"]), ("6-07 20:07", "accepted", []))):
        story.send(f"behind-photo-{number + 1}", v, when, [file(f"mmexport168613{number}41902.jpg", jpeg(story.scenes(1)[0]), v, "photos")], subject=f"后屯照片{number + 1}", body="一次只能发一张" if number == 0 else "", state=state, expect=expect, sender="houtun_kj@163.example")
    story.send("behind-video-at-baidu", v, "6-08 20:00", subject="后屯视频", body="通过百度网盘分享的文件：后屯视频.mp4\n链接：https://pan.baidu.com/s/1aBcDeFgHiJk?pwd=h8t6 提取码：h8t6\n链接7天内有效\n--来自百度网盘超级会员V1的分享", expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"}, sender="houtun_kj@163.example")
    story.send("behind-video", v, "6-09 20:00", [story.video(v, "后屯视频.mp4")], subject="后屯视频压缩了一下，能发了", body="网盘那个不用下了", sender="houtun_kj@163.example")


def _burrows(story: Story) -> Row:
    """三道窝堡 and 四道窝堡: one clerk, who also sends for 旗杆营子 once; a picture lent, a summary lent. That row of 旗杆营子's."""
    v, w, other = "三道窝堡村", "四道窝堡村", "旗杆营子村"
    either = ["village-mismatch"]
    story.send("burrows-plans", v, "5-05 08:30", [story.plan(v, name="三道方案.docx"), story.plan(w, name="四道方案.docx")], subject="三道窝堡、四道窝堡方案", allow=either)
    a, b, c = story.deeds("5-04", "5-15", "5-24")
    e, f, g = story.deeds("5-05", "5-16", "5-28")
    [flag] = story.deeds("5-07")
    table = file("旗杆营子.docx", story.table(other, [flag.row], unit=other, how="inline"), other, "1")
    first = [file("三道窝堡.docx", story.table(v, [a.row], unit=v), v, "1"), file("四道窝堡.docx", story.table(w, [e.row], unit=w), w, "1"), table]
    story.send("burrows-1-for-three", v, "5-10 09:00", first, subject="三道窝堡村、四道窝堡村、旗杆营子村写实表", body="旗杆营子网断了，一块儿捎上", allow=either)
    story.send("burrows-2-three", v, "5-19 09:00", [story.progress(v, "2", [a.again, b.row], "写实表.docx", unit=v)], subject="三道窝堡", body="")
    joint = row("5月18日，四道窝堡村部，与三道窝堡村联合开展孝老故事会，两村老人会员四十四名登台讲述，评出金嗓子3名。", *story.scenes(2))
    story.send("burrows-2-four", w, "5-20 09:00", [story.progress(w, "2", [e.again, f.row, joint], "写实表（5.20）.docx", unit=w, how="inline")], subject="四道窝堡写实表", body="其中一项是跟三道窝堡村一起搞的")
    story.send("burrows-3-three", v, "5-30 09:00", [story.progress(v, "3", [a.row, b.row, c.row], "三道5.31.docx", unit=v, how="inline")], subject="三道窝堡5.31")
    lent = replace(g.row, scenes=(g.row.scenes[0], c.row.scenes[1]))
    story.send("burrows-3-four-lends", w, "5-31 09:00", [story.progress(w, "3", [e.row, f.again, joint, lent], "四道5.31.docx", unit=w, how="inline")], subject="四道窝堡5.31", expect=["photo-reused@3"], state="accepted|review")
    members = [("三道窝堡/统计表.docx", story.statistics(v, ("2", "96", "0", "0", "1", "23")).octets, v, "statistics"), ("四道窝堡/统计表.docx", story.statistics(w, ("3", "141", "1", "2", "1", "31")).octets, w, "statistics")]
    story.send("burrows-statistics-in-folders", v, "6-05 09:00", [gbk_zip("两村统计表.zip", members, directories=["三道窝堡", "四道窝堡"])], subject="三道窝堡村、四道窝堡村统计表", allow=either)
    text = story.text(v, "summaries", "三道窝堡村5.29会员活动月总结")
    story.send("burrows-summary-three", v, "6-06 09:00", [file("总结.docx", prose(text), v, "summary")], subject="三道窝堡总结")
    story.send("burrows-summary-four-copied", w, "6-06 11:00", [file("总结.doc", files.doc(text.replace("三道窝堡", "四道窝堡").replace("五十八", "四十九")), w, "summary")], subject="四道窝堡总结", expect=["text-copied@summary"])
    one, two = story.scenes(3), story.scenes(4)
    sizes = {3: (420, 560), 4: (1080, 810)}
    pictures = [(f"三道窝堡/照片{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(one, 1)]
    pictures += [(f"四道窝堡/照片{k}.jpg", jpeg(scene, sizes.get(k, (1080, 810)), blurred=k == 4), w, "photos") for k, scene in enumerate(two, 1)]
    story.send("burrows-photos", v, "6-07 09:00", [utf8_zip("照片.zip", pictures)], subject="三道、四道窝堡照片", body="三道窝堡3张，四道窝堡4张", allow=either, expect=["photo-small@photos", "photo-blurred@photos"])
    story.send("burrows-video-three", v, "6-08 09:00", [story.video(v, "IMG_0913.MOV", container="mov")], subject="三道窝堡村视频", client="iphone", body="")
    story.send("burrows-video-four", w, "6-08 10:00", [story.video(w, "四道窝堡.mp4", seconds=3)], subject="四道窝堡村视频", expect=["video-short@video"])
    return flag.row


def _flagpole(story: Story, flag: Row) -> None:
    """旗杆营子: its name in a letterhead alone; the table on its side, a row too rich, a heading renamed, a report in the mail itself."""
    v = "旗杆营子村"
    text = story.text(v, "plans", "5.29会员活动月实施方案", opening="根据上级文件精神，结合本地实际，制定本方案。").replace(f"\n{v}\n", "\n").replace(f"以上是{v}的实际情况", "以上是实际情况")
    assert "旗杆营" not in text
    story.send("flag-plan-letterhead", v, "5-04 19:00", [file("扫描全能王 2023-05-04.docx", files.letter("巴彦旗四方台镇旗杆营子村民委员会文件", text), v, "plan")], subject=None, body="", sender="sun_xiaomei88@qq.example", nick="小美", expect=["sender-unregistered"])
    b, c, d = story.deeds("5-11", "5-16", "5-25")
    story.send("flag-2-sideways", v, "5-19 18:00", [file("旗杆营写实表.docx", files.sideways(v, [flag, b.row, c.row]), v, "2")], subject="旗杆营写实表", state="returned", expect=["form-changed@2"], allow=[f"{code}@2" for code in (*_ROW, "no-activity", "unit-blank")])
    story.send("flag-2-late", v, "5-21 07:30", [story.progress(v, "2", [flag, b.row, c.row], "旗杆营写实表（竖版）.docx", how="inline")], subject="旗杆营写实表改竖版了", state="accepted late", expect=["late@2"])
    rich = replace(d.row, scenes=(*d.row.scenes, *story.scenes(3)))
    story.send("flag-3-too-many-photos", v, "5-31 18:00", [story.progress(v, "3", [flag, b.again, c.row, rich], "旗杆营写实表5.31.docx", how="inline")], subject="旗杆营5.31写实表", state="returned", expect=["activity-photos@3"])
    story.send("flag-3-late", v, "6-01 08:30", [story.progress(v, "3", [flag, b.again, c.row, d.row], "旗杆营写实表5.31改.docx", merged_unit=True)], subject="旗杆营5.31写实表，多的照片删了", state="accepted late", expect=["late@3"])
    renamed = files.statistics_renamed(v, ("3", "150", "0", "0", "1", "40"), "慰问人数", "走访户数")
    story.send("flag-statistics-renamed", v, "6-06 18:00", [file("旗杆营统计表.docx", renamed, v, "statistics")], subject="旗杆营统计表", state="returned", expect=["form-changed@statistics"], allow=["cell-blank@statistics"])
    story.send("flag-statistics", v, "6-07 18:00", [story.statistics(v, ("3", "150", "0", "0", "1", "40"), "旗杆营统计表.docx")], subject="旗杆营统计表用回原表了")
    story.send("flag-summary-in-the-mail", v, "6-07 18:20", subject="旗杆营子村活动总结", body=story.text(v, "summaries", "旗杆营子村5.29会员活动月总结"), expect=["attachment-missing|file-format"], allow=["file-format@summary"], leaves={})
    story.send("flag-summary", v, "6-08 18:20", [story.summary(v, "旗杆营总结.docx")], subject="旗杆营总结，附件形式")
    story.send("flag-photos-six", v, "6-09 18:00", [file(f"旗杆营{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(6), 1)], subject="旗杆营照片", expect=["photo-count@photos"])
    story.send("flag-video-in-a-zip", v, "6-09 18:10", [utf8_zip("旗杆营子视频.zip", [("旗杆营子视频/DSC_0021.avi", film(story.scenes(1)[0], container="avi"), v, "video")])], subject="旗杆营视频")
