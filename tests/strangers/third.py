# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The third office's month: nobody looks at its mistakes, only at the total score."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

from tests.heldout.forms import Row, row
from tests.heldout.mails import Mail, Sent, file, forwarded, mail
from tests.heldout.pictures import film, jpeg, other_format
from tests.heldout.plans import gbk_zip, utf8_zip
from tests.heldout.township import OFFICE
from tests.heldout.word import prose
from tests.strangers import mess, wps
from tests.strangers.noise import null_sender
from tests.strangers.office import THIRD
from tests.strangers.story import Story
from tests.strangers.third_book import BOOK

_NEVER: dict[str, Any] = {"disposition": "ignored", "answered": False}
_PERSON: dict[str, Any] = {"disposition": "submission|unrecognised|ignored", "answered": None, "allow": ["village-unknown", "sender-unregistered"]}
_ROW = ("activity-no-time", "activity-no-place", "activity-no-people", "activity-no-content", "activity-photos", "no-activity")


@dataclass(frozen=True)
class Tale:
    """A deed that is told as its clerk writes the day."""

    first: str
    second: str
    scenes: tuple[int, ...]

    def told(self, when: str) -> str:
        """The words alone."""
        return self.first.format(t=when)

    def at(self, when: str) -> Row:
        """As a row of its own."""
        return Row(self.told(when), self.scenes)

    def again(self, when: str) -> Row:
        """In other words."""
        return Row(self.second.format(t=when), self.scenes)


def _tales(story: Story, count: int) -> list[Tale]:
    pairs = [story.phrase("deeds").partition("|") for _ in range(count)]
    return [Tale(first, second, story.scenes(2)) for first, _, second in pairs]


def mails(seed: int = 3) -> list[Mail]:
    """Everything that came, the oldest first."""
    story = Story(THIRD, BOOK, random.Random(seed), "c", 70_000)
    _bridge(story)
    _inn(story)
    centre = _tales(story, 4)
    _qu(story, centre)
    _kan(story)
    _spring(story)
    _ditch(story)
    summary = _ridge(story)
    _lane(story)
    _cypress(story)
    _centre(story, centre, summary)
    _strangers(story)
    story.mails += _noise()
    return sorted(story.mails, key=lambda each: each.received_at)


def _bridge(story: Story) -> None:
    """石桥: the party's branch writes; one sign mistyped; a summary in the mail itself; a link for the film."""
    v = "石桥村"
    story.send("bridge-plan-of-the-branch", v, "5-04 09:10", [story.plan(v, name="石桥党支部5.29实施方案.docx")], subject="石桥党支部方案")
    a, b, c, d, e = _tales(story, 5)
    story.send("bridge-1-one-sign-wrong", v, "5-09 10:30", [story.progress(v, "1", [a.at("5月4日"), b.at("5月6日")], "写实表.docx", unit="石侨村村委会")], subject="报表", allow=["village-mismatch", "village-unknown"])
    paragraph = row(f"{a.told('5月4日').strip('。')}；{b.told('6日').strip('。')}；{c.told('12日')}", *a.scenes, c.scenes[0])
    story.send("bridge-2-one-paragraph", v, "5-18 10:30", [story.progress(v, "2", [paragraph], "5.20写实表.docx", how="inline")], subject="石桥村委会第二次写实表")
    numbered = row("\n".join(f"{number}、{tale.told(when)}" for number, (tale, when) in enumerate(((a, "5月4日"), (b, "5月6日"), (c, "5月12日")), 1)), *a.scenes, c.scenes[0])
    story.send("bridge-3-numbered", v, "5-30 17:30", [story.progress(v, "3", [numbered, d.at("5月22日"), e.at("5.26—5.28")], "写实表(3).docx")], subject="石桥大队 写实表")
    story.send("bridge-statistics-reckoned", v, "6-05 09:40", [file("信息统计表.xlsx", wps.counted(v, (3, 190, 1, 1, 1, 320)), v, "statistics")], subject="3")
    text = story.text(v, "summaries", "石桥村5.29会员活动月总结")
    story.send("bridge-summary-typed-into-the-mail", v, "6-06 09:40", subject="石桥村活动总结", body=text, expect=["attachment-missing|file-format"], allow=["file-format@summary"], leaves={})
    quoted = "\n\n------------------ 原始邮件 ------------------\n发件人: \"计生协办公室\"\n发送时间: 2023年6月7日\n主题: 【请补正】石桥村 5·29会员活动月材料\n\n石桥村：来件收悉。活动总结请以附件形式报送。尚未收到：精选活动照片、活动视频。"
    story.send("bridge-summary-as-a-file", v, "6-07 15:00", [file("总结.docx", prose(text), v, "summary")], subject="回复：【请补正】石桥村 5·29会员活动月材料", body="好的，已存成文档" + quoted, headers=["In-Reply-To: <baosong.c7@office.example>"])
    story.send("bridge-photos", v, "6-08 09:00", [file(f"mmexport16832{k}4410{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(4), 1)], subject="石桥照片")
    story.send("bridge-video-on-baidu", v, "6-09 09:00", subject="石桥村活动视频", body="通过百度网盘分享的文件：石桥活动视频.mp4\n链接：https://pan.baidu.com/s/1aBcDeFgHiJkLmNoPq?pwd=6x7y\n提取码：6x7y\n--来自百度网盘超级会员V3的分享", expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"})


def _inn(story: Story) -> None:
    """桥头店, by a phone: passes its neighbour's mail on with its own table; takes a neighbour's photo."""
    v = "桥头店村"
    story.send("inn-plan", v, "5-05 20:40", [story.plan(v, name="改.docx")], subject="桥头")
    a, b, c, d = _tales(story, 4)
    story.send("inn-1-unit-in-the-cells", v, "5-10 22:40", [file("新建 DOCX 文档(2).docx", wps.pictures_after_the_text(v, [a.at("5.3日"), b.at("5.8日")], unit="单位：　　　　村委会"), v, "1")], subject="5.10")
    below = "\n\n------------------ 原始邮件 ------------------\n发件人: \"石桥村党支部\" <shiqiao_cwh@163.example>\n主题: 石桥村委会第二次写实表\n\n老哥，照我这个样子写就中。"
    story.send("inn-2-a-neighbours-mail-passed-on", v, "5-19 21:12", [story.progress(v, "2", [a.again("5月3日"), b.again("5月8日"), c.at("5.16日")], "写实表(2)(1).docx")], subject="转发：石桥村委会第二次写实表", body="桥头店的，请查收" + below)
    story.send("inn-3-captions", v, "5-31 20:05", [file("写实表(2)(1)(改).docx", wps.captioned(v, [a.at("5.3日"), b.at("5.8日"), c.at("5.16日"), d.at("5.24日")]), v, "3")], subject="Fw: Re:")
    story.send("inn-statistics", v, "6-07 20:00", [story.statistics(v, (" 3", "150 ", "0", "0", "1", "42"), "统计.docx", others="/", media="无")], subject="统计")
    story.send("inn-summary", v, "6-08 20:00", [story.summary(v, "最终版.docx")], subject="报表")
    borrowed = next(each.octets for each in next(each for each in story.mails if each.name == "c-bridge-photos").files)
    own = [file(f"微信图片_2023060820153{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(3))]
    story.send("inn-photos-one-borrowed", v, "6-09 20:00", [*own, file("微信图片_20230608201599.jpg", borrowed, v, "photos")], subject="桥头店村活动照片", state="accepted|review", expect=["photo-reused@photos"])
    story.send("inn-video", v, "6-09 20:10", [story.video(v, "微信视频2023-05-28_101530_123.mp4")], subject="视频")


def _qu(story: Story, centre: list[Tale]) -> None:
    """前屈 and 后屈: one clerk for both, who once helps 中心 too; 后屈 mends one row and sends that alone."""
    v, back = "前屈村", "后屈村"
    both = "前、后屈村5.29会员活动月联合实施方案\n同一条渠浇地、同一所学校念书的前后两屈村，今年会员活动月打算合着办：上旬在学校门口办一次讲座，中旬请镇卫生院的大夫来坐诊一天，下旬两村秧歌队同台演一回，宣传少要彩礼、孝敬老人；下旬两村会长一道走访失独户、残疾户和留守老人，米面油由两村合买，花多少钱月底张榜。\n前、后屈村委会各负责本村的组织、通知和照相，经费各村自理，活动资料分头整理后统一装订，由文书汇总上报。\n前屈村　后屈村\n2023年5月"
    story.send("qu-plan-of-both", v, "5-04 08:20", [Sent("前、后屈村联合方案.docx", prose(both), scored=False)], subject="前、后屈村方案", body="", disposition="submission|unrecognised", leaves={}, allow=["village-unknown", "village-mismatch", "text-copied@plan"])
    story.send("qu-plans-apart", v, "5-05 08:20", [file("前屈村方案.docx", story.plan(v).octets, v, "plan"), file("后屈村方案.docx", story.plan(back).octets, back, "plan")], subject="前屈、后屈方案分开重报", body="昨天写到一块了，今天分开", allow=["village-mismatch"])
    a, b, c, d = _tales(story, 4)
    e, f, g, h = _tales(story, 4)
    story.send("qu-1-three-villages", v, "5-10 08:20", [
        story.progress(v, "1", [a.at("5月5日上午")], "前屈.docx", unit="前屈村"),
        story.progress(back, "1", [e.at("5月6日上午")], "后屈.docx", unit="后屈村"),
        story.progress("中心村", "1", [centre[0].at("5月7日")], "中心.docx", unit="中心村村委会"),
    ], subject="三个村的写实表", body="前屈村、后屈村、中心村三个村的都在这里，请查收。", allow=["village-mismatch"])
    story.send("qu-2-front", v, "5-19 08:20", [story.progress(v, "2", [a.at("5月5日上午"), b.at("5月13日上午")], "前屈5.20.docx")], subject="前屈5.20")
    bad = story.phrase("no_place").format(t="5月15日")
    story.send("qu-2-back-no-place", back, "5-19 18:20", [story.progress(back, "2", [e.again("5月6日上午"), row(bad, *f.scenes), g.at("5月17日")])], subject="后屈村写实表", state="returned", expect=["activity-no-place@2"])
    story.send("qu-2-back-one-row-alone", back, "5-20 18:20", [story.progress(back, "2", [row("5月15日，在后屈村委大院，" + bad.partition("，")[2], *f.scenes)], "后屈村写实表改.docx", how="inline")], subject="后屈改了一条", body="只改了第二条，其余的和昨天一样", state="returned", expect=["not-cumulative@2"])
    mended = row("5月15日，在后屈村委大院，" + bad.partition("，")[2], *f.scenes)
    story.send("qu-2-back-late", back, "5-22 08:00", [story.progress(back, "2", [e.at("5月6日上午"), mended, g.at("5月17日")], "后屈村第二次写实表(全).docx")], subject="后屈村第二次写实表", state="accepted late", expect=["late@2"])
    front3 = story.table(v, [a.again("5月5日"), b.again("5月13日"), c.at("5月21日"), d.at("5月27日")], unit=v)
    back3 = story.table(back, [e.at("5月6日"), mended, g.again("5月17日"), h.at("5月25日")], unit=back)
    story.send("qu-3-folders", v, "5-31 08:20", [gbk_zip("新建文件夹.zip", [("新建文件夹/前屈村/5月31日写实表.docx", front3, v, "3"), ("新建文件夹/后屈村/5月31日写实表.docx", back3, back, "3")], directories=["新建文件夹", "新建文件夹/前屈村", "新建文件夹/后屈村"])], subject="前屈村后屈村写实表", allow=["village-mismatch"])
    members = []
    for name, six in ((v, ("3", "210", "0", "0", "1", "47")), (back, ("2", "96", "1", "2", "1", "60"))):
        members += [
            (f"6月材料/{name}/统计表.docx", story.statistics(name, six).octets, name, "statistics"),
            (f"6月材料/{name}/总结.docx", story.summary(name).octets, name, "summary"),
            *((f"6月材料/{name}/IMG_2023052{k}_093011.jpg", jpeg(scene, taken=f"2023:05:2{k} 09:30:11"), name, "photos") for k, scene in enumerate(story.scenes(3), 1)),
        ]
    story.send("qu-june-folders", v, "6-09 08:20", [utf8_zip("6月材料.zip", members)], subject="前后屈两村6月材料", body="前屈、后屈两村的", allow=["village-mismatch"])
    story.send("qu-two-films", v, "6-09 08:30", [file("前屈.mp4", film(story.scenes(1)[0]), v, "video"), file("后屈.mp4", film(story.scenes(1)[0]), back, "video")], subject="两村视频", body="", allow=["village-mismatch"])


def _kan(story: Story) -> None:
    """东阚 and 西阚, written together as 东西阚; a day that only the sender knows; nothing new at the end of May."""
    v, west = "东阚村", "西阚村"
    story.send("kan-plan-east", v, "5-03 14:00", [story.plan(v)], subject="东阚")
    story.send("kan-plan-west-late", west, "5-06 07:10", [story.plan(west)], subject="西阚方案", state="accepted late", expect=["late@plan"])
    a, b, c, d = _tales(story, 4)
    e, f, g = _tales(story, 3)
    story.send("kan-1-both", v, "5-10 14:00", [story.progress(v, "1", [a.at("2023年5月3日"), b.at("2023年5月9日")], "东.docx", unit="东阚村"), story.progress(west, "1", [e.at("5月6、7、8日")], "西.docx", unit="西阚村")], subject="东西阚村写实表", body="东西阚两村的一块报", allow=["village-mismatch"])
    story.send("kan-2-last-sunday", v, "5-18 14:00", [story.progress(v, "2", [a.at("2023年5月3日"), b.at("2023年5月9日"), c.at("上周日")], "东阚第二次.docx")], subject="东阚写实表第二次", state="accepted|returned", allow=["activity-no-time@2"])
    story.send("kan-3-east", v, "5-31 14:00", [story.progress(v, "3", [a.again("5月3日"), b.again("5月9日"), c.at("5月14日"), d.at("5月25日")], "东阚第三次.docx")], subject="1")
    story.send("kan-2-west-one-photo", west, "5-19 14:30", [story.progress(west, "2", [e.at("5月6、7、8日"), replace(f.at("5月15日"), scenes=f.scenes[:1])])], subject="西阚写实表", state="returned", expect=["activity-photos@2"])
    quoted = "\n\n> 主题：【请补正】西阚村 5·29会员活动月材料（1项）\n> 西阚村：来件收悉，经核对：写实表第2行照片1张，应为2至3张。\n> 尚缺：统计表、活动总结、照片、视频。"
    story.send("kan-2-west-answer", west, "5-20 19:30", [story.progress(west, "2", [e.at("5月6、7、8日"), f.at("5月15日")], "写实表(1)(1).docx")], subject="Re: 【请补正】西阚村 5·29会员活动月材料（1项）", body="照片补上了" + quoted, headers=["In-Reply-To: <baosong.c22@office.example>", "References: <baosong.c22@office.example>"])
    story.send("kan-3-west-nothing-new", west, "5-31 18:30", [story.progress(west, "3", [e.again("5月6日至8日"), f.again("5月15日"), g.at("5.23"), row("5月24日至31日麦收，无新增活动。")], "西阚村写实表5.31.docx", how="inline")], subject="西阚5月31日写实表", state="accepted|returned", allow=[f"{code}@3" for code in _ROW])
    story.send("kan-statistics-east-hidden-rows", v, "6-06 14:00", [file("东阚统计表.xlsx", wps.with_hidden(v, (2, 140, 1, 3, 1, 17)), v, "statistics")], subject="东阚统计表")
    story.send("kan-summary-east", v, "6-06 14:10", [story.summary(v)], subject="东阚总结")
    pasted = [file(f"InsertPic_7A2{k}(06-07-14-0{k}-33).jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(3))]
    pasted = [replace(each, cid=f"_Foxmail.{k}@A7-C1") for k, each in enumerate(pasted)]
    page = "<div>照片：</div>" + "".join(f'<p><img src="cid:{each.cid}" width="400"></p>' for each in pasted)
    story.send("kan-photos-east-pasted", v, "6-07 14:00", pasted, subject="东阚村照片", body="照片：", html=page)
    story.send("kan-video-east-wetransfer", v, "6-08 14:00", subject="东阚村视频", body="视频下载 https://we.tl/t-Ab3dEf9GhK", expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"})
    story.send("kan-statistics-west-letters", west, "6-08 18:30", [story.statistics(west, ("2", "1O6", "O", "O", "1", "22"), others="/")], subject="西阚统计表", state="returned", expect=["cell-not-number@statistics"], allow=["figures-inconsistent@statistics"])
    story.send("kan-statistics-west", west, "6-09 18:30", [story.statistics(west, ("2", "106", "0", "0", "1", "22"), others="/")], subject="西阚统计表(改)")
    story.send("kan-photos-west-one-png", west, "6-09 18:40", [*(file(f"{k}.jpg", jpeg(scene), west, "photos") for k, scene in enumerate(story.scenes(2), 1)), file("屏幕截图 2023-06-09.png", other_format(story.scenes(1)[0], "PNG"), west, "photos")], subject="西阚照片", state="returned", expect=["photo-format|file-format@photos"], allow=["photo-count@photos"])
    story.send("kan-photos-west-third", west, "6-10 09:00", [file("3.jpg", jpeg(story.scenes(1)[0]), west, "photos")], subject="西阚照片第3张换成jpg了")
    story.send("kan-summary-west", west, "6-10 09:30", [story.summary(west)], subject="西阚总结")


def _spring(story: Story) -> None:
    """龙泉寺: the keyboard stands on traditional signs, the days on the old calendar."""
    v = "龙泉寺村"
    story.send("spring-plan-traditional", v, "5-05 11:11", [file("方案.docx", prose(story.text("龍泉寺村", "plans", "龍泉寺村5.29會員活動月實施方案")), v, "plan")], subject="龍泉寺方案", body="")
    a, b, c, d, e = _tales(story, 5)
    story.send("spring-1-anothers-phone", v, "5-09 11:11", [file("IMG_20230509.docx", story.table(v, [a.at("农历三月十六"), b.at("农历三月十九")], unit="龙泉寺"), v, "1")], subject="龍泉寺寫實表", sender="lqs_lao@aliyun.example", nick="老李头", expect=["sender-unregistered"])
    story.send("spring-2-old-calendar", v, "5-20 11:11", [story.progress(v, "2", [a.at("农历三月十六"), b.at("农历三月十九"), c.at("农历三月廿七（5月16日）"), d.at("农历三月三十")], "寺上写实表.docx")], subject="寺上")
    story.send("spring-3-one-dropped", v, "5-31 11:11", [story.progress(v, "3", [a.at("5月5日"), c.at("5月16日"), d.at("5月19日"), e.at("四月初八")], "写实表3.docx")], state="returned", expect=["not-cumulative@3"])
    story.send("spring-3-complete", v, "5-31 23:30", [story.progress(v, "3", [a.at("5月5日"), b.at("5月8日"), c.at("5月16日"), d.at("5月19日"), e.at("四月初八（5月26日）")], "写实表3(补).docx")], subject="龙泉寺村写实表 少了一条 补上")
    story.send("spring-statistics", v, "6-07 11:11", [story.statistics(v, ("３", "２４０", "１", "１", "１", "３１"), "龙泉寺统计.docx")], subject="龙泉寺")
    story.send("spring-summary", v, "6-07 11:30", [story.summary(v, "新建 DOC 文档(1)(2).docx")], subject=None)
    story.send("spring-photos", v, "6-08 11:11", [file(f"IMG_2023052{k}_16023{k}.jpg", jpeg(scene, taken=f"2023:05:2{k} 16:02:33"), v, "photos") for k, scene in enumerate(story.scenes(5), 1)], subject="龍泉寺村", body="")
    block = mess.big_attachment("网易云附件", "龙泉寺视频.mov", "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&file=a8", "146.2M")
    story.send("spring-video-by-163", v, "6-09 11:11", subject="龙泉寺视频", body="视频", html="<div>视频</div>" + block, expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"})


def _ditch(story: Story) -> None:
    """万家沟: a community that writes its old name; days as the people name them; three ways of being vague."""
    v = "万家沟社区"
    story.send("ditch-plan", v, "5-04 16:16", [story.plan(v, name="萬家溝方案.docx")], subject="萬家溝")
    a, b, c, d, e = _tales(story, 5)
    story.send("ditch-1-feasts", v, "5-10 16:16", [story.progress(v, "1", [a.at("五一当天"), b.at("五四青年节当天"), c.at("8号")], "万家沟村写实表.docx")], subject="万家沟村")
    story.send("ditch-2-first-third-of-may", v, "5-20 16:16", [story.progress(v, "2", [a.at("五一当天"), b.at("五四青年节当天"), c.at("8号"), d.at("5月中旬")], "万家沟居委会写实表2.docx")], subject="万家沟居委会写实表", state="accepted|returned", allow=["activity-no-time@2"])
    story.send("ditch-3-spans", v, "5-31 16:16", [story.progress(v, "3", [a.at("5月1日"), b.at("5月4日"), c.at("5月8日"), d.at("5.12-5.14"), e.at("5月20、21、22日")], "万家沟5.31(最终版).docx")], subject="5.31")
    story.send("ditch-statistics-units", v, "6-06 16:16", [story.statistics(v, ("4场", "近180人", "1次", "1户", "1场", "30人"))], subject="万家沟统计表", state="accepted|returned?", allow=["cell-not-number@statistics"])
    story.send("ditch-summary-one-line", v, "6-07 16:16", [file("总结.docx", prose("万家沟总结\n5.29会员活动月各项活动圆满完成，群众满意。"), v, "summary")], state="returned", expect=["text-too-short@summary"])
    story.send("ditch-summary", v, "6-08 16:16", [story.summary(v)], subject="万家沟总结 重写了")
    story.send("ditch-photos", v, "6-08 16:30", [file(f"Screenshot_2023060{k}_162911_com.tencent.mm.jpg", jpeg(scene, (900, 1600)), v, "photos") for k, scene in enumerate(story.scenes(3), 1)], subject="万家沟社区照片")
    story.send("ditch-video-on-a-platform", v, "6-09 16:16", subject="万家沟社区视频", body="5.23 复制打开抖音，看看【万家沟社区的作品】婚育新风进万家 https://v.douyin.com/iAbCdEf/", expect=["cloud-link|attachment-missing"], allow=["cloud-link@video", "attachment-missing"], leaves={(v, "video"): "review|missing|not-due"})


def _ridge(story: Story) -> str:
    """黄土岭: tells nothing at first, in three ways; its summary, for others to copy."""
    v = "黄土岭村"
    story.send("ridge-plan-signed-below", v, "5-05 06:40", [story.plan(v, name="文档1.docx")], subject=None, body="请收\n\n黄岭 老崔\n2023.5.5", sender="cui1957@sina.example", nick="老崔", expect=["sender-unregistered"])
    a, b, c, d = _tales(story, 4)
    story.send("ridge-1-none", v, "5-08 06:40", [story.progress(v, "1", [row("无")], "写实表（黄岭）.docx", how="inline")], subject="黄岭写实表", state="returned", expect=["no-activity|activity-no-content@1"], allow=[f"{code}@1" for code in _ROW])
    story.send("ridge-1", v, "5-10 18:40", [story.progress(v, "1", [a.at("5月9日")], "写实表（黄岭）新.docx")], subject="黄岭写实表有活动了")
    story.send("ridge-2-nothing-new", v, "5-19 06:40", subject="黄土岭村情况说明", body="我村5月11日至20日忙于抗旱，没有新开展活动，特此说明。\n黄土岭村委会", disposition="submission|unrecognised|ignored", answered=None, allow=["attachment-missing"], leaves={})
    lent = row(c.told("5月23日"), c.scenes[0], 70_000)  # the first picture of 石桥's first row
    story.send("ridge-3-a-neighbours-picture", v, "5-31 06:40", [story.progress(v, "3", [a.again("5月9日"), b.at("5月21日"), lent, d.at("5月28日")], "黄岭5.31.docx", how="inline")], subject="黄岭5.31写实表", state="accepted|review", expect=["photo-reused@3"])
    story.send("ridge-statistics-nobody-came", v, "6-06 06:40", [story.statistics(v, ("3", "0", "1", "2", "0", "0"), others="无")], subject="黄岭统计表", expect=["figures-inconsistent@statistics"])
    text = story.text(v, "summaries", "黄土岭村5.29会员活动月总结")
    story.send("ridge-summary", v, "6-07 06:40", [file("总结（黄岭）.docx", prose(text), v, "summary")], subject="黄岭总结")
    pictures = [file(f"IMG_10{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(3))]
    story.send("ridge-photos-one-twice", v, "6-08 06:40", [*pictures, replace(pictures[0], name="IMG_100(1).jpg")], subject="黄岭照片", expect=["photo-duplicate@photos"])
    story.send("ridge-video", v, "6-08 07:00", [story.video(v, "VID_20230528.3gp", container="3gp")], subject="黄岭录像")
    return text


def _lane(story: Story) -> None:
    """新安里: version upon version; its table keeps the first round's name to the end of the month."""
    v = "新安里社区"
    text = story.text(v, "plans", "新安里社区5.29会员活动月实施方案")
    for number, (when, name) in enumerate((("5-02 10:00", "方案.docx"), ("5-03 10:00", "方案最终版.docx"), ("5-05 10:00", "方案最终版（改）.docx"))):
        story.send(f"lane-plan-{number + 1}", v, when, [file(name, prose(text + "修改稿" * number), v, "plan")], subject="新安里方案" + "（再改）" * number)
    a, b, c, d, e = _tales(story, 5)
    one = [a.at("5月2日"), b.at("5月7日")]
    story.send("lane-1", v, "5-10 10:00", [story.progress(v, "1", one, "5.10写实表.docx")], subject="新安里写实表")
    story.send("lane-2-under-the-old-name", v, "5-19 10:00", [story.progress(v, "2", [*one, c.at("5月15日")], "5.10写实表.docx")], subject="新安里社区5月20日写实表", body="第二次的，请查收")
    story.send("lane-3-under-the-old-name", v, "5-30 10:00", [story.progress(v, "3", [*one, c.at("5月15日"), d.at("5月22日"), e.at("5月28日")], "5.10写实表(1).docx")], subject="新安里社区第三次写实表（5月31日）", body="")
    story.send("lane-3-one-row-alone", v, "5-31 10:00", [story.progress(v, "3", [e.at("5月29日")], "新安里第三次写实表更正.docx", how="inline")], subject="新安里第三次写实表更正", body="最后一条日期写错了，应为5月29日", expect=["not-cumulative@3"], state="accepted")
    story.send("lane-june", v, "6-08 10:00", [story.statistics(v, ("4", "350", "0", "0", "1", "15"), media="0"), story.summary(v), *story.photos(v, 5), story.video(v)], subject="新安里6月材料", sender="xal2@qq.example")


def _cypress(story: Story) -> None:
    """柏树湾: pictures under the table; a file twice; a round that only its clerk could name."""
    v = "柏树湾村"
    story.send("cypress-plan", v, "5-05 15:30", [story.plan(v, name="柏树弯方案.docx")], subject="方案")
    a, b, c, d = _tales(story, 4)
    story.send("cypress-1-pictures-beneath", v, "5-10 15:30", [file("写实表.docx", wps.pictures_beneath(v, [a.at("5-6")]), v, "1")], subject="柏树湾写实表", state="accepted|returned?", allow=["activity-photos@1"])
    story.send("cypress-2-or-1", v, "5-20 15:30", [story.progress(v, "1|2", [a.at("5-6"), b.at("5-10"), c.at("5-18")], "柏树湾5.10写实表.docx", how="inline")], subject="柏树湾", body="", leaves={}, allow=["late@1", "activity-date-outside@1"])
    story.send("cypress-3-pictures-across", v, "5-31 15:30", [file("柏树湾5.31写实表.docx", wps.pictures_across(v, [a.at("5-6"), b.at("5-10"), c.at("5-18"), d.at("5-27")]), v, "3")], subject="柏树湾村委会")
    sheet = story.statistics(v, ("3", "120", "0", "0", "1", "36"), "统计表.docx", excel=True, others="/")
    story.send("cypress-statistics-twice", v, "6-06 15:30", [sheet, replace(sheet, name="统计表(1).xlsx")], subject="柏树湾统计表")
    story.send("cypress-photos-named", v, "6-08 15:30", [file(f"柏树湾{k}.jpg", jpeg(scene), v, "photos") for k, scene in enumerate(story.scenes(3), 1)], subject=None, body="", sender="13800001957@139.example", nick="", expect=["sender-unregistered"])
    story.send("cypress-video", v, "6-09 15:30", [story.video(v, "视频(1).mp4")], subject="报视频")
    story.send("cypress-summary-late", v, "6-11 07:30", [story.summary(v)], subject="柏树湾总结", state="accepted late", expect=["late@summary"])


def _centre(story: Story, tales: list[Tale], summary: str) -> None:
    """中心, whose name is in every 服务中心: a row without a word, totals that do not add up, a borrowed summary."""
    v = "中心村"
    story.send("centre-plan", v, "5-05 12:12", [story.plan(v)], subject="方案-中心村")
    a, b, c, d = tales
    story.send("centre-2-no-content", v, "5-18 12:12", [story.progress(v, "2", [a.at("5月7日"), row(story.phrase("no_content").format(t="5月14日"), *b.scenes)], "写实表(2).docx")], subject="中心村第二次写实表", state="returned", expect=["activity-no-content@2"])
    story.send("centre-2", v, "5-20 12:12", [story.progress(v, "2", [a.at("5月7日"), b.at("5月14日")], "写实表(3).docx")], subject="中心村第二次写实表 改")
    story.send("centre-3-late", v, "6-02 12:12", [story.progress(v, "3", [a.again("5.7日"), b.again("5.14日"), c.at("5.22日"), d.at("5.29日")], "写实表(4).docx")], subject="中心村写实表", state="accepted late", expect=["late@3"])
    story.send("centre-statistics-totals", v, "6-08 12:12", [file("中心村统计表.xlsx", wps.with_total(v, (3, 130, 0, 0, 1, 28), (None, None, None, None, 9, 777)), v, "statistics")], subject="中心村统计表", state="accepted|returned", allow=["form-changed@statistics"])
    story.send("centre-summary-copied", v, "6-09 12:12", [file("中心村总结.docx", prose(summary.replace("黄土岭村", v)), v, "summary")], subject="中心村总结", expect=["text-copied@summary"])
    story.send("centre-two-photos", v, "6-09 12:20", story.photos(v, 2), subject="中心村照片", state="returned", expect=["photo-count@photos"])
    story.send("centre-third-photo", v, "6-10 12:20", story.photos(v, 1), subject="中心村照片再来一张")
    story.send("centre-video-at-qq", v, "6-10 12:30", subject="中心村视频", body="", html='<div>视频在QQ邮箱文件中转站</div><div><a href="https://wx.mail.qq.com/ftn/download?func=3&amp;key=9a8b7c&amp;code=1f2e">中心村视频.mp4 (212M) 进入下载页面</a></div>', expect=["cloud-link@video"], allow=["attachment-missing"], leaves={(v, "video"): "review"})


def _strangers(story: Story) -> None:
    """A neighbour town's village, whose name ends like one of ours; a plan of nobody; mail passed on under no subject."""
    nobody: dict[str, Any] = {"disposition": "submission|unrecognised", "leaves": {}, "expect": ["village-unknown"], "allow": ["sender-unregistered", "unit-blank", "text-copied@plan"]}
    [a] = _tales(story, 1)
    story.send("stranger-bridge", "石桥村", "5-10 09:09", [file("写实表.docx", story.table("大石桥村", [a.at("5月8日")], unit="大石桥村"), None, "1|None")], subject="大石桥村写实表", sender="dashiqiao@163.example", nick="大石桥", **nobody)
    story.send("stranger-this-village", "石桥村", "5-05 22:22", [file("本村方案.docx", prose(f"本村5.29会员活动月实施方案\n{BOOK.plans[24]}\n活动期间由会计负责记账，民兵连长负责安全，妇女主任负责通知到户，各组组长带头参加，做到有始有终，不走过场，材料月底前交齐。\n村计生协\n2023年5月"), None, "plan|None")], subject="转发：", body="", sender="yueyue1969@qq.example", nick="月月", **nobody)
    carried = forwarded(subject="照片", sender=THIRD.village("石桥村").address, body="", files=[story.video("石桥村", "石桥村活动视频.mp4")], when="6-10 08:00", client="coremail")
    story.send("clerk-forwards", "石桥村", "6-10 10:00", [carried], subject="Fw: Re:", body="", sender="baita_xiaojin@163.example", nick="小靳", expect=["sender-unregistered"])


def _noise() -> list[Mail]:
    """Machines, sellers, and people who only ask."""
    village = THIRD.village("黄土岭村").address
    return [
        null_sender(mail("c-bounce", "5-06 08:30", "postmaster@yeah.example", "退信：[万家沟社区] 请补正", "很抱歉，邮件未能送达，对方邮箱空间已满。", client="coremail", **_NEVER)),
        mail("c-away", "5-11 08:31", village, "自动回复: 已收到黄土岭村材料", "您好，我正在地里干活，看到后回复。", headers=["Auto-Submitted: auto-replied"], **_NEVER),
        mail("c-storage", "5-13 03:00", "notice@drive.example", "您的网盘会员即将到期", "点击续费", headers=["Precedence: bulk", "List-Unsubscribe: <https://drive.example/u>"], **_NEVER),
        mail("c-own", "5-17 09:00", OFFICE, "【温馨提示】写实表5月20日截止", "各村：请于5月20日前报送写实表。", nick="计生协办公室", client="foxmail", **_NEVER),
        mail("c-list", "5-18 09:00", "notice@oa.county.example", "[OA] 会议通知", "周五下午三点开会", headers=["List-Id: <oa.county.example>", "Precedence: list"], **_NEVER),
        mail("c-seller", "5-21 01:10", "sale@fans.example", "广告扇、围裙、水杯厂家直销", "欢迎来电", disposition="ignored|unrecognised", answered=False, allow=["village-unknown", "sender-unregistered"]),
        mail("c-question", "5-23 09:00", village, "问一下", "主任，写实表照片是放一行里还是单独发？", **_PERSON),
        mail("c-thanks", "6-12 09:00", THIRD.village("石桥村").address, "回复：【已收齐】石桥村", "谢谢领导，辛苦了！", **_PERSON),
    ]
