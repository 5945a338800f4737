"""How well and how fast pictures are met again: found after each treatment, false alarms, time among very many.

python -m tests.bench.likeness [how many pictures the ledger holds, 20000 where not said]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import combinations
from time import perf_counter
from typing import Final

from PIL import Image, ImageEnhance
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from pipeline.content.picture import read_picture
from pipeline.demo.pictures import draw_scene
from pipeline.ledger.encounters import find_pictures
from pipeline.ledger.opening import open_ledger
from pipeline.ledger.tables import PictureRow
from pipeline.likeness import is_same_picture, near_signatures, signature
from pipeline.model.reading import Picture
from tests.content.scenes import octets
from tests.looks import cut_edges, random_cut

_SCENES: Final = 200
_SIZE: Final = (800, 600)
_AT_ONCE: Final = 5000


def main() -> None:
    """Print the tables."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    console = Console()
    originals = [_read(draw_scene(number, _SIZE)) for number in range(_SCENES)]
    table = Table("处理", "同一张", "且在索引中找到", title=f"{_SCENES}张照片，处理后与原照片比较")
    for name, pictures in _treated():
        pairs = list(zip(originals, pictures, strict=True))
        same = [is_same_picture(*pair) for pair in pairs]
        found = [
            yes and signature(one.look) in near_signatures(other.look)
            for yes, (one, other) in zip(same, pairs, strict=True)
        ]
        table.add_row(name, f"{statistics.mean(same):.1%}", f"{statistics.mean(found):.1%}")
    console.print(table)
    alarms = sum(is_same_picture(*pair) for pair in combinations(originals, 2))
    console.print(f"不同的照片{_SCENES * (_SCENES - 1) // 2}对，误认{alarms}对")
    _time(console, originals, many)


def _read(image: Image.Image, quality: int = 85) -> Picture:
    picture = read_picture(octets(image, quality=quality), "1.jpg")
    assert isinstance(picture, Picture)
    return picture


def _treated() -> Iterator[tuple[str, Iterable[Picture]]]:
    scenes = [draw_scene(number, _SIZE) for number in range(_SCENES)]
    yield "缩到480，压到40", [_read(each.resize((480, 360)), 40) for each in scenes]
    yield "缩到240", [_read(each.resize((240, 180))) for each in scenes]
    yield "调亮三成", [_read(ImageEnhance.Brightness(each).enhance(1.3)) for each in scenes]
    for most in (0.03, 0.06, 0.1, 0.15):
        rnd = random.Random(most)
        yield (
            f"四边各裁至多{most:.0%}，再压到50",
            [_read(cut_edges(each, random_cut(rnd, most)), 50) for each in scenes],
        )


def _time(console: Console, originals: list[Picture], many: int) -> None:
    """Each look stands for many pictures of like signature, as far from it in difference hashes as strangers are."""
    rnd = random.Random(529)
    with tempfile.TemporaryDirectory(prefix="baosong-bench-") as folder:
        ledger = open_ledger(f"sqlite:///{folder}/bench.db")
        for start in range(0, many, _AT_ONCE):
            rows = [_row(number, rnd, originals) for number in range(start, min(start + _AT_ONCE, many))]
            with ledger.writing() as session:
                session.exec(insert(PictureRow), params=rows)
        seconds = []
        for picture in originals[:50]:
            with ledger.reading() as session:
                start_at = perf_counter()
                find_pictures(session, [picture])
                seconds.append(perf_counter() - start_at)
        ledger.engine.dispose()
    median, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
    console.print(f"台账中有{many}张照片时，查一张：中位数 {median:.0f} 毫秒，最慢 {worst:.0f} 毫秒")


def _row(number: int, rnd: random.Random, originals: list[Picture]) -> dict[str, object]:
    return {
        "campaign": "earlier",
        "village": f"{number}村",
        "deliverable": "photos",
        "digest": f"{number:064x}",
        "likeness": f"{rnd.getrandbits(64):016x}",
        "signature": _like(rnd, originals),
        "look": rnd.choice(originals).look,
    }


def _like(rnd: random.Random, originals: list[Picture]) -> int:
    """A signature as drawn pictures have them: that of one, two of its bits turned."""
    return (signature(rnd.choice(originals).look) or 0) ^ (1 << rnd.randrange(14)) ^ (1 << rnd.randrange(14))


if __name__ == "__main__":
    main()
