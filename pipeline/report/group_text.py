"""The words that the coordinator may forward to the work group: thanks first, then who still owes what.

Names no village's faults beyond the titles it owes, ranks nobody, threatens nobody: all the villages read it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.campaign import Deliverable
from pipeline.model.standing import State
from pipeline.report.figures import Figures, Row, Stage
from pipeline.report.words import clean_text, join_titles, write_deadline
from pipeline.text.days import write_moment

SHOWN_VILLAGES = 200  # of a sort; the largest township has 170


def render_group_text(figures: Figures) -> str:
    """A message of plain text, one thought a line."""
    campaign, rows = figures.campaign, figures.rows
    moment = write_moment(figures.now, campaign.timezone)
    lines = [f"各位同志好！{campaign.short_title}报送情况如下（截至{moment}）："]
    complete = [row for row in rows if row.stage is Stage.COMPLETE]
    checking = [row for row in rows if row.stage is Stage.CHECKING]
    partial = [row for row in rows if row.stage is Stage.PARTIAL]
    nothing = [row for row in rows if row.stage is Stage.NOTHING]
    if complete and not (checking or partial or nothing):
        lines.append(f"到目前应报的材料，{len(complete)}个村已全部报齐。感谢各村的支持配合，大家辛苦了！")
    elif complete:
        lines.append(f"{name_villages(complete)}共{len(complete)}个村已按要求报齐，感谢支持配合，辛苦了！")
    if checking:
        lines.append(f"{name_villages(checking)}的材料已收到，正在核对。")
    if partial:
        lines.append("以下各村的材料已收到一部分，谢谢！还请补充：")
        lines += [f"{row.village.name}：{write_owed(row)}" for row in partial[:SHOWN_VILLAGES]]
        if len(partial) > SHOWN_VILLAGES:
            lines.append(f"其余{len(partial) - SHOWN_VILLAGES}个村请见各乡镇的通知。")
    if nothing:
        lines.append(f"目前还没有收到{name_villages(nothing)}的材料，应报：{join_titles(figures.counted)}。")
    if partial or nothing:
        lines.append("请以上各村抽空办理，发到原来的邮箱即可，已合格的不用重发；如刚刚发出，请忽略本条。")
    lines += write_coming(figures)
    contact = campaign.contact or campaign.issuer
    lines.append(f"如有困难，请及时联系{contact}。名单按村名册顺序，不分先后。谢谢大家！" if rows else "谢谢大家！")
    return clean_text("\n".join(lines) + "\n")


def name_villages(rows: Sequence[Row]) -> str:
    """The villages' names in a row, as many as a chat can hold."""
    names = "、".join(row.village.name for row in rows[:SHOWN_VILLAGES])
    return names if len(rows) <= SHOWN_VILLAGES else f"{names}等"


def write_owed(row: Row) -> str:
    """What a village has still to send, and what to mend."""
    unsent = [square.deliverable for square in row.having(State.MISSING, State.NOT_DUE)]
    returned = [square.deliverable for square in row.having(State.RETURNED)]
    parts = [f"还差{join_titles(unsent)}" if unsent else "", f"请补正{join_titles(returned)}" if returned else ""]
    return "；".join(part for part in parts if part) + "。"


def write_coming(figures: Figures) -> list[str]:
    """A reminder of the next deadline ahead; nothing where all have passed."""
    ahead = [column.deliverable for column in figures.columns if not column.past]
    if not ahead:
        return []
    first = min(each.due_at for each in ahead)
    coming: list[Deliverable] = [each for each in ahead if each.due_at == first]
    deadline = write_deadline(first, figures.campaign.timezone)
    return [f"温馨提示：{join_titles(coming)}请于{deadline}前报送{'' if ':' in deadline else '（含当日）'}。"]
