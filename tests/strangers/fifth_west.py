# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The villages of the west: 营子 by telephone, 朝阳堡 with care and 向阳堡 with 朝阳堡's care, 长发 in haste, 永红 without a name."""

from __future__ import annotations

from dataclasses import replace

from tests.heldout.forms import row
from tests.heldout.mails import Sent, file, forwarded
from tests.heldout.pictures import film, jpeg, other_format
from tests.heldout.plans import gbk_zip
from tests.heldout.word import prose
from tests.strangers import fifth_files as files
from tests.strangers import fourth_files, mess
from tests.strangers.fifth_east import letter
from tests.strangers.story import Story


def tell(story: Story) -> None:
    """All of them."""
    _camp(story)
    plan, picture = _sunrise(story)
    _sunward(story, plan, picture)
    _long(story)
    _red(story)


def _camp(story: Story) -> None:
    """营子: a plan of two lines, the blank form, a row without a day; a text file, pictures of another kind, a film cut off."""
    v = "营子村"
    story.send("camp-plan-two-lines", v, "5-04 06:10", [file("营子方案.docx", prose("营子村5.29会员活动月实施方案\n我村将按照镇里通知要求，认真组织开展各项活动，做到人人参与、户户知晓，确保取得实效。"), v, "plan")], subject="营子村方案", state="returned", expect=["text-too-short@plan"])
    story.send("camp-plan-late", v, "5-06 06:10", [story.plan(v, name="营子方案2.docx")], subject="营子村方案 写长了", state="accepted late", expect=["late@plan"])
    story.send("camp-1-blank", v, "5-09 06:10", [file("1683583800000.docx", fourth_files.blank_progress(v), v, "1")], subject="营子村", body="写实表", state="returned", expect=["no-activity@1"])
    a, b, c, d = story.deeds("5-05", "5-07", "5-16", "5-29")
    story.send("camp-1-just-before-midnight", v, "5-10 23:52", [story.progress(v, "1", [a.row, b.row], "1683733920000.docx", unit=v)], subject="营子村写实表", body="刚才那个是空的，这个是填好的")
    idle = row(story.phrase("no_time"), *story.scenes(2))
    story.send("camp-2-no-day", v, "5-18 06:10", [story.progress(v, "2", [a.again, b.row, idle, c.row], "1684361400000.docx", unit=v, how="inline")], subject="营子村写实表", body="", state="returned", expect=["activity-no-time@2"])
    timed = row("5月13日，旗杆营小学操场，一百三十名学生观看禁毒展板，民警现场讲解。", *idle.scenes)
    story.send("camp-2", v, "5-18 19:10", [story.progress(v, "2", [a.again, b.row, timed, c.row], "1684408200000.docx", unit=v, how="inline")], subject="更正：营子村写实表", body="日期填上了")
    story.send("camp-3-late", v, "6-02 06:10", [story.progress(v, "3", [a.row, b.again, timed, c.again, d.row], "1685657400000.docx", unit=v, how="grouped")], subject="营子村写实表", state="accepted late", expect=["late@3"])
    story.send("camp-statistics-half", v, "6-06 06:10", [story.statistics(v, ("4", "330", "", "", "1", ""), "1686003000000.docx")], subject="营子村统计表", state="returned", expect=["cell-blank@statistics"], sender="yingzi_fn@qq.example")
    story.send("camp-statistics", v, "6-06 20:10", [story.statistics(v, ("4", "330", "0", "0", "1", "28"), "1686053400000.docx")], subject="营子村统计表 补全", sender="yingzi_fn@qq.example")
    text = story.text(v, "summaries", "营子村5.29会员活动月总结")
    story.send("camp-summary-txt", v, "6-07 06:10", [file("营子村总结.txt", text.encode("gbk"), v, "summary")], subject="营子村总结", state="returned", expect=["file-format@summary"], sender="yingzi_fn@qq.example")
    story.send("camp-summary", v, "6-08 06:10", [file("营子村总结.docx", prose(text), v, "summary")], subject="营子村总结word", sender="yingzi_fn@qq.example")
    story.send("camp-photos-webp", v, "6-08 06:20", [file(f"wx_camera_16861{k}.jpg", other_format(scene, "WEBP"), v, "photos") for k, scene in enumerate(story.scenes(3))], subject="营子村照片", state="returned", expect=["photo-format@photos", "file-mislabelled@photos"], allow=["photo-count@photos"], sender="yingzi_fn@qq.example")
    story.send("camp-photos", v, "6-09 06:20", [file(f"营子村照片{k}.jpg", files.strip(scene) if k == 3 else jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(3), 1)], subject="营子村照片 转好格式了", sender="yingzi_fn@qq.example")
    story.scenes(3)  # the long picture is made of three
    story.send("camp-video-cut-off", v, "6-10 22:00", [file("营子村视频.mp4", film(story.scenes(1)[0])[:11_000], v, "video")], subject="营子村视频", state="returned", expect=["video-unreadable|file-unreadable@video"], sender="yingzi_fn@qq.example")
    story.send("camp-video-late", v, "6-11 09:00", [story.video(v, "营子村视频.mp4")], subject="营子村视频重新发", state="accepted late", expect=["late@video"], sender="yingzi_fn@qq.example")


def _sunrise(story: Story) -> tuple[str, int]:
    """朝阳堡: all as asked, in packets and under its old name. Its plan and one of its pictures, for others to copy."""
    v, second = "朝阳堡社区", "cybjw@163.example"
    text = story.text(v, "plans", "朝阳堡社区5.29会员活动月实施方案")
    story.send("rise-plan-wps", v, "5-04 15:00", [file("实施方案.wps", files.doc(text), v, "plan")], subject="朝阳堡村实施方案")
    a, b, c, d, e = story.deeds("5-02", "5-06", "5-14", "5-20", "5-25")
    pair = row(f"1、{a.row.text}\n2、{b.row.text}", *a.row.scenes, *b.row.scenes)
    story.send("rise-1-two-in-a-cell", v, "5-09 15:00", [story.progress(v, "1", [pair], "朝阳堡村写实表.docx", unit="朝阳堡村")], subject="朝阳堡村写实表")
    passed = "各位：材料见附件。\n\n---------- 转发邮件信息 ----------\n发件人：朝阳堡网格员 <wangge@cyb.example>\n发送日期：2023-05-19 14:22:10\n收件人：cybjw@163.example\n主题：朝阳堡居委会第二次写实表\n\n主任，写实表改好了，照片也插进去了，附件里。"
    story.send("rise-2-passed-on", v, "5-19 16:00", [story.progress(v, "2", [pair, c.row], "写实表（终稿）.docx", unit="朝阳堡居委会", how="floating")], subject="转发：朝阳堡居委会第二次写实表", body=passed, sender=second, client="coremail")
    story.send("rise-3", v, "5-31 10:00", [story.progress(v, "3", [pair, c.again, d.row, e.row], "5.31.docx", unit=v, nested=True)], subject="朝阳堡社区5.31写实表")
    scenes = story.scenes(5)
    members = [
        ("朝阳堡社区/1.统计表.xlsx", story.statistics(v, ("4", "420", "0", "0", "1", "46"), excel=True).octets, v, "statistics"),
        ("朝阳堡社区/2.总结.docx", story.summary(v).octets, v, "summary"),
        *((f"朝阳堡社区/3.照片/{k}.JPG", jpeg(scene, taken=f"2023:05:1{k} 09:30:00"), v, "photos") for k, scene in enumerate(scenes, 1)),
        ("朝阳堡社区/4.视频/活动视频.mp4", film(story.scenes(1)[0]), v, "video"),
    ]
    story.send("rise-june", v, "6-08 15:00", [gbk_zip("朝阳堡社区6月10日材料.zip", members, directories=["朝阳堡社区", "朝阳堡社区/3.照片", "朝阳堡社区/4.视频"])], subject="朝阳堡社区6月10日材料（统计表、总结、照片、视频）")
    story.again("rise-june-again", story.mails[-1], "6-08 15:09", dispositions=("ignored", "submission"), answered=False, expected=(), leaves={})
    return text, scenes[1]


def _sunward(story: Story, plan: str, picture: int) -> None:
    """向阳堡: its neighbour's plan, its neighbour's name, its neighbour's picture; last month's fires for a summary; a film forgotten."""
    v = "向阳堡村"
    story.send("ward-plan-copied", v, "5-05 10:30", [file("向阳堡村实施方案.docx", prose(plan.replace("朝阳堡社区", v)), v, "plan")], subject="向阳堡村实施方案", expect=["text-copied@plan"])
    a, b, c = story.deeds("5-06", "5-15", "5-27")
    again = ["photo-reused@1", "photo-reused@2", "photo-reused@3"]
    story.send("ward-1-anothers-name", v, "5-09 08:00", [file("写实表.docx", story.table("朝阳堡社区", [a.row], unit="朝阳堡社区", how="inline"), "朝阳堡社区", "1")], subject="向阳堡写实表", expect=["village-mismatch"])
    story.send("ward-1", v, "5-10 08:00", [story.progress(v, "1", [a.row], "写实表.docx", unit=v, how="inline")], subject="向阳堡写实表", body="昨天单位填错了，重报，以这次为准", allow=again)
    bad = row(story.phrase("no_people").format(t="5月12日"), *story.scenes(2))
    story.send("ward-2-nobody", v, "5-20 08:00", [story.progress(v, "2", [a.row, bad, b.row], "向阳堡写实表2.docx", unit=v, how="inline")], subject="向阳堡写实表2", state="returned", expect=["activity-no-people@2"], allow=again)
    said = row("5月12日，村北头文化墙，退休教师和会员5人画上了婚育新风漫画十二幅。", *bad.scenes)
    story.send("ward-3", v, "5-31 08:00", [story.progress(v, "3", [a.again, said, b.again, c.row], "向阳堡写实表3.docx", unit=v, how="inline")], subject="向阳堡写实表3", allow=again)
    story.send("ward-statistics-too-many", v, "6-07 08:00", [story.statistics(v, ("45", "3800", "21", "60", "30", "700"), "向阳堡统计表.docx")], subject="向阳堡统计表", expect=["figures-unlike-progress@statistics"])
    fires = f"{v}春季森林防火工作总结\n今年春防以来，我村成立二十人的扑火队，购置风力灭火机四台、铁锹六十把，在进山路口设卡三处，登记进山车辆一千二百台次，清理林下可燃物三十亩，劝阻烧秸秆十一起。清明、五一两个关键时段，村干部分片包干、吃住在卡点，实现零火情。下一步继续加强巡护，做好秋防准备，对设备逐台保养，对护林员再培训一遍，对林缘坟头逐个登记造册，责任落实到人。\n{v}\n2023年6月"
    story.send("ward-summary-of-fires", v, "6-08 08:00", [file("向阳堡总结.docx", prose(fires), v, "summary")], subject="向阳堡总结", expect=["text-off-topic@summary"])
    own = [file(f"向阳堡{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(2), 1)]
    story.send("ward-photos-one-lent", v, "6-09 08:00", [*own, file("向阳堡3.jpg", fourth_files.handed_round(picture, size=(1080, 810), quality=50), v, "photos")], subject="向阳堡照片3张", expect=["photo-reused@photos"], state="accepted|review")
    story.send("ward-video-forgotten", v, "6-10 08:00", subject="向阳堡村视频", body="活动视频见附件，请查收。", expect=["attachment-missing"], leaves={})


def _long(story: Story) -> None:
    """长发: a minute too late, a day too early, a column too many, a file of pictures, two films, and a summary never written."""
    v = "长发村"
    story.send("long-plan-late", v, "5-06 00:07", [story.plan(v, name="长发方案.docx")], subject="长发村方案", state="accepted late", expect=["late@plan"])
    a, b, c, d = story.deeds("5-04", "5-08", "5-17", "5-26")
    early = row("4月26日，村部会议室，会员二十一名学习章程，讨论活动月怎么搞。", *story.scenes(2))
    story.send("long-1-of-april", v, "5-10 13:00", [story.progress(v, "1", [early, a.row, b.row], "长发写实表.docx", unit=v, how="inline")], subject="长发写实表", expect=["activity-date-outside@1"])
    story.send("long-2-serial-number", v, "5-19 13:00", [story.progress(v, "2", [early, a.again, b.row, c.row], "长发写实表2.docx", unit=v, extra=("序号",), how="inline")], subject="长发第二次写实表", state="returned", expect=["form-changed@2"], allow=["activity-date-outside@2"])
    story.send("long-2", v, "5-20 13:00", [story.progress(v, "2", [early, a.again, b.row, c.row], "长发写实表2.docx", unit=v, how="inline")], subject="长发第二次写实表", body="序号去掉了，大家都是团结协作弄的", expect=["activity-date-outside@2"])
    story.send("long-3", v, "5-31 13:00", [story.progress(v, "3", [early, a.row, b.again, c.again, d.row], "长发写实表3.docx", unit=v, how="grouped")], subject="长发第三次写实表", expect=["activity-date-outside@3"])
    story.send("long-statistics-none", v, "6-07 13:00", [story.statistics(v, ("4", "270", "无", "无", "1", "35"), "长发统计表.docx")], subject="长发统计表", state="returned", expect=["cell-not-number@statistics"])
    story.send("long-statistics-answering-us", v, "6-08 13:00", [story.statistics(v, ("4", "270", "0", "0", "1", "35"), "长发统计表.docx")], subject="回复: 【请补正】长发村 5·29会员活动月材料（1项）", body="无改成0了" + letter(v, "请补正", "　　1. 信息统计表：慰问服务场次、慰问人数填的不是数字。"))
    story.send("long-summary-of-a-line", v, "6-08 13:10", [file("长发总结.docx", prose("长发村5.29会员活动月总结\n活动月圆满结束，感谢领导支持，明年再接再厉。"), v, "summary")], subject="长发总结", state="returned", expect=["text-too-short@summary"])
    story.send("long-photos-in-word", v, "6-09 13:00", [file("长发照片.docx", mess.album(story.scenes(3)), v, "photos")], subject="长发照片", state="returned", expect=["file-format@photos"], allow=["photo-count@photos"], sender="cf_zg@qq.example")
    story.send("long-photos", v, "6-10 13:00", story.photos(v, 3), subject="长发照片 单独发的jpg", sender="cf_zg@qq.example")
    story.send("long-two-films", v, "6-10 13:20", [story.video(v, "长发上集.mp4"), story.video(v, "长发下集.mp4")], subject="长发视频上下集", expect=["video-count@video"], sender="cf_zg@qq.example")


def _red(story: Story) -> None:
    """永红: files that are called nothing; a unit left blank; the third round's name on the second round's table."""
    v = "永红村"
    story.send("red-plan", v, "5-02 21:00", [story.plan(v, name="文档.docx")], subject="永红村", body="")
    a, b, c = story.deeds("5-04", "5-15", "5-26")
    story.send("red-1-unit-blank", v, "5-09 21:00", [file("文档 2.docx", story.table("", [replace(a.row, unit="")], unit="", how="inline"), v, "1")], subject="永红村写实表", body="", state="returned", expect=["unit-blank@1"])
    story.send("red-1-answering-us", v, "5-10 12:30", [story.progress(v, "1", [a.row], "文档 2.docx", unit=v, how="inline")], subject="回复：【请补正】永红村 5·29会员活动月材料（1项）", body="单位写上了\n\n发自我的iPhone" + letter(v, "请补正", "　　1. 第一次写实表（5月10日）：单位没有填写。"))
    two = story.table(v, [a.again, b.row], unit=v, how="inline")
    story.send("red-2-called-the-third", v, "5-19 21:00", [file("永红村第三次写实表.docx", two, v, "3")], subject="永红村写实表", body="")
    story.send("red-2", v, "5-20 21:00", [story.progress(v, "2", [a.row, b.again], "永红村第二次写实表.docx", unit=v, how="inline")], subject="永红村第二次写实表", body="昨天名字写错了，是第二次")
    story.send("red-3", v, "5-31 21:00", [story.progress(v, "3", [a.again, b.row, c.row], "永红村第三次写实表(1).docx", unit=v, how="floating")], subject="永红村第三次写实表", body="")
    story.send("red-statistics-with-units", v, "6-06 21:00", [story.statistics(v, ("2场", "约95人", "0场", "0人", "1场", "26人"), "文档 5.docx", excel=False)], subject="永红村统计表")
    story.send("red-summary-rtf", v, "6-06 21:10", [file("文档 6.rtf", mess.rtf(story.text(v, "summaries", "永红村5.29会员活动月总结").split("\n")), v, "summary")], subject="永红村总结", body="")
    old = [file(f"IMG_05{k}.jpeg", jpeg(scene, taken="2022:05:28 10:20:30" if k == 7 else "2023:05:15 10:20:30"), v, "photos") for k, scene in enumerate(story.scenes(3), 6)]
    story.send("red-photos-one-of-last-year", v, "6-07 21:00", old, subject="永红村照片", body="", expect=["photo-date-outside@photos"])
    inner = forwarded(subject="视频", sender="daxuesheng@qq.example", body="姐，视频剪好了", files=[Sent("yonghong.mov", film(story.scenes(1)[0], container="mov"), v, ("video",))], when="6-08 20:00")
    story.send("red-video-passed-on", v, "6-08 21:00", [inner], subject="永红村视频", body="")
