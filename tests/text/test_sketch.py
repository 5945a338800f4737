"""A text's sketch: shared by copies, hardly by honest texts."""

from __future__ import annotations

import random

from pipeline.text.sketch import LEAST_SHARED, LENGTH, sketch

_SIGNS = "村民会员活动宣传健康家庭幸福政策服务老人儿童讲座广场文艺演出培训学习发放资料走访慰问关爱组织开展积极参加"


def _text(seed: int, length: int = 600) -> str:
    rnd = random.Random(seed)
    return "".join(rnd.choice(_SIGNS) for _ in range(length))


def _shared(one: str, other: str) -> int:
    return len({*sketch(one)} & {*sketch(other)})


def test_a_copy_with_other_names_and_figures() -> None:
    """Digits and punctuation play no part; a changed name takes few of the runs."""
    text = _text(1)
    copy = "，".join(text[at : at + 40] for at in range(0, 600, 40)).replace("组织", "发动", 3) + "2023年5月"
    assert _shared(text, copy) > LENGTH // 2


def test_a_copy_with_a_fifth_rewritten() -> None:
    """What `text-copied` still takes for a copy is found."""
    text = _text(2)
    assert _shared(text, text[:240] + _text(3, 120) + text[360:]) >= LEAST_SHARED


def test_honest_texts_share_nothing() -> None:
    """Thirty texts of the same words."""
    texts = [_text(seed) for seed in range(30)]
    assert max(_shared(one, other) for number, one in enumerate(texts) for other in texts[:number]) < LEAST_SHARED


def test_a_short_text_has_no_sketch() -> None:
    """Nothing can be told from seven characters."""
    assert sketch("实施方案 2023") == ()
    assert len(sketch("活动月实施方案如下")) == 2
