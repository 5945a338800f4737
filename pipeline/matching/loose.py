"""A photo that a form lacks, sent by itself: "row 2 has only one photo", and a photo comes back.

The form must come whole, its photos in it; such a photo is no part of the set of photos that is due besides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.matching.evidence import names_inside_out
from pipeline.model.campaign import Campaign, Deliverable, Kind
from pipeline.model.content import Content
from pipeline.model.message import Message
from pipeline.model.past import Past
from pipeline.model.reading import Picture
from pipeline.model.standing import Standing, State
from pipeline.model.submission import Place
from pipeline.register import normalise

_ROW = re.compile(r"第[一二三四五六七八九十\d]{1,3}(?:[行格]|[项个]活动)")
_LACK = "activity-photos"  # the finding that a row has too few photos, or too many
_A_SET = "photo-count"  # the check that knows how many photos make a set


def place_of_photos(
    message: Message, contents: Sequence[Content], village: str | None, past: Past, campaign: Campaign
) -> Place | None:
    """Where in a form that was returned for its photos this mail's photos were meant to stand; None where they may well
    be the village's set.

    They come alone; the village is asked for no better set; and they answer the letter that named the row, fewer
    than make a set, or their own words name a row.
    """
    own = [
        content
        for attachment, content in zip(message.attachments, contents, strict=True)
        if attachment.blob.digest not in past.ours
    ]
    if village is None or message.links or not all(isinstance(each, Picture) for each in own):
        return None
    sets = [each for each in campaign.deliverables if each.kind is Kind.PHOTOS]
    if any(_standing(past, village, each).state is State.RETURNED for each in sets):
        return None
    forms = [each for each in campaign.deliverables if _lacks(_standing(past, village, each))]
    said = normalise(
        "\n".join([message.text, *(name for each in message.attachments for name in names_inside_out(each))])
    )
    if not forms or any(_names_set(said, each, forms) for each in sets):
        return None
    asked = (
        {ask.deliverable for ask in past.thread.asks if ask.village == village and ask.returned}
        if past.thread
        else set[str]()
    )
    wanted = [each for each in forms if each.id in asked]
    few = all(len(own) < _count_of_a_set(each) for each in sets)
    if _ROW.search(said) or (wanted and few):
        form = (wanted or forms)[-1]
        rows = "、".join(each.where for each in _standing(past, village, form).findings if each.code == _LACK)
        return Place(form.title, rows, sets[0].title if sets else "")
    return None


def _standing(past: Past, village: str, rules: Deliverable) -> Standing:
    return past.standings.get((village, rules.id), Standing(village, rules.id, State.MISSING))


def _lacks(standing: Standing) -> bool:
    return standing.state is State.RETURNED and any(each.code == _LACK for each in standing.findings)


def _names_set(said: str, rules: Deliverable, forms: Sequence[Deliverable]) -> bool:
    """Whether the set is called by a name of its own: 精选照片. 照片 is any, 活动照片 the form's own column."""
    columns = [normalise(heading) for form in forms if form.form for heading in form.form.columns.values()]
    names = [name for name in map(normalise, (rules.title, *rules.keywords)) if len(name) > 2]
    return any(name in said for name in names if not any(name in column for column in columns))


def _count_of_a_set(rules: Deliverable) -> int:
    setting = rules.checks.get(_A_SET)
    return int(setting.options.minimum) if setting is not None and setting.enabled else 1
