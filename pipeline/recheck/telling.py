"""What a recheck found, as the terminal says it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pipeline.model.campaign import Campaign
from pipeline.model.finding import Finding, Severity
from pipeline.model.ledger import JudgedMessage
from pipeline.model.standing import Standing, State
from pipeline.model.verdict import Disposition
from pipeline.recheck import Change, MailChange, Rechecked
from pipeline.report.words import STATES, clean_line
from pipeline.text.days import write_moment

_NOT_YET = {State.MISSING, State.NOT_DUE}
_WEIGHTS = {Severity.ERROR: "须改", Severity.WARNING: "提示", Severity.INFO: "说明"}
_DISPOSITIONS = {
    Disposition.SUBMISSION: "报送",
    Disposition.UNRECOGNISED: "未识别",
    Disposition.IGNORED: "不处理",
    None: "未能核对",
}


def tell_rechecked(result: Rechecked, campaign: Campaign) -> str:
    """Lines for the operator: per village what comes out otherwise, then the mails, then what to do."""
    if not result.judged:
        return (
            f"{result.mails}封来件都是按现行规则核对的，不用重新核对。要全部再核对一遍，请运行：baosong recheck --all"
        )
    lines = [f"已按现行规则重新核对{result.judged}封来件。"]
    for village, changes in groupby(result.changes, key=lambda each: each.village):
        lines += ["", village, *(line for change in changes for line in _tell_change(change))]
    lines += _tell_mails(result, campaign)
    lines += ["", *(f"需要处理：{trouble}" for trouble in result.troubles)]
    return "\n".join([*lines, *_tell_end(result)]).replace("\n\n\n", "\n\n")


def _tell_change(change: Change) -> Iterator[str]:
    title = change.deliverable.title
    before, after = _stands(change.before), _stands(change.after)
    how = f"{before} → {after}" if before != after else f"{after}，状态不变"
    remark = "，保留人工决定" if change.ruled else ""
    yield f"  {title}：{how}{remark}" + ("" if change.weighty else "，文件内容的读法有变化")
    yield from (f"    不再有  {_tell_finding(finding)}" for finding in change.gone)
    yield from (f"    新发现  {_tell_finding(finding)}" for finding in change.new)


def _stands(standing: Standing) -> str:
    late = "（迟）" if standing.late and standing.state not in _NOT_YET else ""
    return STATES[standing.state] + late


def _tell_finding(finding: Finding) -> str:
    return f"{_WEIGHTS[finding.severity]}：{clean_line(finding.message)}"


def _tell_mails(result: Rechecked, campaign: Campaign) -> Iterator[str]:
    refiled = [each for each in result.mail_changes if each.refiled]
    if refiled:
        yield ""
        yield "认法有变化的来件"
    for each in refiled:
        yield from _tell_refiled(each, campaign)
    if others := len(result.mail_changes) - len(refiled):
        yield ""
        yield f"另有{others}封来件的核对意见有变化。"


def _tell_refiled(change: MailChange, campaign: Campaign) -> Iterator[str]:
    old, new = change.before, change.after
    subject = clean_line(new.subject, 60) or "（无主题）"
    how = _disposed(old) if _disposed(old) == _disposed(new) else f"{_disposed(old)} → {_disposed(new)}"
    yield f"  {write_moment(new.received_at, campaign.timezone)} {new.sender.address} “{subject}”：{how}"
    titles = {each.id: each.title for each in campaign.deliverables}
    known = {each.path: each for each in old.attachments}
    for file in new.attachments:
        before = known.get(file.path)
        was = f"{before.village or '村名未知'} {titles.get(before.deliverable or '', '未识别')}" if before else "没有"
        now = f"{file.village or '村名未知'} {titles.get(file.deliverable or '', '未识别')}"
        if was != now:
            yield f"    {clean_line(file.name)}：{was} → {now}"


def _disposed(message: JudgedMessage) -> str:
    return _DISPOSITIONS[message.disposition] + (f"（{message.village}）" if message.village else "")


def _tell_end(result: Rechecked) -> Iterator[str]:
    if result.troubles:
        yield "重新核对没有完成，台账没有改动。请处理后再运行。"
        return
    if not result.changed:
        yield "结果与台账一致，没有变化。"
        return
    villages = len({each.village for each in result.changes})
    yield f"有变化：{villages}个村{len(result.changes)}项材料，{len(result.mail_changes)}封来件。"
    if not result.applied:
        yield "台账没有改动，也没有发信。要按新结果登记，请运行：baosong recheck --apply"
        yield "登记并写信告知有变化的村，请运行：baosong recheck --mail"
        return
    yield f"已按新结果登记，原来的记录保留在台账里。写给各村的信{result.letters}封。"
