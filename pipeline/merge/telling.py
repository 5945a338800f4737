"""What was made and what is missing, as the terminal says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pipeline.merge import Merged
from pipeline.merge.gathering import Gap, group_gaps

_MOST_NAMED: Final = 100  # villages; all of them stand in the index


def tell_merged(merged: Merged) -> str:
    """Lines for the operator: what was made, what is missing by deliverable, and what a person must see to."""
    lines = [f"汇总材料：{merged.folder}"]
    lines += [f"  {name}" for name in merged.documents]
    lines.append(f"  照片{merged.photos}张，视频{merged.videos}个")
    troubles = frozenset(merged.troubles)
    told = {gap for gap in merged.gaps if f"{gap.village}的{gap.title}：{gap.why}" in troubles}
    missing = list(_by_title(gap for gap in merged.gaps if gap.waits and gap not in told))
    excused = list(_by_title(gap for gap in merged.gaps if not gap.waits))
    lines += [f"还缺：{line}" for line in missing]
    lines += [f"不用报：{line}" for line in excused]
    lines += [f"需要处理：{trouble}" for trouble in merged.troubles]
    if not missing and not merged.troubles:
        lines.append("各村材料已收齐。")
    return "\n".join(lines)


def _by_title(gaps: Iterable[Gap]) -> Iterable[str]:
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.title, []).append(gap)
    return (
        f"{title}：{'；'.join(group_gaps(((each.village, each.why) for each in of), _MOST_NAMED))}"
        for title, of in found.items()
    )
