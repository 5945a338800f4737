"""统计表场次与写实表相差较大。

查什么
    统计表的各类场次，与最近一次合格的写实表所写活动数是否大致相符。
为什么
    相差太大的，多半有一张表填得不实。
不合格
    写实表共4项活动，统计表填宣传活动25场、慰问9场。
合格
    数目相近。一项活动可以算作一类，也可以各类都算，哪种算法对得上都行；相差不多的不提。
怎么改
    工作人员向村里核实。
选项
    events  哪些数字是场次，写数字的 id；不写就不查
    factor  超过几倍才算相差较大
    margin  此外再宽让几场
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import FigureTable
from pipeline.model.finding import Audience, Severity


@dataclass(frozen=True, slots=True)
class Options:
    events: tuple[str, ...] = ()
    factor: float = 1.5
    margin: int = 2


def find(table: FigureTable, options: Options) -> Iterator[Hit]:
    figures = [figure for figure in table.figures if figure.place.id in options.events]
    values = [figure.value for figure in figures if figure.value is not None and figure.value >= 0]
    if not values or len(values) < len(options.events) or not table.progress:
        return  # with one figure unknown no sum is certain
    # An activity may be counted once or under every heading: honest totals lie between the largest figure and the sum.
    # The table may be counted by activities or by days.
    most = len(table.progress)
    least = len({activity.held_on for activity in table.progress if activity.held_on}) or most
    too_many = max(values) > most * options.factor + options.margin
    too_few = sum(values) * options.factor + options.margin < least
    if too_many or too_few:
        said = "、".join(f"{figure.place.title}{figure.value}" for figure in figures)
        yield Hit(values={"figures": said, "count": most})


CHECK = Check(
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
    on=FigureTable,
    options=Options,
    find=find,
    message="统计表填的是{figures}，最近一次合格的写实表共{count}项活动，相差较大，请核实。",
)
