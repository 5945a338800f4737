"""What a person sees on a terminal: tables, and plain text in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

import click

from pipeline.model.campaign import Campaign
from pipeline.model.finding import Severity
from pipeline.model.ledger import Act, JudgedMessage
from pipeline.model.letter import LetterState
from pipeline.model.message import Reason
from pipeline.model.standing import Standing, State
from pipeline.model.verdict import Disposition, Verdict
from pipeline.model.work import Unit
from pipeline.text.days import write_date, write_moment, write_month_day

if TYPE_CHECKING:  # who merely looks waits for none of them to load
    from rich.console import Console
    from rich.table import Table

    from pipeline.engine.tasks import Work
    from pipeline.ledger.rollup import Tally
    from pipeline.outbox.sending import SendReport
    from pipeline.outline import Outline
    from pipeline.quarantine import Held
    from pipeline.reminding import Reminders
    from pipeline.run import PollResult
    from pipeline.stocktaking import Stocktaking

_MOST_IN_A_TABLE = 2000  # villages; what is longer goes to the terminal line by line

# As the report and the page say it (pipeline.report.words), which are long to load.
STATE_WORDS = {
    State.NOT_DUE: ("未到期", "dim"),
    State.MISSING: ("未报", "red"),
    State.RETURNED: ("待补正", "yellow"),
    State.REVIEW: ("待审核", "cyan"),
    State.ACCEPTED: ("合格", "green"),
    State.WAIVED: ("免报", "dim"),
    State.NIL: ("零报告", "green"),
}
_UNITS = {
    Unit.POLL: "收信",
    Unit.JUDGE: "核对",
    Unit.SEND: "发信",
    Unit.REMIND: "提醒",
    Unit.REPORT: "日报",
}
_TASK_STATES = {"todo": "等待", "doing": "正在做", "failed": "多次失败", "unserved": "无人处理"}
_DISPOSITIONS = {
    Disposition.SUBMISSION: "报送",
    Disposition.UNRECOGNISED: "未识别",
    Disposition.IGNORED: "不处理",
    None: "未核对",
}
_REASONS = {
    Reason.OWN: "本单位自己的邮件",
    Reason.BOUNCE: "退信",
    Reason.RECEIPT: "回执",
    Reason.AUTO_REPLY: "自动回复",
    Reason.BULK: "群发邮件",
    Reason.DUPLICATE: "同一封邮件重复送达",
    Reason.NOTHING_SENT: "没有附件，也未说明是哪个村的材料",
    Reason.CAP: "今天答复该地址已达上限",
    Reason.NO_ADDRESS: "没有可答复的地址",
    Reason.REPEATED: "回复内容与前一封相同，没有附件",
    Reason.DEAD_ADDRESS: "给该地址的信被退回，不再发",
}
_REPLIES = {
    LetterState.NONE: "未答复",
    LetterState.QUEUED: "待发",
    LetterState.SENDING: "发送中",
    LetterState.SENT: "已答复",
    LetterState.HELD: "没有发出",
}


def say_reminders(reminders: Reminders, sending: SendReport | None = None) -> None:
    """Whom, with what, the words of the first letter, who must be called, and the words for the work group.

    ``sending``: what went out; None for a preview.
    """
    for letter in reminders.letters:
        click.echo(f"{letter.to.address}  {letter.subject}")
    if reminders.letters and sending is None:
        click.echo(f"\n---- 第一封的内容 ----\n{reminders.letters[0].text}----\n")
    if reminders.already:
        click.echo(f"今天已提醒过，不再提醒：{'、'.join(reminders.already)}")
    for each in reminders.unreachable:
        click.echo(f"请打电话：{each.village}（{each.why}）{each.contact}".rstrip())
    click.echo(f"\n---- 可转发到工作群 ----\n{reminders.group_text}----\n")
    count = len(reminders.letters)
    if sending is None:
        later = f"{reminders.quiet}，现在不发。" if reminders.quiet else "这是预览，没有发出。"
        click.echo(f"要提醒{count}个村。{later}")
    else:
        click.echo(f"已写提醒{count}封，寄出{sending.sent}封（含其他待发的信）。{sending.note}")


def say_poll(result: PollResult) -> None:
    """What a round did, in a line, and what the operator must see to."""
    sending = result.sending
    words = [f"新收{result.fetched}封", f"核对{result.judged}封", f"寄出{sending.sent}封"]
    if sending.postponed:
        words.append(f"{sending.postponed}封稍后再寄")
    if sending.held:
        words.append(f"{sending.held}封待人工处理")
    click.echo("，".join(words) + "。")
    for trouble in result.troubles:
        click.secho(f"需要处理：{trouble}", fg="red")


def say_stock(stock: Stocktaking, failures: Sequence[str] = ()) -> None:
    """What still differs after a repair."""
    lines = [*(each.said for each in stock.differences), *dict.fromkeys((*failures, *stock.troubles))]
    for line in lines:
        click.secho(f"需要处理：{line}", fg="red")
    if not lines:
        _say(f"对账：邮箱{stock.on_server}封，台账{stock.in_ledger}封，原件齐全。")


def show_quarantine(held: Sequence[Held], campaign: Campaign) -> None:
    """Each quarantined mail in a few lines."""
    for each in held:
        received = each.received_at.astimezone(campaign.timezone)
        sender = each.sender.name or each.sender.address or "发件人不明"
        _say(f"{each.digest[:8]}  {received:%m-%d %H:%M}  {sender}  {each.subject or '（无主题）'}")
        _say(f"    {each.trouble}")
        _say(f"    原件：{each.path}" if each.path else "    原件不在缓存里，请运行 baosong poll --repair")
    if not held:
        _say("没有隔离的邮件。")


def show_status(campaign: Campaign | Outline, standings: Iterable[Standing], as_of: datetime) -> None:
    """The ledger: a row for each village."""
    villages = [(village, list(rows)) for village, rows in groupby(standings, key=lambda each: each.village)]
    if not _console().is_terminal or len(villages) > _MOST_IN_A_TABLE:
        titles = {each.id: each.title for each in campaign.deliverables}
        for village, rows in villages:
            words = (f"{titles[each.deliverable]}={_state(each, plain=True)}" for each in rows)
            click.echo(f"{village}\t" + "\t".join(words))  # rich would turn the tabs into blanks
        return
    moment = as_of.astimezone(campaign.timezone)
    table = _table(title=f"{campaign.short_title}　{write_date(moment)} {moment:%H:%M}")
    table.add_column("村", no_wrap=True)
    for deliverable in campaign.deliverables:
        table.add_column(deliverable.title, overflow="fold")
    table.add_column("合格", justify="right")
    for village, rows in villages:
        done = sum(each.state in (State.ACCEPTED, State.WAIVED, State.NIL) for each in rows)
        table.add_row(village, *map(_state, rows), f"{done}/{len(rows)}")
    _console().print(table)


def _state(standing: Standing, *, plain: bool = False) -> str:
    word, style = STATE_WORDS[standing.state]
    word += "（迟）" if standing.late else ""
    return word if plain else f"[{style}]{word}[/]"


def show_acts(acts: Sequence[Act], campaign: Campaign) -> None:
    """What people decided, the newest first, each with the number by which it can be undone."""
    from pipeline.report.words import describe_act  # noqa: PLC0415 (with the whole report, long to load)

    if not acts:
        click.echo("还没有人工决定。")
    for act in acts:
        mark = "（已撤销）" if act.undone else ""
        why = f"，{act.why}" if act.why else ""
        moment = write_moment(act.at, campaign.timezone)
        click.echo(f"{act.id:>4}  {moment}  {act.who}  {describe_act(act, campaign)}{why}{mark}")


def show_messages(messages: Iterable[JudgedMessage], campaign: Campaign) -> None:
    """Each mail in a few lines, the newest last."""
    for message in messages:
        received = message.received_at.astimezone(campaign.timezone)
        reason = message.reason or message.reply.reason
        why = f"（{_REASONS[reason]}）" if reason else ""
        _console().print(
            f"{received:%m-%d %H:%M}  {_DISPOSITIONS[message.disposition]}{why}  {message.sender.address}  "
            f"{message.subject or '（无主题）'}",
            markup=False,
            soft_wrap=True,
        )
        for each in message.attachments:
            title = campaign.deliverable(each.deliverable).title if each.deliverable else "未识别"
            mark = "（已隔离）" if each.quarantined else ""
            _say(f"    {' / '.join(each.path)}{mark}  →  {each.village or '村名未知'} {title}")
        for finding in message.findings:
            _say(f"    {_weight(finding.severity)}  {finding.message}")
        if message.reply.state is not LetterState.NONE:
            note = f"（{message.reply.note}）" if message.reply.note else ""
            _say(f"    {_REPLIES[message.reply.state]} {message.reply.to}{note}")
        if message.trouble:
            _say(f"    本系统出错：{message.trouble}")


@cache
def _console() -> Console:
    from rich.console import Console  # noqa: PLC0415 (longer to load than most rounds take)

    return Console(highlight=False)


def _table(*columns: str, title: str | None = None) -> Table:
    from rich.table import Table  # noqa: PLC0415 (as above)

    return Table(*columns, title=title)


def _say(line: str) -> None:
    _console().print(line, markup=False, soft_wrap=True)


def _weight(severity: Severity) -> str:
    return {Severity.ERROR: "须改", Severity.WARNING: "提示", Severity.INFO: "说明"}[severity]


def show_verdict(names: Sequence[str], verdict: Verdict) -> None:
    """What ``check`` found."""
    _say("、".join(names))
    for outcome in verdict.outcomes:
        _say(f"  {outcome.village} {outcome.deliverable}：{STATE_WORDS[outcome.state][0]}")
    for finding in verdict.findings:
        _say(f"  {_weight(finding.severity)}  {finding.message}")
    if not verdict.findings:
        _say("  没有发现问题")


def show_rollup(tallies: Sequence[Tally], whole: Tally, as_of: datetime) -> None:
    """Every office's figures, and all together."""
    table = _table("单位", "活动", "村数", "应报", "已报", "报送率", "其中迟报", "待审核", "待补正", "未报")
    for each in (*tallies, whole):
        figures = (each.late, each.review, each.returned, each.missing)
        rate = f"{each.delivered / each.due:.1%}" if each.due else "—"
        table.add_row(
            each.office, each.campaign, str(each.villages), str(each.due), str(each.delivered), rate, *map(str, figures)
        )
    table.title = f"截至{as_of:%Y年%m月%d日 %H:%M}"
    _console().print(table)


def show_queue(work: Work, now: datetime) -> None:
    """What is still to be done."""
    _say(f"等待核对的邮件：{work.waiting}封")
    _say(f"等待发出的信：{work.due}封")
    if work.quarantined:
        _say(f"核对出错、等人查看的邮件：{work.quarantined}封（查看：baosong quarantine）")
    if work.workers is not None:
        hint = "，请启动 baosong worker" if not work.workers else ""
        _say(f"正在运行的处理进程：{work.workers}个{hint}")
    if not work.tasks:
        _say("没有排队的工作。")
        return
    table = _table("工作", "单位", "状态", "时间", "失败次数", "上次为什么没做成")
    for task in work.tasks:
        words = "等下次再做" if task.status == "todo" and task.at and task.at > now else _TASK_STATES[task.status]
        moment = f"{task.at.astimezone(now.tzinfo):%m-%d %H:%M:%S}" if task.at else ""
        failures = str(task.attempts) if task.attempts else ""
        table.add_row(_UNITS[task.unit], task.office, words, moment, failures, task.trouble)
    _console().print(table)
    if any(task.status == "failed" for task in work.tasks):
        _say("多次失败的工作请让维护人员看一看日志。")
    if unserved := sorted({task.office for task in work.tasks if task.status == "unserved"}):
        _say(
            f"没有处理进程处理的单位：{'、'.join(unserved)}。请把它们的文件夹交给 baosong worker；"
            f"已撤销的，运行 baosong queue --drop {unserved[0]}"
        )
    if any(task.attempts for task in work.tasks):
        _say("要马上再做：baosong queue --retry")


def show_campaign(campaign: Campaign) -> None:
    """That a campaign's file is in order, and what it says."""
    _say(f"规则文件没有问题：{campaign.title}")
    for deliverable in campaign.deliverables:
        checks = sum(setting.enabled for setting in deliverable.checks.values())
        due = f"{write_month_day(deliverable.due_on)}前"
        _say(f"  {deliverable.id:<22}{deliverable.title}，{due}，{deliverable.format_words}，核对{checks}项")
