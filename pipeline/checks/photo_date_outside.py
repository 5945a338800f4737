"""照片拍摄日期不在活动期内。

查什么
    照片自带的拍摄日期。微信转发过的照片没有拍摄日期，不查。
为什么
    可能是往年的照片；也可能只是手机、相机的日期没有调对。
不合格
    2023年5月的活动，照片拍于2021年6月。
合格
    拍摄日期在活动期内，或没有拍摄日期。
怎么改
    工作人员向村里核实。
选项
    days  活动期前后各宽限几天
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from pipeline.check import Check, Hit
from pipeline.model.facts import PhotoSet
from pipeline.model.finding import Audience, Severity
from pipeline.text.days import write_date, write_month_day


@dataclass(frozen=True, slots=True)
class Options:
    days: int = 1  # a clock in another time zone, an evening before


def find(photos: PhotoSet, options: Options) -> Iterator[Hit]:
    grace = timedelta(days=options.days)
    for picture in photos.new:
        if picture.taken_at is None:
            continue
        taken_on = picture.taken_at.date()
        if not photos.opens_on - grace <= taken_on <= photos.closes_on + grace:
            values = {
                "date": write_date(taken_on),
                "opens": write_date(photos.opens_on),
                "closes": write_month_day(photos.closes_on),
            }
            yield Hit(attachment=picture.name or None, values=values)


CHECK = Check(
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
    on=PhotoSet,
    options=Options,
    find=find,
    message="照片拍摄日期为{date}，不在活动期（{opens}至{closes}）内，请核实。",
)
