"""An office: its villages and who writes for them, as the register has it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from tests.heldout.mails import Client


@dataclass(frozen=True)
class Village:
    """A row of the register, and how its clerk's mail looks."""

    name: str
    aliases: str
    addresses: str
    client: Client
    nick: str = ""

    @property
    def address(self) -> str:
        """The one it writes from."""
        return self.addresses.split(";")[0]


@dataclass(frozen=True)
class Office:
    """A township's office."""

    town: str  # 沂阳县青石镇
    villages: tuple[Village, ...]
    charset: str

    def village(self, name: str) -> Village:
        """The village of this name."""
        return next(each for each in self.villages if each.name == name)

    def register_csv(self) -> bytes:
        """As its spreadsheet program saves it."""
        stream = io.StringIO(newline="")
        rows = csv.writer(stream)
        rows.writerow(("village", "aliases", "addresses", "contact"))
        rows.writerows((each.name, each.aliases, each.addresses, f"{each.name}文书") for each in self.villages)
        return stream.getvalue().encode(self.charset)


# 石门 is the end of 上石门 and 下石门, 双庙 the beginning of 双庙集, 泉子头 the end of 北泉子头.
FIRST = Office(
    "沂阳县青石镇",
    (
        Village("石门村", "石门大队", "shimen2012@163.example", "coremail", "石门村委会"),
        Village("上石门村", "", "60417788@qq.example", "qq", "随遇而安"),
        Village("下石门村", "下石门村委", "xsm_lwj@126.example", "foxmail"),
        Village("双庙村", "", "smiao1969@sina.example", "outlook", "老葛"),
        Village("双庙集村", "双庙集;集上", "smj-cw@163.example", "coremail", "双庙集会计"),
        Village("老君堂村", "老君堂", "ljt.zhuanggan@qq.example;ljt2@qq.example", "qq", "A专干小梁"),
        Village("王府庄社区", "王府庄村;王府庄居委会", "wfz_shequ@yeah.example", "foxmail", "王府庄社区"),
        Village("塔湾村", "", "tawan88@163.example", "iphone", "湾湾"),
        Village("郭家铺村", "郭铺村;郭铺", "guojiapu@139.example", "bare"),
        Village("五里营社区", "", "5lysq@163.example", "outlook"),
        Village("泉子头村", "", "qzt_fu@189.example", "coremail", "付会计"),
        Village("北泉子头村", "北泉", "bqzt@163.example;qzt_fu@189.example", "coremail"),
    ),
    "utf-8-sig",
)

# 柳行 is read hang or xing and ends 前柳行; 河南李 and 河北李 begin with provinces; 军屯 with a word of its own.
SECOND = Office(
    "临水区东关街道",
    (
        Village("柳行村", "", "liuhang_c@163.example", "foxmail", "柳行村民委员会"),
        Village("前柳行村", "前柳行;前柳村", "7012345@qq.example", "qq", "云淡风轻"),
        Village("东关社区", "东关居委会", "dongguan_jw@126.example;dgsq2@126.example", "coremail", "东关居委会"),
        Village("西关社区", "西关居委会", "xg.community@sina.example", "outlook", "西关社区"),
        Village("苇子园村", "", "wzy1978@163.example", "iphone", "芦苇"),
        Village("葛庄村", "葛庄", "gezhuang@qq.example", "qq", "葛庄计生"),
        Village("小葛庄村", "小葛庄", "xgz_kj@163.example", "bare", "大鹏展翅"),
        Village("河南李村", "", "henanli@139.example", "coremail"),
        Village("河北李村", "", "hebeili@139.example;henanli@139.example", "coremail"),
        Village("三官庙村", "三官庙;庙上", "sgm_cwh@163.example", "foxmail", "三官庙村委会"),
        Village("军屯村", "", "jt-tunzi@yeah.example", "outlook", "屯里人"),
        Village("薛家岗村", "薛岗", "xuegang66@189.example;xg_guan@189.example", "qq", "岗上风"),
    ),
    "gb18030",
)

# 石桥 lies beside 桥头店, called 桥头; the 屈 share a clerk and the 阚 an ending; 中心 is in every 服务中心.
THIRD = Office(
    "洙阳县白塔镇",
    (
        Village("石桥村", "石桥;石桥大队", "shiqiao_cwh@163.example", "coremail", "石桥村党支部"),
        Village("桥头店村", "桥头店;桥头", "qtd1965@qq.example", "qq", "平安是福"),
        Village("龙泉寺村", "龙泉寺;寺上", "lqs.cw@163.example", "iphone", "清泉"),
        Village("万家沟社区", "万家沟;万家沟村;万家沟居委会", "wanjiagou@yeah.example", "coremail", "万家沟居委会"),
        Village("黄土岭村", "黄岭村;黄岭", "htl_8866@qq.example", "qq", "岭上人家"),
        Village("新安里社区", "新安里居委会;新安里", "xal-sq@126.example;xal2@qq.example", "foxmail", "新安里"),
        Village("前屈村", "前屈", "quwenshu@126.example", "foxmail", "屈文书"),
        Village("后屈村", "后屈", "houqu@163.example;quwenshu@126.example", "coremail"),
        Village("东阚村", "东阚", "dongkan@sina.example", "outlook", "老阚"),
        Village("西阚村", "西阚", "xikan_xk@139.example", "bare"),
        Village("柏树湾村", "柏树湾", "bsw1972@189.example", "outlook", "柏树湾会计"),
        Village("中心村", "", "zhongxincun@163.example", "qq", "村里那点事"),
    ),
    "utf-8",
)

# 双河 is the half of 双河口 and 双河场; 大坝 and 垭口 are also grounds; 石龙 and 龙石 share their signs and a clerk.
FOURTH = Office(
    "沱水县青杠乡",
    (
        Village("双河口村", "双河口;河口上", "shk_cun@163.example", "outlook", "双河口村委会"),
        Village("双河场社区", "双河场;双河场居委会;场上", "shc-sq@163.example", "coremail", "双河场社区"),
        Village("大坝村", "", "55201314@qq.example", "qq", "一路顺风"),
        Village("小坝村", "小坝", "xiaoba_luo@sina.example", "iphone", "罗幺妹"),
        Village("杨柳湾村", "杨柳湾", "ylwcwh@yeah.example;ylw-wenshu@126.example", "foxmail", "杨柳湾"),
        Village("柳湾村", "柳湾", "liuwan2003@139.example", "bare"),
        Village("红岩村", "红岩", "hongyan_cunwei@qq.example", "qq", "红岩村支两委"),
        Village("红岩子村", "红岩子", "hyz1979@163.example", "coremail", "小冉"),
        Village("石龙村", "石龙", "slls_wang@163.example", "foxmail", "王文书"),
        Village("龙石村", "龙石", "longshi@139.example;slls_wang@163.example", "bare"),
        Village("垭口村", "垭口上", "yakou_kj@qq.example;yk-zg@qq.example", "qq", "山高人为峰"),
        Village("猫儿嘴村", "猫儿嘴;猫嘴", "mez_zhang@189.example;zzhang_mez@qq.example", "bare", "老张"),
        Village("凉水井社区", "凉水井;凉水井村;凉水井居委会", "lsj@126.example", "foxmail", "凉水井居委会"),
        Village("永兴村", "永兴", "yongxing_cwh@163.example", "coremail", "永兴村村委会"),
    ),
    "gb18030",
)

# 靠山屯 ends 后靠山屯, 营子 ends 旗杆营子; 朝阳堡 is like 向阳堡; 长发 grows on heads, 团结 is in every speech.
FIFTH = Office(
    "巴彦旗四方台镇",
    (
        Village("靠山屯村", "靠山屯", "kaoshantun1@163.example", "coremail", "靠山屯村委会"),
        Village("后靠山屯村", "后靠山屯;后屯", "88213377@qq.example;houtun_kj@163.example", "qq", "东北老铁"),
        Village("三道窝堡村", "三道窝堡", "sdwp_cw@163.example", "foxmail", "窝堡文书"),
        Village("四道窝堡村", "四道窝堡", "sidaowopu@sina.example;sdwp_cw@163.example", "outlook"),
        Village("旗杆营子村", "旗杆营子;旗杆营", "qgyz2010@qq.example", "qq", "营子里的春天"),
        Village("营子村", "营子", "yingzi_kj@139.example;yingzi_fn@qq.example", "bare"),
        Village(
            "朝阳堡社区",
            "朝阳堡;朝阳堡村;朝阳堡居委会",
            "cyb-sq@126.example;cybjw@163.example",
            "outlook",
            "朝阳堡社区",
        ),
        Village("向阳堡村", "向阳堡", "xiangyangpu@163.example", "coremail", "向阳堡"),
        Village("长发村", "长发", "changfa_tong@qq.example;cf_zg@qq.example", "qq", "老佟"),
        Village("永红村", "", "yonghong1969@189.example", "iphone", "永红村妇联"),
        Village("白音花嘎查", "白音花;白音花村", "baiyinhua@yeah.example", "foxmail", "白音花嘎查"),
        Village("泡子沿村", "泡子沿;泡沿", "pzy_wenshu@163.example;pzy66@qq.example", "coremail", "泡子沿"),
        Village("杏树洼子村", "杏树洼;杏树洼子", "xswz2@126.example", "foxmail", "杏花"),
        Village("团结社区", "团结居委会", "tuanjie.sq@163.example", "outlook", "团结社区居委会"),
        Village("二龙山村", "二龙山", "erlongshan@163.example", "coremail", "二龙山文书"),
        Village("六合屯村", "六合屯", "lht_cun@sina.example", "foxmail", "六合屯"),
        Village("新立堡村", "新立堡", "xinlipu@qq.example", "qq", "一帆风顺"),
    ),
    "gb18030",
)
