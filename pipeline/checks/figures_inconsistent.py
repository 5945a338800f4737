"""场次与人数不相符。

查什么
    同一类活动的场次与人数：有人数却没有场次，或者有场次却没有人数。
为什么
    两个数应当同时为零或同时不为零，否则有一个填漏或填错了。
不合格
    活动场次0，宣传人数176。
合格
    都为0，或都不为0。没填或读不出的不比。
怎么改
    核对后更正，重新报送。
选项
    pairs  哪些数字成对，每对先场次后人数，写数字的 id；不写就不查
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import FigureTable
from pipeline.model.finding import FormCell, Severity


@dataclass(frozen=True, slots=True)
class Options:
    pairs: tuple[tuple[str, str], ...] = ()


def find(table: FigureTable, options: Options) -> Iterator[Hit]:
    figures = {figure.place.id: figure for figure in table.figures}
    for pair in options.pairs:
        events, people = (figures.get(each) for each in pair)
        if events is None or people is None or events.value is None or people.value is None:
            continue
        if (events.value > 0) != (people.value > 0):
            values = {
                "events": events.place.title,
                "event_count": events.value,
                "people": people.place.title,
                "people_count": people.value,
            }
            yield Hit(where=events.place.title, cells=(FormCell(figure=events.place.id),), values=values)


CHECK = Check(
    severity=Severity.WARNING,
    on=FigureTable,
    options=Options,
    find=find,
    message="统计表的{events}为{event_count}，{people}为{people_count}，两个数不相符，请核对；如有差错，请更正后重新报送。",
)
