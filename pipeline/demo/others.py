"""Villages with troubles of their own: one late, one from a private address, one at odds with its files; a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.demo.archives import pack_zip
from pipeline.demo.desk import ROUNDS, Desk, Posting, at
from pipeline.demo.forms import write_text
from pipeline.demo.mail import BigFile, Client, Draft, Enclosure, write_mail
from pipeline.demo.pictures import render_photo, render_png


def tell_late(desk: Desk, *, friend: Desk) -> Iterator[Posting]:
    """陈堂村: always some days late, and at the end with a friend's words and a friend's picture."""
    village = desk.village.name

    moment = at("05-07 16:40")
    draft = desk.draft(f"{village}方案", [desk.plan(f"{village}实施方案.docx", moment)], called="方案")
    yield desk.post(moment, draft, "plan two days late", ["plan"], ["late"])

    for number, (day, due) in enumerate((("05-12 10:30", "10"), ("05-22 08:55", "20"), ("06-02 11:14", "31"))):
        moment = at(day)
        table = desk.progress(f"{village}5月{due}日写实表.docx", moment, desk.rows(ROUNDS[number]))
        draft = desk.draft(f"{village}补报5月{due}日写实表", [table], text="村里事多，报晚了，不好意思，请查收附件。")
        yield desk.post(moment, draft, "progress table late", [f"progress@2023-05-{due}"], ["late"])

    moment = at("06-12 09:10")
    lines = [
        line.replace(friend.village.name, village) for line in friend.writer.summary(friend.village.name, friend.events)
    ]
    summary = Enclosure(f"{village}活动总结.docx", write_text(moment, lines, author=desk.unit))
    borrowed = Enclosure(f"{village}照片4.jpg", render_photo(friend.events[1].scenes[0]))
    photos = desk.photos([f"{village}照片{number}.jpg" for number in range(1, 4)])
    files = [desk.statistics(f"{village}统计表.docx", moment), summary, *photos, borrowed, desk.video("视频.mp4")]
    draft = desk.draft(f"{village}统计表、总结、照片、视频", files, text=f"{village}材料全部补齐，请查收。")
    yield desk.post(
        moment,
        draft,
        "all the rest after the deadline; summary copied, a picture of another village",
        ["statistics", "summary", "photos", "video"],
        ["late", "text-copied", "photo-reused"],
    )


def tell_private(desk: Desk) -> Iterator[Posting]:
    """小辛庄村: from an address that no register knows; the video as a link."""
    village = desk.village.name
    unknown = ["sender-unregistered"]

    moment = at("05-04 11:37")
    draft = desk.draft(f"{village}实施方案", [desk.plan(f"{village}实施方案.docx", moment)], called="实施方案")
    yield desk.post(moment, draft, "plan from an unregistered address", ["plan"], unknown)

    moment = at("05-10 11:20")
    table = desk.progress(f"{village}写实表.docx", moment, desk.rows(ROUNDS[0]))
    draft = desk.draft(f"{village}5月10日写实表", [table], called="写实表")
    posted = desk.post(moment, draft, "progress table from the same address", ["progress@2023-05-10"], unknown)
    yield posted
    yield replace(
        posted,
        arrived_at=at("05-10 11:26"),
        octets=posted.octets.replace(b"11:20:00 +0800 (CST)", b"11:26:00 +0800 (CST)", 1),
        story="the identical mail once more",
        codes=frozenset(),
        answered=False,
    )

    moment = at("05-20 14:02")
    table = desk.progress(f"{village}写实表5.20.docx", moment, desk.rows(ROUNDS[1]), unused_kept=True)
    draft = desk.draft(None, [table], called="写实表")
    yield desk.post(moment, draft, "no subject at all", ["progress@2023-05-20"], unknown)

    moment = at("05-31 21:15")
    table = desk.progress(f"{village}写实表5.31.docx", moment, desk.rows(ROUNDS[2]))
    draft = desk.draft(f"{village}写实表", [table], called="写实表")
    yield desk.post(moment, draft, "in the evening of the last day", ["progress@2023-05-31"], unknown)

    moment = at("06-08 16:45")
    names = ["mmexport1686195601327.jpg", "mmexport1686195604415.jpg", "mmexport1686195609083.jpg"]
    files = [
        desk.statistics(f"{village}统计表.docx", moment),
        desk.summary(f"{village}总结.docx", moment),
        *desk.photos(names),
    ]
    text = f"领导好，{village}的统计表、总结和照片在附件里，视频太大，用超大附件发的，请下载。"
    draft = desk.draft(f"{village}统计表、总结、照片、视频", files, text=text)
    video = BigFile(f"{village}活动视频.mp4", "86.35M", "2023年07月08日 16:44")
    draft = replace(draft, client=Client.QQ_WEB, big_file=video)
    yield desk.post(
        moment,
        draft,
        "the video as a link of QQ Mail",
        ["statistics", "summary", "photos", "video"],
        [*unknown, "cloud-link"],
    )


def tell_technical(desk: Desk) -> Iterator[Posting]:
    """芦河崖村: means well, but its files are shut, empty, cut off or of the wrong kind."""
    village = desk.village.name

    moment = at("05-05 16:50")
    plan = desk.plan(f"{village}活动方案.docx", moment)
    shut = Enclosure(f"{village}活动方案.zip", pack_zip({plan.name: plan.octets}, moment, password=b"529"))
    draft = desk.draft(f"{village}活动方案", [shut], called="活动方案")
    yield desk.post(moment, draft, "plan in an archive with a password", ["plan"], ["file-encrypted"])

    moment = at("05-05 22:47")
    draft = desk.draft(None, [plan], text="")
    yield desk.post(moment, draft, "the plan itself: no subject, no text, an hour before midnight", ["plan"])

    moment = at("05-10 15:30")
    table = desk.progress(f"{village}写实表5月10日.docx", moment, desk.rows(ROUNDS[0]), added_column="备注")
    draft = desk.draft(f"{village}写实表", [table], called="写实表")
    yield desk.post(moment, draft, "a column added to the form", ["progress@2023-05-10"], ["form-changed"])

    moment = at("05-10 20:15")
    table = desk.progress(f"{village}写实表5月10日.docx", moment, desk.rows(ROUNDS[0]))
    draft = desk.draft(f"{village}写实表", [table], text="已改回原来的表格，请查收附件。")
    yield desk.post(moment, draft, "the form as it should be", ["progress@2023-05-10"])

    moment = at("05-19 11:05")
    table = desk.progress(f"{village}写实表5月20日.docx", moment, desk.rows(ROUNDS[1])[ROUNDS[0] :])
    draft = desk.draft(f"{village}5月20日写实表", [table], called="写实表")
    yield desk.post(moment, draft, "only what is new since 10 May", ["progress@2023-05-20"], ["not-cumulative"])

    moment = at("05-20 09:50")
    table = desk.progress(f"{village}写实表（5月20日）.docx", moment, desk.rows(ROUNDS[1]))
    draft = desk.draft("活动总结", [table], text="")
    yield desk.post(moment, draft, "a subject that names something else", ["progress@2023-05-20"])

    moment = at("05-31 16:12")
    empty = Enclosure(f"{village}写实表5月31日.docx", b"")
    draft = desk.draft(f"{village}5月31日写实表", [empty], called="写实表")
    yield desk.post(moment, draft, "a file of no octets", ["progress@2023-05-31"], ["file-empty"])

    moment = at("05-31 23:10")
    table = desk.progress(f"{village}写实表5月31日.docx", moment, desk.rows(ROUNDS[2]))
    draft = desk.draft(f"{village}5月31日写实表", [table], text="刚才的附件没传完，重发一次。")
    yield desk.post(moment, draft, "the file again, whole, before midnight", ["progress@2023-05-31"])

    moment = at("06-08 09:20")
    lines = [f"{village}活动总结", "活动月已经结束，效果很好，群众满意。", f"{village}委会", "2023年6月7日"]
    summary = Enclosure(f"{village}活动总结.docx", write_text(moment, lines, author=desk.unit))
    files = [desk.statistics(f"{village}信息统计表.xlsx", moment), summary]
    draft = desk.draft(f"{village}统计表和总结", files, called="统计表和总结")
    yield desk.post(
        moment, draft, "a summary of one sentence", ["statistics", "summary"], ["text-too-short"], ["text-off-topic"]
    )

    yield from _tell_pictures(desk)
    yield from _tell_last_days(desk)


def _tell_last_days(desk: Desk) -> Iterator[Posting]:
    village = desk.village.name

    moment = at("06-10 10:05")
    whole = desk.video(f"{village}活动视频.mp4")
    cut = Enclosure(whole.name, whole.octets[: len(whole.octets) * 3 // 5])
    draft = desk.draft(f"{village}视频", [cut], called="活动视频")
    yield desk.post(moment, draft, "a video cut off", ["video"], ["video-unreadable"], ["file-unreadable"])

    moment = at("06-10 21:33")
    draft = desk.draft(f"{village}总结（重报）", [desk.summary(f"{village}活动总结.docx", moment)], called="活动总结")
    yield desk.post(moment, draft, "a proper summary in the last evening", ["summary"])

    moment = at("06-11 08:30")
    draft = desk.draft(f"{village}视频（重发）", [whole], text="视频重新发一遍，请查收附件。")
    yield desk.post(moment, draft, "the whole video, a day late", ["video"], ["late"])


def _tell_pictures(desk: Desk) -> Iterator[Posting]:
    village = desk.village.name

    moment = at("06-09 10:40")
    good = desk.photos([f"{village}活动照片{number}.jpg" for number in range(1, 4)])
    png = Enclosure(f"{village}活动照片4.png", render_png(desk.events[3].scenes[0]))
    photo = render_photo(desk.events[4].scenes[0])
    cut = Enclosure(f"{village}活动照片5.jpg", photo[: len(photo) // 2])
    draft = desk.draft(f"{village}活动照片", [*good, png, cut], called="活动照片")
    yield desk.post(
        moment, draft, "a PNG and a JPEG cut off among the photos", ["photos"], ["photo-format", "file-unreadable"]
    )

    for minute, first in (("15:05", 3), ("15:07", 4)):  # one mail for each picture, as from a phone
        moment = at(f"06-09 {minute}")
        name = f"{village}活动照片{first + 1}.jpg"
        draft = desk.draft(f"{village}活动照片", desk.photos([name], first=first), text="重发照片一张。")
        yield desk.post(moment, draft, "one photo more, in a mail of its own", ["photos"])


def tell_stranger(desk: Desk) -> Iterator[Posting]:
    """A village that is in no register sends its table; the town's name in the subject is no village's."""
    moment = at("05-10 17:05")
    table = desk.progress("写实表.docx", moment, desk.rows(ROUNDS[0]))
    draft = Draft(
        client=desk.client,
        name=desk.name,
        address=desk.address,
        subject=f"万张街道{desk.village.name}写实表",
        text="写实表见附件，请查收。",
        files=(table,),
    )
    yield Posting(
        moment,
        write_mail(draft, moment, desk.rng),
        "a village of no register",
        village=None,
        codes=frozenset({"village-unknown"}),
        fair_codes=frozenset({"sender-unregistered", "village-mismatch"}),
    )
