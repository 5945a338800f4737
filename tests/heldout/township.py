"""The register of the held-out mailbox: fourteen villages whose names are traps, and who writes for them.

- 东洼/西洼: they differ in one sign. 大李庄 ends in 李庄, 前孔 in 孔, and 孔 is a single sign.
- 幸福 and 红旗 are words of every second slogan (助家庭和谐幸福, 插红旗).
- 北关村 and 北关社区 share all but the last word; 北关 alone means neither.
- 和平社区 and 七里铺社区 were villages until lately and are still called so; 新合 is 赵河 and 刘河 merged.
- 马家楼村 is called 马楼 by everyone, and has no address in the register.

All addresses end in .example, so that they are nobody's (RFC 2606).
"""

from __future__ import annotations

import csv
import io

OFFICE = "jsxb@office.example"
OFFICE_NAME = "万张街道计生协办公室"

_ROWS = (
    ("东洼村", "", "dongwa2008@163.example", "东洼村文书"),
    ("西洼村", "西洼村委", "xiwa_cw@126.example", "西洼村会计"),
    ("幸福村", "", "13579@qq.example", "幸福村妇联主席"),
    ("和平社区", "和平村;和平居委会", "heping-sq@sina.example", "和平社区网格员"),
    ("红旗村", "", "hongqi.cun@163.example", "红旗村文书"),
    ("孔村", "", "66778@qq.example;zhuwenshu@126.example", "朱文书"),
    ("前孔村", "", "zhuwenshu@126.example", "朱文书"),
    ("大李庄村", "", "dlz_wh@163.example", "大李庄村文书"),
    ("李庄村", "", "lizhuang99@qq.example;zhuwenshu@126.example", "朱文书"),
    ("马家楼村", "马楼村;马楼", "", "马家楼村会计"),
    ("新合村", "赵河村;刘河村", "xinhe2019@163.example", "新合村专干"),
    ("七里铺社区", "七里铺村;七里铺", "qilipu@139.example", "七里铺社区文书"),
    ("北关村", "", "beiguan_cun@163.example", "北关村文书"),
    ("北关社区", "", "bgsq@163.example", "北关社区主任"),
)


def register_csv() -> bytes:
    """The register as Excel on Windows saves it: GB18030, CRLF."""
    stream = io.StringIO(newline="")
    rows = csv.writer(stream)
    rows.writerow(("village", "aliases", "addresses", "contact"))
    rows.writerows(_ROWS)
    return stream.getvalue().encode("gb18030")
