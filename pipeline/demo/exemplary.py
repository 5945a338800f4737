"""Two villages that do everything as asked, and must never be told of a fault: one by archives, one by forwarding."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.demo.archives import pack_zip
from pipeline.demo.desk import ROUNDS, Desk, Posting, at
from pipeline.demo.mail import Client, Draft, Enclosure, write_forward


def tell_by_archives(desk: Desk) -> Iterator[Posting]:
    """万张村: all in zip archives with GBK names; its name is the town's as well."""
    village = desk.village.name

    def packed(name: str, moment: datetime, *files: Enclosure) -> list[Enclosure]:
        return [Enclosure(name, pack_zip({file.name: file.octets for file in files}, moment))]

    moment = at("05-03 09:12")
    files = packed(f"{village}实施方案.zip", moment, desk.plan(f"{village}实施方案.docx", moment))
    draft = desk.draft(f"{village}5.29会员活动月实施方案", files, called="活动月实施方案")
    yield desk.post(moment, draft, "plan in a zip with GBK names", ["plan"])

    for number, (day, due) in enumerate((("05-09 10:20", "10"), ("05-18 16:05", "20"), ("05-30 15:41", "31"))):
        moment = at(day)
        table = desk.progress(f"材料/{village}写实表（5月{due}日）.docx", moment, desk.rows(ROUNDS[number]))
        files = packed(f"{village}5月{due}日写实表.zip", moment, table)
        draft = desk.draft(f"嘉祥县万张街道{village}5月{due}日写实表", files, called="写实表")
        yield desk.post(moment, draft, "progress table in a zip, in a folder", [f"progress@2023-05-{due}"])

    moment = at("06-05 11:30")
    files = packed(
        f"{village}统计表、总结.zip",
        moment,
        desk.statistics(f"{village}信息统计表.docx", moment),
        desk.summary(f"{village}活动总结.docx", moment),
    )
    draft = desk.draft(f"{village}统计表和活动总结", files, called="信息统计表和活动总结")
    yield desk.post(moment, draft, "statistics and summary in one zip", ["statistics", "summary"])

    moment = at("06-05 11:52")
    files = packed(
        f"{village}照片视频.zip",
        moment,
        *desk.photos([f"活动照片/{number}.jpg" for number in range(1, 5)]),
        desk.video("活动视频/会员活动月.mp4"),
    )
    draft = desk.draft(f"{village}活动照片及视频", files, called="活动照片和视频")
    yield desk.post(moment, draft, "photos and video in one zip, a folder for each", ["photos", "video"])


def tell_by_forwarding(desk: Desk) -> Iterator[Posting]:
    """东柳行村: a colleague prepares the files and the registered address forwards them; figures in Excel."""
    village = desk.village.name

    def forwarded(day: str, subject: str, files: list[Enclosure], story: str, deliverables: list[str]) -> Posting:
        moment = at(day)
        inner = Draft(
            client=Client.QQ_PHONE,
            name="柳行小周",
            address="0529310466@qq.com",
            subject=subject,
            text="材料做好了，你看看，没问题就报上去吧。",
            files=tuple(files),
            to=desk.address,
        )
        outer = desk.draft(f"转发：{subject}", [], called="材料")
        octets = write_forward(outer, inner, moment - timedelta(hours=1, minutes=7), moment, desk.rng)
        return Posting(moment, octets, story, desk.village, tuple(deliverables))

    moment = at("05-04 15:26")
    files = [desk.plan(f"{village}活动方案.docx", moment)]
    yield forwarded("05-04 15:26", f"{village}活动方案", files, "plan in a forwarded mail", ["plan"])

    moment = at("05-09 17:02")
    files = [desk.progress("活动进展情况写实表.docx", moment, desk.rows(ROUNDS[0]), unused_kept=True)]
    draft = desk.draft("万张街道东柳行村写实表", files, called="写实表")
    yield desk.post(
        moment, draft, "progress table; only the arrival tells the round, unused rows kept", ["progress@2023-05-10"]
    )

    moment = at("05-19 08:47")
    files = [desk.progress("写实表第二次.docx", moment, desk.rows(ROUNDS[1]))]
    # Between 东柳行村 and 西柳行村 only the document decides.
    yield forwarded(
        "05-19 08:47", "柳行第二次写实表", files, "forwarded; half a name in the subject", ["progress@2023-05-20"]
    )

    moment = at("05-31 10:15")
    files = [desk.progress(f"{village}写实表5.31.docx", moment, desk.rows(ROUNDS[2]))]
    draft = desk.draft(f"{village}第三次写实表", files, called="第三次写实表")
    yield desk.post(moment, draft, "third progress table", ["progress@2023-05-31"])

    moment = at("06-07 09:33")
    files = [
        desk.statistics(f"{village}5.29会员活动月信息统计表.xlsx", moment),
        desk.summary(f"{village}5.29活动总结.docx", moment),
    ]
    draft = desk.draft(f"{village}统计表、总结", files, called="统计表（Excel）和总结")
    yield desk.post(moment, draft, "statistics in Excel, summary", ["statistics", "summary"])

    names = [f"IMG_{event.held_on:%Y%m%d}_0912{30 + number}.jpg" for number, event in enumerate(desk.events[:5])]
    files = [*desk.photos(names, dated=True), desk.video("VID_20230529_093015.mp4")]
    yield forwarded(
        "06-08 14:10",
        f"{village}精选照片和视频",
        files,
        "photos from a camera and video, forwarded",
        ["photos", "video"],
    )
