"""What is said of a material -> formats and checks, and what of it the rules cannot hold. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.drafting.describing import Said
from pipeline.drafting.terms import FILMS, PICTURES, Bound, Unit, Untold
from pipeline.drafting.values import Blank, CheckDraft
from pipeline.model.campaign import Kind

# Only Han characters are counted, where Word and the notice count figures and marks too.
_HAN_OF_WORDS: Final = 0.8
_ABOUT: Final = 0.8  # 左右, 约
_USUAL_WORDS: Final = 150  # where the notice says nothing: less is a title and two sentences
_LEAST_WORDS: Final = 2  # of the subject: by one alone honest texts would be called off topic
_LIST_WORDS: Final = 10
_NO_LIMIT: Final = 99
_USUAL_SECONDS: Final = 5


@dataclass(slots=True)
class Demands:
    """What the rules are to ask of one material, while it is gathered."""

    formats: tuple[str, ...] = ()
    checks: list[CheckDraft] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    untold: list[Untold] = field(default_factory=list)
    counted: str = ""


def find_demands(kind: Kind, said: Said, *, listed: bool, blank: Blank | None, words: Sequence[str]) -> Demands:
    """The formats and checks of a material. ``listed``: a table or list that is taken as text, for want of a form.

    ``words``: of the campaign's subject.
    """
    demands = Demands(untold=list(said.untold))
    match kind:
        case Kind.PROSE:
            _of_prose(demands, said, listed=listed, words=words)
        case Kind.ACTIVITIES | Kind.FIGURES:
            _of_table(demands, said, kind, blank)
        case Kind.PHOTOS:
            _of_photos(demands, said)
        case Kind.VIDEOS:
            _of_videos(demands, said)
    for bound in said.bounds:
        if bound.unit is Unit.COPIES and max(bound.low or 0, bound.high or 0) > 1:
            demands.untold.append(Untold(bound.quote, "copies"))
        if bound.unit is Unit.MEGABYTES:
            demands.untold.append(Untold(bound.quote, "size"))
    return demands


# --- texts ------------------------------------------------------------------------------------------------------------


def _of_prose(demands: Demands, said: Said, *, listed: bool, words: Sequence[str]) -> None:
    allowed = [each for each in said.formats if each in ("word", "pdf", "excel")]
    demands.formats = tuple(allowed) or (("word", "excel") if listed else ("word", "pdf"))
    scanned = demands.formats == ("pdf",)
    if listed:
        demands.checks.append(CheckDraft("text-too-short", {"minimum": _LIST_WORDS}, "名单、表格字数不多"))
        demands.checks.append(CheckDraft("text-copied", None, "各村的表本来就相像，不查雷同"))
        return
    if scanned:
        demands.doubts.append("只收PDF的，如是扫描件就读不出文字，所以不查字数和内容")
        demands.checks.append(CheckDraft("text-too-short", None))
        demands.checks.append(CheckDraft("text-off-topic", None))
        return
    _ask_for_words(demands, [each for each in said.bounds if each.unit is Unit.WORDS])
    if len(words) >= _LEAST_WORDS:
        demands.checks.append(
            CheckDraft("text-off-topic", {"words": list(words)}, "提到其中一个就行，请按活动内容增减")
        )


def _ask_for_words(demands: Demands, bounds: Sequence[Bound]) -> None:
    lows = [each for each in bounds if each.low is not None]
    highs = [each for each in bounds if each.high is not None and not each.about and each.high != each.low]
    demands.untold += [Untold(each.quote, "high-words") for each in highs]
    if lows:
        bound = min(lows, key=lambda each: each.low or 0)
        if len({each.low for each in lows}) > 1:
            said = "、".join(f"“{each.quote}”" for each in lows)
            demands.doubts.append(f"通知写了几个字数（{said}），按最少的核对")
        least = int((bound.low or 0) * _HAN_OF_WORDS * (_ABOUT if bound.about or bound.low == bound.high else 1))
        why = f"通知：“{bound.quote}”。这里只数汉字，标点、数字不算，所以放宽一些"
        demands.checks.append(CheckDraft("text-too-short", {"minimum": least}, why))
        demands.counted = bound.quote
        return
    most = min((int(each.high or 0) for each in highs), default=0)
    least = min(_USUAL_WORDS, most // 4) if most else _USUAL_WORDS
    why = (
        f"通知只写了最多（“{highs[0].quote}”），最少的字数是估计的"
        if highs
        else "通知没有写字数，太短的一般没有实际内容"
    )
    demands.checks.append(CheckDraft("text-too-short", {"minimum": least}, why))
    if highs:
        demands.counted = highs[0].quote


# --- tables -----------------------------------------------------------------------------------------------------------


def _of_table(demands: Demands, said: Said, kind: Kind, blank: Blank | None) -> None:
    allowed = tuple(each for each in said.formats if each in ("word", "excel"))
    sheet = blank is not None and blank.suffix in (".xlsx", ".xls")
    usual = ("excel", "word") if sheet else ("word",) if kind is Kind.ACTIVITIES else ("word", "excel")
    demands.formats = allowed or usual
    if "pdf" in said.formats:
        demands.doubts.append("PDF读不出表格里的内容，这里仍收可编辑的表；要另收PDF，请人工登记")
    if sheet:
        demands.doubts.append(
            "空白表是Excel，汇总（baosong merge）要在Word空白表上填写；要用汇总，请另存为Word表并改 file"
        )
    form = blank.form if blank else None
    if kind is Kind.FIGURES and form is not None:
        if form.pairs:
            why = "场次和人数应当同时有、同时没有"
            demands.checks.append(
                CheckDraft("figures-inconsistent", {"pairs": [list(each) for each in form.pairs]}, why)
            )
        if form.rows:
            rows = "、".join(form.rows[:4])
            demands.doubts.append(
                f"表里有{len(form.rows)}行要填（{rows}），规则只能核对每一栏的第一个数字，其余的请自己看"
            )
        if form.left_out:
            demands.doubts.append(f"这些栏没有要求村里填数字：{'、'.join(form.left_out[:8])}")
    elif form is not None:
        _ask_for_row_photos(demands, said, form.photos)


def _ask_for_row_photos(demands: Demands, said: Said, sample: tuple[int, int] | None) -> None:
    bounds = [each for each in said.bounds if each.unit is Unit.PICTURES]
    if sample:
        why = "空白表：每行" + (f"{sample[0]}-{sample[1]}张" if sample[0] != sample[1] else f"{sample[0]}张")
        low, high = sample
    elif bounds:
        low, high = int(bounds[0].low or 1), int(bounds[0].high or _NO_LIMIT)
        why = f"通知：“{bounds[0].quote}”"
    else:
        low, high, why = 1, _NO_LIMIT, ""
        demands.doubts.append("没有写每项活动几张照片，暂按至少1张")
    demands.checks.append(CheckDraft("activity-photos", {"minimum": low, "maximum": high}, why))


# --- photos and videos ------------------------------------------------------------------------------------------------


def _of_photos(demands: Demands, said: Said) -> None:
    demands.formats = tuple(each for each in said.formats if each in PICTURES) or ("picture",)
    bounds = [each for each in said.bounds if each.unit is Unit.PICTURES]
    demands.untold += [Untold(each.quote, "each") for each in bounds if each.each]
    own = [each for each in bounds if not each.each]
    low = max((int(each.low) for each in own if each.low is not None), default=1)
    high = min((int(each.high) for each in own if each.high is not None), default=_NO_LIMIT)
    high = max(low, high)
    if own:
        demands.counted = own[0].quote
        why = "通知：" + "、".join(f"“{each.quote}”" for each in own)
    else:
        why = ""
        demands.doubts.append("没有写一个村报几张照片，暂按至少1张、不限最多")
    demands.checks.append(CheckDraft("photo-count", {"minimum": low, "maximum": high}, why))
    _ask_for_pixels(demands, [each for each in said.bounds if each.unit is Unit.PIXELS])


def _ask_for_pixels(demands: Demands, bounds: Sequence[Bound]) -> None:
    for bound in bounds:
        if bound.low is not None and bound.side in ("短边", "最短边", "单边") and 100 <= bound.low <= 10_000:
            side = int(bound.low)
            demands.checks.append(CheckDraft("photo-small", {"short_side": side}, f"通知：“{bound.quote}”"))
            if side > 1000:
                demands.doubts.append(f"短边{side}像素不算低，微信转发过的照片一般达不到")
            return
    demands.untold += [Untold(f"{bound.side}{bound.quote.removeprefix(bound.side)}", "pixels") for bound in bounds]


def _of_videos(demands: Demands, said: Said) -> None:
    demands.formats = tuple(each for each in said.formats if each in FILMS) or ("video",)
    films = [each for each in said.bounds if each.unit in (Unit.FILMS, Unit.PIECES)]
    demands.untold += [Untold(each.quote, "each") for each in films if each.each]
    own = [each for each in films if not each.each]
    if own and own[0].high is not None:
        demands.checks.append(CheckDraft("video-count", {"maximum": int(own[0].high)}, f"通知：“{own[0].quote}”"))
    else:
        demands.checks.append(CheckDraft("video-count", None, "通知没有写最多几段"))
    if own:
        demands.counted = own[0].quote
        if (own[0].low or 0) > 1:
            demands.untold.append(Untold(own[0].quote, "films"))
    _ask_for_seconds(demands, [each for each in said.bounds if each.unit is Unit.SECONDS])
    demands.untold += [Untold(each.quote, "frame") for each in said.bounds if each.unit is Unit.PIXELS]


def _ask_for_seconds(demands: Demands, bounds: Sequence[Bound]) -> None:
    least, why = float(_USUAL_SECONDS), "通知没有写最短时长，几秒钟的多半是误拍"
    for bound in bounds:
        exact = bound.low == bound.high
        if bound.about or exact:
            demands.untold.append(Untold(bound.quote, "about-seconds"))
            continue
        if bound.low is not None:
            least, why = bound.low, f"通知：“{bound.quote}”"
        if bound.high is not None:
            demands.untold.append(Untold(bound.quote, "high-seconds"))
    seconds = int(least) if least.is_integer() else least
    demands.checks.append(CheckDraft("video-short", {"seconds": seconds}, why))
