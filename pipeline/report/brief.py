"""The report in a few lines, for a phone: who has nothing in yet, and what waits for the coordinator."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.report.figures import Figures, Stage
from pipeline.report.matters import Matter, group_matters
from pipeline.report.words import clean_text

_MOST_NAMES = 12
_MOST_MATTERS = 5


def render_brief(figures: Figures, matters: Sequence[Matter]) -> str:
    """Plain text, one thought a line; names no fault of a village, for a group may read it."""
    nothing = [row.village.name for row in figures.rows if row.stage is Stage.NOTHING]
    lines = []
    if nothing:
        more = f"等{len(nothing)}个村" if len(nothing) > _MOST_NAMES else ""
        lines.append(f"还没有收到：{'、'.join(nothing[:_MOST_NAMES])}{more}")
    needs = group_matters(matters)
    if needs:
        lines.append(f"需要人工处理（{len(matters)}件）：")
        lines += [f"- {need.heading}{len(entries)}件" for need, entries in needs[:_MOST_MATTERS]]
        lines += ["- 其他见日报"] if len(needs) > _MOST_MATTERS else []
    else:
        lines.append("没有需要人工处理的事。")
    return clean_text("\n".join(lines) + "\n")
