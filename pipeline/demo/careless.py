"""西柳行村: forgets this and that, is told, and mends it each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.demo.activities import describe
from pipeline.demo.desk import ROUNDS, Desk, Posting, at
from pipeline.demo.forms import Row, fill_progress
from pipeline.demo.mail import Enclosure
from pipeline.demo.villages import OFFICE_ADDRESS, OFFICE_NAME


def tell_careless(desk: Desk) -> Iterator[Posting]:
    """Forgotten file, blank unit, rows without time, place or people, one photo, a blank figure: and each mended."""
    village = desk.village.name

    moment = at("05-05 09:05")
    text = f"领导好！{village}活动月实施方案见附件，请查收。"
    draft = desk.draft(f"{village}活动方案", [], text=text)
    yield desk.post(moment, draft, "speaks of a file and carries none", [], ["attachment-missing"])

    moment = at("05-05 19:48")
    draft = desk.draft(f"回复：{village}活动方案", [desk.plan(f"{village}活动方案.docx", moment)], called="活动方案")
    draft = replace(draft, quoted=_quoted(desk, "5月5日 18:01", "附件未收到"))
    yield desk.post(moment, draft, "the forgotten plan, still on the last day", ["plan"])

    moment = at("05-09 15:30")
    table = fill_progress(desk.blank_progress, moment, _faulty_rows(desk), unit="", unused_kept=True)
    draft = desk.draft(f"{village}写实表", [Enclosure(f"{village}写实表5月10日.docx", table)], called="写实表")
    yield desk.post(
        moment,
        draft,
        "unit blank; rows without time, place, people; one photo only; sample text left",
        ["progress@2023-05-10"],
        [
            "unit-blank",
            "placeholder-left",
            "activity-no-time",
            "activity-no-place",
            "activity-no-people",
            "activity-photos",
        ],
    )

    moment = at("05-10 09:14")
    table_file = desk.progress(f"{village}写实表5月10日（改）.docx", moment, desk.rows(ROUNDS[0]))
    draft = desk.draft(f"回复：{village}写实表（更正）", [table_file], text="已按要求改好，请再看看。谢谢！")
    draft = replace(draft, quoted=_quoted(desk, "5月9日 18:02", "请补正"))
    yield desk.post(moment, draft, "the table mended, as an answer to our letter", ["progress@2023-05-10"])

    moment = at("05-19 16:22")
    rows = desk.rows(ROUNDS[1])
    strayed = replace(desk.events[3], held_on=desk.events[3].held_on.replace(month=6))
    rows[3] = replace(rows[3], account=describe(strayed, labelled=desk.labelled))
    table_file = desk.progress(f"{village}写实表5月20日.docx", moment, rows)
    draft = desk.draft(f"{village}5月20日写实表", [table_file], called="写实表")
    yield desk.post(moment, draft, "a slip in a date: June for May", ["progress@2023-05-20"], ["activity-date-outside"])

    moment = at("05-31 17:20")
    table_file = desk.progress(f"{village}写实表5月31日.docx", moment, desk.rows(ROUNDS[2]))
    draft = desk.draft(f"{village}5月31日写实表", [table_file], called="写实表")
    yield desk.post(moment, draft, "third table, nothing wrong", ["progress@2023-05-31"])

    moment = at("06-07 10:08")
    statistics = desk.statistics(f"{village}统计表.docx", moment, without="visit-people")
    summary = desk.summary(f"{village}活动总结.docx", moment)
    draft = desk.draft(f"{village}统计表及总结", [statistics, summary], called="统计表和总结")
    yield desk.post(
        moment, draft, "a figure left blank", ["statistics", "summary"], ["cell-blank"], ["figures-inconsistent"]
    )

    moment = at("06-07 20:31")
    statistics = desk.statistics(f"{village}统计表（更正）.docx", moment)
    draft = desk.draft(f"回复：{village}统计表", [statistics], text="人数已补填，请查收。")
    draft = replace(draft, quoted=_quoted(desk, "6月7日 18:01", "请补正"))
    yield desk.post(moment, draft, "the figure filled in", ["statistics"])

    moment = at("06-08 08:40")
    draft = desk.draft(f"{village}照片", desk.photos(["微信图片_20230606143001.jpg", "微信图片_20230606143002.jpg"]))
    yield desk.post(moment, draft, "two photos where three are asked", ["photos"], ["photo-count"])

    moment = at("06-09 09:02")
    photos = desk.photos(["微信图片_20230609085511.jpg", "微信图片_20230609085512.jpg"], first=2)
    draft = desk.draft(f"{village}补报照片", photos, text=f"{village}补报照片2张，请查收。")
    yield desk.post(moment, draft, "two more photos complete the set", ["photos"])

    moment = at("06-09 09:26")
    draft = desk.draft(f"{village}视频", [desk.video(f"{village}活动视频.mp4")], called="活动视频")
    yield desk.post(moment, draft, "the video in a mail of its own", ["video"])


def _faulty_rows(desk: Desk) -> list[Row]:
    """What was known by the first round, each row wanting in something else."""
    first, second = desk.rows(ROUNDS[0])
    sample = "ＸＸ村委"  # as it stands in the blank form
    return [
        replace(first, unit=sample, account=describe(desk.events[0], without="when"), sample_left=True),
        replace(second, unit=sample, account=describe(desk.events[1], without="where"), pictures=second.pictures[:1]),
        replace(
            first,
            unit=sample,
            account="5月6日上午，在村文化广场，悬挂横幅3条，摆放展板6块，张贴宣传画20张，播放婚育文化广播。",
            pictures=second.pictures[:2],
        ),
    ]


def _quoted(desk: Desk, sent: str, subject: str) -> str:
    return (
        f'发件人: "{OFFICE_NAME}" <{OFFICE_ADDRESS}>;\n发送时间: 2023年{sent}\n'
        f'收件人: "{desk.name}" <{desk.address}>;\n主题: 【{subject}】{desk.village.name}材料\n\n'
        f"{desk.unit}：来件收悉，有关事项请按要求补正后直接回复本邮件。"
    )
