# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The villages in the hills, 红岩子 to 永兴: one clerk for two, a reporter of nothing, a careful old man, strangers' phones."""

from __future__ import annotations

from dataclasses import replace

from tests.content.compound import word_97
from tests.heldout.forms import row
from tests.heldout.mails import Sent, file, forwarded
from tests.heldout.pictures import film, jpeg, other_format
from tests.heldout.plans import gbk_zip
from tests.heldout.word import Word, pack, prose
from tests.strangers import fourth_files as files
from tests.strangers import fourth_post as post
from tests.strangers import mess
from tests.strangers.story import Story


def tell(story: Story, lent: int) -> None:
    """All of them; one lends a neighbour's picture."""
    _rock_child(story)
    _dragons(story)
    _pass(story)
    _cat(story)
    _well(story)
    _ever(story, lent)


def _rock_child(story: Story) -> None:
    """红岩子: five seconds late with its plan; a section of the form thought superfluous; a film of no bytes."""
    v = "红岩子村"
    story.send("child-plan-five-seconds-late", v, "5-06 00:00:05", [story.plan(v, name="红岩子方案.docx")], subject="红岩子方案", state="accepted late", expect=["late@plan"], date="Fri, 5 May 2023 23:59:58 +0800")
    post.dress(story, utc=True)
    a, b, c, d = story.deeds("5-02", "5-07", "5-15", "5-29")
    story.send("child-1", v, "5-10 17:00", [story.progress(v, "1", [a.row, b.row], "红岩子写实表.docx", merged_unit=True)], subject="红岩子写实表")
    idle = row(story.phrase("no_time"), *story.scenes(2))
    story.send("child-2-one-photo-and-four", v, "5-20 17:00", [story.progress(v, "2", [a.again, replace(b.again, scenes=b.again.scenes[:1]), replace(c.row, scenes=(*c.row.scenes, *story.scenes(2))), idle], "红岩子写实表2.docx", how="inline")], subject="红岩子写实表2", state="returned", expect=["activity-photos@2", "activity-no-time@2"])
    timed = row("5月12日，" + "中心校操场，师生一百余人听防溺水讲座。", *idle.scenes)
    story.send("child-2-late", v, "5-21 07:00", [story.progress(v, "2", [a.again, b.again, c.row, timed], "红岩子写实表2（改）.docx", how="inline")], subject="红岩子写实表2改好了", state="accepted late", expect=["late@2"])
    four = [a.row, b.row, c.again, timed, d.row]
    story.send("child-3-unit-blank", v, "5-31 12:00", [file("写实表3.docx", story.table("", [replace(each, unit="") for each in four if each is not timed], unit="", how="inline"), v, "3")], subject="写实表3", body="", state="returned", expect=["unit-blank@3", "not-cumulative@3"])
    story.send("child-3", v, "5-31 17:00", [story.progress(v, "3", four, "写实表3.docx", unit=v, how="inline")], subject="写实表3", body="单位补上了")
    story.send("child-statistics-a-section-short", v, "6-08 17:00", [file("红岩子统计表.xlsx", files.statistics_short(v, (4, 320, 1, 7)), v, "statistics")], subject="红岩子统计表", state="returned", expect=["form-changed@statistics"], allow=["cell-blank@statistics"])
    story.send("child-statistics-and-summary", v, "6-10 17:00", [story.statistics(v, ("4", "320", "1", "7", "0", "0"), "红岩子统计表（新）.docx"), file("红岩子总结.wps", story.summary(v).octets, v, "summary")], subject="红岩子统计表、总结", allow=["file-mislabelled@summary"])
    scenes = story.scenes(3)
    pictures = [*(file(f"IMG_0{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(scenes, 1)), file("微信图片_20230610.jpg", files.handed_round(scenes[0]), v, "photos")]
    story.send("child-photos-one-twice-and-an-empty-film", v, "6-10 17:10", [*pictures, file("红岩子视频.mp4", b"", v, "video")], subject="红岩子照片、视频", expect=["photo-duplicate@photos", "file-empty@video"], leaves={(v, "photos"): "accepted", (v, "video"): "returned"})
    story.send("child-video-late", v, "6-11 08:30", [story.video(v, "红岩子视频.mp4")], subject="红岩子视频重传", state="accepted late", expect=["late@video"])


def _dragons(story: Story) -> None:
    """石龙 and 龙石: the same signs, the same clerk, one mail for both."""
    v, w = "石龙村", "龙石村"
    either = ["village-mismatch"]
    both = [("石龙/方案.docx", story.plan(v).octets, v, "plan"), ("龙石/方案.docx", story.plan(w).octets, w, "plan")]
    story.send("dragons-plans-in-folders", v, "5-04 16:00", [gbk_zip("方案.zip", both, directories=["石龙", "龙石"])], subject="石龙、龙石两个村方案", allow=either)
    a, b, c = story.deeds("5-05", "5-14", "5-26")
    e, f, g = story.deeds("5-06", "5-16", "5-25")
    story.send("dragons-1", v, "5-10 16:00", [story.progress(v, "1", [a.row], "1.docx", unit=v), story.progress(w, "1", [e.row], "2.docx", unit=w)], subject="两个村的写实表", body="1是石龙，2是龙石", allow=either)
    story.send("dragons-2-one-blank", v, "5-19 16:00", [file("石龙.docx", files.blank_progress(v), v, "2"), file("龙石.docx", files.two_in_a_column(w, [e.again, f.row]), w, "2")], subject="石龙村、龙石村写实表", allow=either, expect=["no-activity@2"], leaves={(v, "progress@2023-05-20"): "returned", (w, "progress@2023-05-20"): "accepted"})
    story.send("dragons-2-the-other", v, "5-20 09:30", [story.progress(v, "2", [a.again, b.row], "石龙.docx", unit=v)], subject="石龙村写实表", body="昨天传成空表了", allow=either)
    april = row("4月20日上午，龙石村茶馆，会员15名学习协会章程。", *story.scenes(2))
    story.send("dragons-3-of-april", v, "5-31 16:00", [story.progress(v, "3", [a.row, b.again, c.row], "石龙（5.31）.docx", unit=v), story.progress(w, "3", [april, e.row, f.again, g.row], "龙石（5.31）.docx", unit=w)], subject="石龙村、龙石村写实表5.31", allow=either, expect=["activity-date-outside@3"])
    statistics = [file("石龙统计表.et", files.statistics_97(v, (2, 77, 0, 0, 1, 30)), v, "statistics"), story.statistics(w, ("3", "118", "0", "0", "1", "16"), "龙石统计表.docx")]
    story.send("dragons-statistics-and-summaries", v, "6-07 16:00", [*statistics, story.summary(v, "石龙总结.docx"), story.summary(w, "龙石总结.docx")], subject="石龙、龙石统计表和总结", allow=either)
    one, two = story.scenes(3), story.scenes(4)
    pictures = [jpeg(scene) for scene in one]
    members = [(f"照片/石龙/{k}.jpg", octets, v, "photos") for k, octets in enumerate(pictures, 1)]
    members += [("照片/石龙/1 - 副本.jpg", pictures[0], v, "photos")]
    members += [(f"照片/龙石/{k}.jpg", jpeg(scene, blurred=k == 4), w, "photos") for k, scene in enumerate(two, 1)]
    story.send("dragons-photos-in-folders", v, "6-08 16:00", [gbk_zip("照片.zip", members, directories=["照片", "照片/石龙", "照片/龙石"])], subject="石龙、龙石照片", allow=either, expect=["photo-duplicate@photos", "photo-blurred@photos"])
    page = mess.web_page("下载", ["文件已失效，请登录后重新下载"])
    story.send("dragons-films-one-a-page", v, "6-09 16:00", [file("石龙.3gp", film(story.scenes(1)[0], container="3gp"), v, "video"), file("龙石.mp4", page, w, "video")], subject="石龙、龙石视频", allow=[*either, "file-mislabelled@video"], expect=["video-unreadable|file-unreadable|file-format@video"], leaves={(v, "video"): "accepted", (w, "video"): "returned"})
    story.send("dragons-film-at-the-telecom", w, "6-10 16:00", subject="龙石村视频", body="龙石村视频放天翼云盘了 https://cloud.189.cn/t/Zjy6NnQf2eQr （访问码：w2k8）", expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(w, "video"): "review|returned"})


def _pass(story: Story) -> None:
    """垭口: reports that there is nothing, then a row of each kind of lack; an Excel where Word is asked."""
    v, second = "垭口村", "yk-zg@qq.example"
    word = Word()
    for line in story.text(v, "plans", "垭口村5.29会员活动月实施方案").split("\n"):
        word.add(word.paragraph(line))
    story.send("pass-plan-macro", v, "5-05 08:40", [file("垭口方案.docm", word.octets(macro=True), v, "plan")], subject="垭口方案", expect=["file-macro@plan"])
    story.send("pass-1-nothing", v, "5-10 08:40", subject="垭口村零报告", body="本期忙于栽秧，未开展活动，零报告。", disposition="submission|unrecognised|ignored", answered=None, allow=["attachment-missing", "no-activity"], leaves={(v, "1"): "missing|not-due"})
    a, b, c = story.deeds("5-12", "5-18", "5-28")
    lack = [
        row(story.phrase("no_place").format(t="5月13日"), *story.scenes(2)),
        row(story.phrase("no_people").format(t="5月14日"), *story.scenes(2)),
        replace(a.row, scenes=()),
    ]
    story.send("pass-2-every-lack", v, "5-20 08:40", [story.progress(v, "2", lack, "垭口5.20.docx", unit=v, how="inline")], subject="垭口5.20", state="returned", expect=["activity-no-place@2", "activity-no-people@2", "activity-photos@2"])
    mended = [
        row("5月13日，敬老院，五名志愿者为老人们理发、剪指甲。", *lack[0].scenes),
        row("5月14日，文化院坝，会员9人张贴优生优育挂图，播放广播两小时。", *lack[1].scenes),
        a.row,
    ]
    story.send("pass-2-last-second", v, "5-20 23:59:58", [story.progress(v, "2", [*mended, b.row], "垭口5.20改.docx", unit=v, how="inline")], subject="垭口5.20改", date="Sun, 21 May 2023 00:00:12 +0800")
    post.dress(story, utc=True)
    four = [*mended, b.again, c.row]
    story.send("pass-3-in-excel", v, "5-31 18:00", [file("垭口5.31写实表.xlsx", files.progress_sheet(v, four), v, "3")], subject="垭口5.31写实表", sender=second, state="returned", expect=["file-format@3"], allow=["activity-photos@3"])
    story.send("pass-3-late", v, "6-01 00:01", [story.progress(v, "3", four, "垭口5.31写实表.docx", unit=v, how="inline")], subject="垭口5.31写实表", sender=second, state="accepted late", expect=["late@3"])
    story.send("pass-statistics-blank", v, "6-08 08:40", [story.statistics(v, ("4", "若干", "", "", "1", "25"), "垭口统计表.docx")], subject="垭口统计表", state="returned", expect=["cell-blank@statistics", "cell-not-number@statistics"])
    story.send("pass-statistics", v, "6-09 08:40", [story.statistics(v, ("4", "180", "0", "0", "1", "25"), "垭口统计表.docx")], subject="垭口统计表 填0了")
    text = story.text(v, "summaries", "垭口村5.29会员活动月总结")
    story.send("pass-summary-typed-in", v, "6-09 08:50", subject="垭口村活动总结", body=text, expect=["attachment-missing|file-format"], allow=["file-format@summary"], leaves={})
    story.send("pass-summary", v, "6-10 08:50", [file("垭口总结.doc", word_97(text.split("\n")), v, "summary")], subject="垭口村活动总结 附件")
    small = [file(f"垭口{k}.jpg", jpeg(scene, (320, 240) if k == 3 else (1080, 810)), v, "photos") for k, scene in enumerate(story.scenes(3), 1)]
    story.send("pass-photos-one-tiny", v, "6-10 09:00", small, subject="垭口照片", sender=second, expect=["photo-small@photos"])
    block = mess.big_attachment("从QQ邮箱发来的超大附件", "垭口视频.mp4", "https://wx.mail.qq.com/ftn/download?func=3&key=11ab22&code=77aa", "318.6M")
    story.send("pass-video-too-big", v, "6-10 09:05", subject="垭口视频", body="", html="<div>太大了只能这样发</div>" + block, sender=second, expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"})


def _cat(story: Story) -> None:
    """猫儿嘴: all as asked, by a phone that writes GBK without saying so; what he sent once comes twice."""
    v, other = "猫儿嘴村", "zzhang_mez@qq.example"

    def send(build: post.Build, mailer: str, name: str, when: str, given: list[Sent], subject: str, body: str, sender: str = "") -> None:
        story.send(name, v, when, given, subject=subject, body=body, content=build(body, given), sender=sender)
        post.dress(story, mailer=mailer, sender="" if sender else f"{story.office.village(v).address} (老张)")

    text = story.text(v, "plans", "猫儿嘴村5.29会员活动月实施方案")
    send(post.xiaomi, "Xiaomi Mail 13.2", "cat-plan-rtf", "5-03 20:20", [file("猫儿嘴村方案.rtf", mess.rtf(text.split("\n")), v, "plan")], "猫儿嘴方案", "领导看一哈，发自我的小米手机")
    a, b, c, d, e = story.deeds("5-02", "5-05", "5-09", "5-17", "5-27")
    listed = row(f"①{a.row.text}\n②{b.row.text}\n③{c.row.text}", a.row.scenes[0], b.row.scenes[0], c.row.scenes[0])
    send(post.huawei, "Huawei Mail 12.0", "cat-1-three-in-a-cell", "5-10 20:20", [story.progress(v, "1", [listed], "猫嘴写实表.docx", unit="猫嘴")], "猫嘴写实表", "猫嘴的")
    inner = story.progress(v, "2", [listed, d.row], "写实表（2）.docx", unit="猫儿嘴村", how="inline")
    carried = forwarded(subject="写实表2", sender=story.office.village(v).address, body="请转", files=[inner], when="5-19 20:00", client="coremail")
    story.send("cat-2-passed-on", v, "5-20 20:20", [carried], subject="Fwd: 写实表2", body="", sender=other, client="outlook")
    inside = gbk_zip("写实表.zip", [("第三次写实表.docx", story.table(v, [listed, d.again, e.row], unit=v, nested=True), v, "3")])
    packed = pack({"cat/3.zip": inside.octets})
    send(post.nameless, "", "cat-3-zip-within-zip", "5-31 20:20", [Sent("猫儿嘴5.31.zip", packed, inside=inside.inside)], "猫儿嘴 写实表 5月31日", "请查收")
    june = [story.statistics(v, ("３", "１５８", "1", "2", " 1 ", "46"), "猫儿嘴统计表.docx", others="/", media="无"), file("猫儿嘴总结.doc", word_97(story.text(v, "summaries", "猫儿嘴村5.29会员活动月总结").split("\n")), v, "summary"), *(file(f"DCIM_{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(4))), story.video(v, "VID_0001.mov", container="mov")]
    send(post.mislabelled, "MailMaster_Android/7.17", "cat-june", "6-09 20:20", june, "猫儿嘴6月材料", "统计表、总结、照片、视频，来自网易邮箱大师")
    story.again("cat-june-again", story.mails[-1], "6-09 20:31", dispositions=("ignored", "submission"), answered=False, expected=(), leaves={})


def _well(story: Story) -> None:
    """凉水井: once a village; a blank form, two traps within archives, a letter whose sender nobody vouches for."""
    v = "凉水井社区"
    plan = story.plan(v, name="凉水井实施方案.docx")
    ballots = file("居民小组长选票.docx", prose("凉水井社区居民小组长推选选票\n候选人：甲　乙　丙\n说明：同意的画圈，不同意的画叉，多于两人的作废。"), v, "None")
    story.send("well-plan-and-ballots", v, "5-04 11:11", [plan, ballots], subject="凉水井居委会实施方案", expect=["attachment-unrecognised"])
    a, b, c, d = story.deeds("5-03", "5-10", "5-19", "5-30")
    story.send("well-1-blank-form", v, "5-08 11:11", [file("写实表.docx", files.blank_progress("凉水井社区"), v, "1")], subject="凉水井写实表", state="returned", expect=["no-activity@1"])
    story.send("well-1", v, "5-10 21:11", [story.progress(v, "1", [a.row, b.row], "写实表.docx", unit="凉水井村", how="vml")], subject="凉水井写实表 这个才是")
    bad = ["Authentication-Results: mx.office.example; spf=fail smtp.mailfrom=lsj@126.example; dkim=none"]
    story.send("well-2-nobody-vouches", v, "5-20 11:11", [story.progress(v, "2", [a.again, replace(b.again, unit="××村委"), c.row], "写实表5月20日.docx", unit=v, how="inline")], subject="凉水井写实表5月20日", headers=bad, expect=["sender-unverified", "placeholder-left@2"])
    swollen = pack({"[Content_Types].xml": b"<Types/>", "word/document.xml": b" " * (160 << 20)})
    story.send("well-3-swollen", v, "5-31 11:11", [file("凉水井写实表5月31日.docx", swollen, v, "3")], subject="凉水井写实表5月31日", answered=None, expect=["file-hostile|file-unreadable@3"], leaves={(v, "progress@2023-05-31"): "returned|review|not-due|missing"})
    story.send("well-3", v, "5-31 18:11", [story.progress(v, "3", [a.row, b.row, c.again, d.row], "凉水井写实表5月31日(重做).docx", unit=v, nested=True)], subject="凉水井写实表5月31日")
    flood = f"{v}防汛工作总结\n入汛以来，我社区清理排水沟两千一百米，检查地下车库六处，储备沙袋八百只、抽水泵四台，组建三十人的抢险队，轮流值守低洼路段。六月二日大雨期间转移一楼住户九户，未发生人员伤亡。下一步继续加强巡查，更换老化井盖二十七个，落实值班值守和信息报送，确保安全度汛，汛期结束后对抢险物资重新清点、晾晒、补充，入库上锁。\n{v}\n2023年6月"
    story.send("well-statistics-and-flood", v, "6-07 11:11", [story.statistics(v, ("3", "240", "0", "0", "1", "31"), "凉水井统计表.xlsx", excel=True, merged=False), file("凉水井活动总结.docx", prose(flood), v, "summary")], subject="凉水井统计表、活动总结", expect=["text-off-topic@summary"])
    outside = pack({"/etc/cron.d/photos": b"* * * * * root true\n", "../../照片1.jpg": jpeg(story.scenes(1)[0])})
    story.send("well-photos-from-outside", v, "6-08 11:11", [Sent("凉水井照片.zip", outside, scored=False)], subject="凉水井照片", answered=None, expect=["file-hostile@photos"], allow=["photo-count@photos", "attachment-unrecognised"], leaves={(v, "photos"): "returned|review|missing|not-due"})
    story.send("well-photos-png-and-gif-called-jpg", v, "6-08 16:11", [*(file(f"照片{k}.jpg", other_format(scene, kind), v, "photos") for k, (kind, scene) in enumerate(zip(("PNG", "GIF"), story.scenes(2), strict=True), 1)), *story.photos(v, 1)], subject="凉水井照片 重发", state="returned", expect=["photo-format@photos", "file-mislabelled@photos"], allow=["photo-count@photos"])
    story.send("well-photos-and-two-films", v, "6-09 11:11", [*story.photos(v, 3), story.video(v, "开场.mp4"), story.video(v, "合唱.avi", container="avi")], subject="凉水井照片jpg、视频", expect=["video-count@video"], allow=["file-mislabelled"])


def _ever(story: Story, neighbours: int) -> None:
    """永兴: everybody's phone but the registered one; the old table after the new; figures that agree with nothing."""
    v = "永兴村"
    story.send("ever-plan-of-noise", v, "5-03 17:30", [file("永兴村方案.docx", bytes(range(255, 0, -1)) * 40, v, "plan")], subject="永兴村方案", state="returned", expect=["file-unreadable|file-format@plan"], allow=["file-mislabelled@plan"])
    story.send("ever-plan-by-the-teacher", v, "5-05 17:30", [story.plan(v, name="fangan(1).docx")], subject="方案", body="帮永兴村发一下", sender="liulaoshi66@aliyun.example", nick="刘老师", expect=["sender-unregistered"])
    a, b, c, d = story.deeds("5-01", "5-08", "5-15", "5-30")
    blank = story.table("", [replace(each.row, unit="") for each in (a, b)], unit="", how="inline")
    story.send("ever-1-of-nobody", v, "5-09 17:30", [file("新建文档.docx", blank, None, "1|None")], subject="写实表", body="麻烦收一下", sender="happy_day520@qq.example", nick="天天开心", disposition="submission|unrecognised", expect=["village-unknown"], allow=["sender-unregistered", "unit-blank@1"], leaves={})
    anything = "accepted|returned|review|missing|not-due"
    story.send("ever-1-it-is-ours", v, "5-10 09:30", subject="回复：来件已收到，请告知是哪个村", body="是永兴村的\n\n------------------ 原始邮件 ------------------\n发件人: \"计生协办公室\"\n来件已收到，但未能确认报送单位，请回复本邮件并写明××村。", sender="happy_day520@qq.example", nick="天天开心", headers=["In-Reply-To: <baosong.d88@office.example>"], disposition="submission|unrecognised|ignored", answered=None, allow=["*"], leaves={(v, "progress@2023-05-10"): anything})
    first = file("永兴村写实表5.10.docx", story.table(v, [a.row, b.row], unit=v, how="inline"), v, "1")
    story.send("ever-1", v, "5-10 22:30", [first], subject="永兴村写实表5.10")
    story.send("ever-2", v, "5-18 17:30", [story.progress(v, "2", [a.again, b.again, c.row], "永兴村写实表5.20.docx", unit=v, how="inline")], subject="永兴村写实表5.20")
    story.send("ever-1-once-more", v, "5-19 17:30", [first], subject="永兴村写实表5.10", body="上次的怕没收到，再发一遍", allow=["late@1"], leaves={})
    lent = row(d.row.text, d.row.scenes[0], neighbours)
    bad = ["Authentication-Results: mx.office.example; spf=pass; dkim=fail header.d=163.example; dmarc=fail"]
    story.send("ever-3-one-picture-lent", v, "5-31 22:30", [story.progress(v, "3", [a.row, b.row, c.row, lent], "永兴村写实表5.31.docx", unit=v, how="inline")], subject="永兴村写实表5.31", headers=bad, state="accepted|review", expect=["photo-reused@3", "sender-unverified"])
    story.send("ever-statistics-of-nothing", v, "6-06 17:30", [story.statistics(v, ("0", "0", "0", "0", "0", "0"), "永兴统计表.docx")], subject="永兴统计表", expect=["figures-unlike-progress@statistics"])
    story.send("ever-summary-a-title", v, "6-07 17:30", [file("永兴村总结.docx", prose("永兴村5.29会员活动月工作总结\n（待补充）"), v, "summary")], subject="永兴村总结", state="returned", expect=["text-too-short@summary"])
    one, two, three = story.scenes(3)
    story.send("ever-two-photos", v, "6-08 17:30", [file("永兴1.jpg", jpeg(one, taken="2019:10:01 08:00:00"), v, "photos"), file("永兴2.jpg", jpeg(two), v, "photos")], subject="永兴照片", state="returned", expect=["photo-count@photos", "photo-date-outside@photos"])
    story.send("ever-third-photo-and-a-blink", v, "6-09 17:30", [file("永兴3.jpg", jpeg(three, blurred=True), v, "photos"), story.video(v, "永兴.mp4", seconds=2)], subject="永兴照片再补一张、视频", expect=["photo-blurred@photos", "video-short@video"])
