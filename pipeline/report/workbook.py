"""Renders the report's workbook: 进度总表, 待办清单, 较昨日变化, 来件登记, 问题明细."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.model.finding import Finding
from pipeline.model.ledger import JudgedMessage
from pipeline.model.standing import State
from pipeline.report.correspondence import describe_mail
from pipeline.report.figures import DONE, Figures, Row, Square, Stage
from pipeline.report.matters import Matter, write_title
from pipeline.report.movement import find_moves
from pipeline.report.rows import Value
from pipeline.report.sheet import HEADER_ROW, Book, Heading, add_sheet, put, save_octets
from pipeline.report.words import AUDIENCES, LATE, SEVERITIES, STATES, clean_line, write_deadline, write_share
from pipeline.text.days import write_moment

STAGES: Mapping[Stage, str] = {
    Stage.COMPLETE: "已齐",
    Stage.CHECKING: "待审核",
    Stage.PARTIAL: "待补正",
    Stage.NOTHING: "未报",
}


def render_workbook(
    figures: Figures,
    messages: Sequence[JudgedMessage],
    matters: Sequence[Matter],
    reminders: Mapping[str, int],
) -> bytes:
    """An .xlsx file; the same values always give the same octets."""
    book = Book()
    write_progress(book, figures)
    write_tasks(book, figures, matters, reminders)
    write_moves(book, figures)
    write_mails(book, figures, messages)
    write_findings(book, figures, messages)
    return save_octets(book, figures.now)


def write_progress(book: Book, figures: Figures) -> None:
    """Every village against every deliverable, and how many of those that count are done."""
    headings = [Heading("序号", 6, centred=True), Heading("村", 14)]
    for column in figures.columns:
        deadline = write_deadline(column.deliverable.due_at, figures.campaign.timezone)
        counted = "" if column.counts else "，未计入"
        headings.append(
            Heading(f"{column.deliverable.title}\n（{deadline}截止{counted}）", 17, centred=True, coloured=True)
        )
    headings += [
        Heading("应报", 7, centred=True),
        Heading("合格", 7, centred=True),
        Heading("报送率", 9, centred=True),
        Heading("情况", 10, centred=True, coloured=True),
    ]
    rows = [list_progress(figures, number, row) for number, row in enumerate(figures.rows, start=1)]
    sheet = add_sheet(
        book, "进度总表", f"{figures.campaign.short_title}收集进度总表", write_subtitle(figures), headings, rows
    )
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    total: list[Value] = [None, "合格村数", *(column.done for column in figures.columns)]
    total += [figures.pieces, figures.pieces_done, write_share(figures.pieces_done, figures.pieces), None]
    bottom = HEADER_ROW + len(rows) + 1
    for place, (heading, value) in enumerate(zip(headings, total, strict=True), start=1):
        put(sheet, bottom, place, value, centred=heading.centred, bold=True)


def list_progress(figures: Figures, number: int, row: Row) -> list[Value]:
    """One village's line of 进度总表."""
    done = sum(square.state in DONE for square in row.counted)
    share = write_share(done, len(row.counted))
    words = [write_square(figures, square) for square in row.squares]
    return [number, row.village.name, *words, len(row.counted), done, share, STAGES[row.stage]]


def write_square(figures: Figures, square: Square) -> str:
    """合格, 合格（迟）, 未到期（延至6月15日）."""
    remarks = [LATE] if square.late else []
    if square.extended:
        remarks.append(f"延至{write_deadline(square.due_at, figures.campaign.timezone)}")
    return STATES[square.state] + (f"（{'，'.join(remarks)}）" if remarks else "")


def write_tasks(book: Book, figures: Figures, matters: Sequence[Matter], reminders: Mapping[str, int]) -> None:
    """First what waits for the coordinator, then what each village owes."""
    headings = [
        Heading("由谁办", 10, centred=True),
        Heading("类别", 24, coloured=True),
        Heading("村", 14),
        Heading("材料", 26),
        Heading("截止", 12, centred=True),
        Heading("情况", 60),
        Heading("怎么办", 40),
        Heading("联系人", 20),
        Heading("已提醒", 8, centred=True),
    ]
    rows = [list_matter(matter) for matter in matters]
    for row in figures.rows:
        rows += [
            list_debt(figures, row, square, reminders.get(row.village.name, 0))
            for square in row.having(State.MISSING, State.RETURNED, State.NOT_DUE)
        ]
    add_sheet(book, "待办清单", f"{figures.campaign.short_title}待办清单", write_subtitle(figures), headings, rows)


def write_moves(book: Book, figures: Figures) -> None:
    """Every square that is another than the day before."""
    headings = [
        Heading("变化", 20),
        Heading("村", 16),
        Heading("材料", 36),
        Heading("昨日", 14, centred=True, coloured=True),
        Heading("今日", 14, centred=True, coloured=True),
    ]
    rows: list[list[Value]] = []
    for move in find_moves(figures):
        for village, deliverables in move.pieces:
            for each in deliverables:
                before, now = figures.square_before(village, each.id), figures.square(village, each.id)
                words = [STATES[square.state] if square else "" for square in (before, now)]
                rows.append([move.heading, village, each.title, *words])
    title = f"{figures.campaign.short_title}较昨日变化"
    add_sheet(book, "较昨日变化", title, write_subtitle(figures), headings, rows or [["没有变化", "", "", "", ""]])


def list_matter(matter: Matter) -> list[Value]:
    """The coordinator's line of 待办清单."""
    category = f"【急】{matter.need.heading}" if matter.need.urgent else matter.need.heading
    parts = (matter.text, matter.origin, f"链接：{matter.url}" if matter.url else "")
    text = "\n".join(part for part in parts if part)
    return ["您", category, matter.village, matter.title, "", text, matter.need.todo, "", None]


def list_debt(figures: Figures, row: Row, square: Square, reminded: int) -> list[Value]:
    """A village's line of 待办清单."""
    problems = "\n".join(clean_line(finding.message) for finding in square.errors)
    todo = {State.RETURNED: "请村里补正后直接回复原邮件", State.NOT_DUE: "请村里按时报送"}.get(square.state)
    return [
        "村里",
        STATES[square.state],
        row.village.name,
        square.deliverable.title,
        write_deadline(square.due_at, figures.campaign.timezone),
        problems or "还没有收到",
        todo or "请村里尽快报送",
        clean_line(row.village.contact),
        reminded,
    ]


def write_mails(book: Book, figures: Figures, messages: Sequence[JudgedMessage]) -> None:
    """Every mail: from whom, with what, what came of it, answered or why not."""
    headings = [
        Heading("收到时间", 17, centred=True),
        Heading("发件人", 18),
        Heading("邮箱", 26),
        Heading("主题", 36),
        Heading("村", 14),
        Heading("材料", 30),
        Heading("文件", 40),
        Heading("结果", 24),
        Heading("回复", 12, centred=True),
        Heading("没有回复的原因", 34),
        Heading("系统和邮件服务器的原话", 30),
    ]
    rows: list[list[Value]] = []
    for mail in sorted((describe_mail(figures.campaign, each) for each in messages), key=lambda each: each.received_at):
        files = [
            clean_line(" / ".join(each.path)) + ("（已隔离）" if each.quarantined else "")
            for each in mail.message.attachments
        ]
        files += [f"（链接）{clean_line(each.link.name)} {clean_line(each.link.url)}" for each in mail.message.links]
        said = clean_line("；".join(part for part in (mail.message.trouble, mail.message.reply.note) if part))
        rows.append(
            [
                mail.received_at.replace(tzinfo=None),  # a workbook's times have no zone
                clean_line(mail.message.sender.name),
                mail.address,
                mail.subject,
                mail.villages,
                mail.files,
                "\n".join(files),
                mail.result,
                mail.reply,
                mail.why,
                said,
            ]
        )
    add_sheet(book, "来件登记", f"{figures.campaign.short_title}来件登记", write_subtitle(figures), headings, rows)


def write_findings(book: Book, figures: Figures, messages: Sequence[JudgedMessage]) -> None:
    """Every finding of these mails, and of the versions in force."""
    headings = [
        Heading("村", 14),
        Heading("材料", 26),
        Heading("文件", 34),
        Heading("位置", 16),
        Heading("问题", 64),
        Heading("程度", 10, centred=True, coloured=True),
        Heading("告知谁", 10, centred=True),
        Heading("来件时间", 17, centred=True),
        Heading("来件主题", 36),
    ]
    found: dict[Finding, JudgedMessage | None] = {}
    for message in messages:
        found.update(dict.fromkeys(message.findings, message))
    for row in figures.rows:
        for square in row.squares:
            for finding in square.findings:
                found.setdefault(finding, None)
    order = {row.village.name: place for place, row in enumerate(figures.rows)}
    rows = [list_finding(figures, finding, message) for finding, message in found.items()]
    rows.sort(key=lambda values: order.get(str(values[0]), len(order)))
    add_sheet(book, "问题明细", f"{figures.campaign.short_title}问题明细", write_subtitle(figures), headings, rows)


def list_finding(figures: Figures, finding: Finding, message: JudgedMessage | None) -> list[Value]:
    """One finding's line of 问题明细."""
    zone = figures.campaign.timezone
    return [
        finding.village or (message.village if message else None) or "",
        write_title(figures, finding.deliverable),
        clean_line(finding.attachment or ""),
        clean_line(finding.where),
        clean_line(finding.message),
        SEVERITIES[finding.severity],
        AUDIENCES[finding.audience],
        message.received_at.astimezone(zone).replace(tzinfo=None) if message else None,
        clean_line(message.subject) if message else "",
    ]


def write_subtitle(figures: Figures) -> str:
    """Whose figures these are, and of when."""
    campaign = figures.campaign
    return f"{campaign.issuer}　数据截至{write_moment(figures.now, campaign.timezone)}"
