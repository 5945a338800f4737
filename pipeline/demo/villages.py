"""The villages of the demo: six that do not exist, save that one is named like the town itself, as happens.

No address can be anybody's: QQ numbers do not begin with 0, and a name at 163.com has no hyphen.
"""

from __future__ import annotations

import csv
from pathlib import Path

from pipeline.model.campaign import Village

OFFICE_ADDRESS = "office@163.com"
OFFICE_NAME = "万张街道计生协办公室"
TOWN = "嘉祥县万张街道"


def _village(name: str, address: str, contact: str) -> Village:
    stem = name.removesuffix("村")
    return Village(
        name=name,
        aliases=(stem, f"{name}委会", f"{stem}村民委员会", f"{name}村民委员会"),
        addresses=(address,) if address else (),
        contact=contact,
    )


# Their part in the month is told in :mod:`pipeline.demo.month`.
WANZHANG = _village("万张村", "wanzhangcun-jsx@163.com", "万张村计生协会长")  # named like the town
EAST_LIUHANG = _village("东柳行村", "dongliuhang-529@163.com", "东柳行村妇女主任")
WEST_LIUHANG = _village("西柳行村", "0529310088@qq.com", "西柳行村文书")
CHENTANG = _village("陈堂村", "chentang-cunwei@126.com", "陈堂村文书")
XIAOXINZHUANG = _village("小辛庄村", "0529310271@qq.com", "小辛庄村计生协秘书长")
LUHEYA = _village("芦河崖村", "luheya-cunweihui@163.com", "芦河崖村妇女主任")

VILLAGES = (WANZHANG, EAST_LIUHANG, WEST_LIUHANG, CHENTANG, XIAOXINZHUANG, LUHEYA)

# A clerk of 小辛庄村 writes from her own address, which no register knows.
PRIVATE_ADDRESS = "0529778815@qq.com"


def write_register(path: Path) -> None:
    """Write the register of these villages, in the columns of ``rules/villages.csv``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("village", "aliases", "addresses", "contact"))
        for village in VILLAGES:
            rows.writerow((village.name, ";".join(village.aliases), ";".join(village.addresses), village.contact))
