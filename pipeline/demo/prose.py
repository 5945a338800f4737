"""Plans, summaries and covering words, in the language of village offices.

Each place of a text has as many wordings as there are villages, and no two villages are dealt the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pipeline.demo.activities import Event
from pipeline.demo.villages import VILLAGES

_PLAN_OPENINGS = (
    "今年5月29日是中国计生协成立43周年纪念日，为把会员活动月办出特色、办出实效，结合我村实际，制定本方案。",
    "根据街道办事处通知要求，{village}计生协决定在5月份集中开展“5.29会员活动月”宣传服务活动，现作如下安排。",
    "为贯彻落实党的二十大精神，弘扬新时代婚育文化，我村经村两委会议研究，拟定会员活动月实施方案如下。",
    "按照上级统一部署，为进一步发挥计生协联系群众的桥梁纽带作用，{village}特制定会员活动月活动方案。",
    "第25个“会员活动日”即将到来，为让更多群众了解优化生育政策、得到实实在在的服务，现将我村打算报告如下。",
    "为切实抓好今年的“5.29会员活动月”工作，做到早谋划、早动手，{village}村委会研究制定以下工作计划。",
)
_AIMS = (
    "以“倡新时代婚育文化·助家庭和谐幸福”为主题，宣传到户、服务到人，让群众感受到协会就在身边。",
    "围绕构建生育友好的村庄氛围，普及优生优育知识，关怀计生家庭，促进邻里和睦、家庭幸福。",
    "坚持宣传与服务并重，重点解决育龄群众在备孕、生育、养育中的实际困难，力争活动知晓率达到95%以上。",
    "通过一个月的活动，使村民普遍了解生育支持政策，破除婚嫁陋习，协会会员参与率不低于八成。",
    "把政策送进门、把关爱送到家，树立协会作为育龄群众贴心人、娘家人的良好形象。",
    "引导村民树立正确的婚恋观、家庭观，推动移风易俗，为人口长期均衡发展尽一份力。",
)
_LEADERS = (
    "成立由村党支部书记任组长、计生协会长任副组长的活动领导小组，妇女主任负责日常联络。",
    "由计生协会长牵头，文书、网格员和会员小组长各负其责，每周碰头一次，研究进度和问题。",
    "村两委明确专人负责，会员小组分片包户，所需经费从村集体收入中列支。",
    "设宣传、服务、后勤三个小组，分别由妇女主任、乡村医生和村文书负责，责任到人。",
    "村支部统一领导，党员和会员代表带头参加，发动志愿者15名编入两支服务小队。",
    "会长负总责，秘书长抓落实，村医、教师、文艺骨干共同参与，形成工作合力。",
)
_PUBLICITY = (
    "利用大喇叭每天早晚各播放一次政策问答，在主要街口悬挂横幅、更新宣传栏两期。",
    "组织一场文艺演出、一堂优生优育课，并在村微信群推送科普短文和短视频。",
    "印制明白纸逐户发放，开展抵制高价彩礼签名活动，评选好婆婆、好媳妇各3名。",
    "用好会员之家和农家书屋，办好知识竞赛和读书会，征集剪纸、书画作品一批。",
    "开展“我家的幸福时刻”随手拍，邀请退休教师讲家风故事，把政策融入节目和故事之中。",
    "在赶集日设立宣传台，发放折页和围裙，由会员现场讲解生育登记、育儿补贴等办事流程。",
)
_SERVICES = (
    "走访计生特殊家庭和留守老人，联系卫生院开展一次义诊，为育龄妇女提供健康检查。",
    "摸清流动人口和留守儿童底数，建立结对帮扶台账，帮助办理证件、保险等事项。",
    "请街道卫生院医生坐诊两天，量血压、测血糖，开展“两癌”筛查宣传动员。",
    "组织志愿者为行动不便的老人代购代办，给留守儿童补课、赠送文具。",
    "开展科学育儿入户指导，介绍托育机构情况，收集家长意见并向上反映。",
    "慰问困难母亲和失独家庭，协调落实奖励扶助，做好心理疏导和日常陪伴。",
)
_TIMETABLES = (
    "5月1日至7日动员布置，8日至28日集中开展活动，29日举行主题宣传，月底前收集整理资料。",
    "上旬重点宣传发动，中旬入户走访服务，下旬组织集中宣传，6月初完成总结并报送材料。",
    "分三步走：第一周准备，第二、三周实施，第四周检查补课，每旬按时填报写实表。",
    "每周至少安排一次活动，5月29日为集中活动日，全部资料于6月8日前整理归档。",
    "5月5日前完成方案制定和人员培训，5月6日至31日组织实施，6月10日前报送总结、照片和视频。",
    "自即日起至5月底，宣传每周一次，服务每旬一次，遇农忙适当调整到晚上进行。",
)
_DEMANDS = (
    "各小组要讲实效，不走过场，做好文字和影像记录。",
    "注意安全，文明有序，活动结束后及时清理场地。",
    "要合理安排农时，不影响群众生产，切实减轻群众负担。",
    "活动资料由村文书统一保管，按街道规定的时间报送。",
    "对表现突出的会员和小组，年底给予表扬奖励。",
    "遇到问题及时向街道计生协办公室请示报告。",
)

_SUMMARY_OPENINGS = (
    "五月份以来，{village}计生协按照街道办事处的统一安排，扎实开展会员活动月宣传服务活动，现总结如下。",
    "在街道计生协的指导下，我村“5.29会员活动月”活动圆满结束，有关情况汇报如下。",
    "会员活动月期间，{village}精心组织、周密安排，各项活动有序推进，收到了较好效果。",
    "根据通知要求，我村围绕“倡新时代婚育文化·助家庭和谐幸福”这一主题开展了一系列活动，总结如下。",
    "为期一个月的会员活动月已经落下帷幕，{village}共开展活动6场次，群众反响良好，现将主要做法报告如下。",
    "今年的5.29会员活动月，我村早部署、快行动，把宣传做进心坎、把服务做到家门口。",
)
_SUMMARY_LEADERS = (
    "村两委高度重视，召开专题会议两次，制定方案、落实经费，会长亲自抓，妇女主任具体抓。",
    "活动伊始即成立领导小组，会员小组长分片负责，做到了事事有人管、件件有着落。",
    "支部书记带头参加每一场活动，党员、会员、志愿者齐上阵，形成了一起干的好局面。",
    "我们把活动月列入村务重点工作，通过广播、微信群广泛动员，会员参与热情很高。",
    "结合农时制定活动日程，白天入户、晚上集中，保证了人员、时间、效果三落实。",
    "积极争取卫生院、小学等单位支持，整合文明实践站和会员之家阵地，保障活动顺利进行。",
)
_RESULTS = (
    "通过活动，群众对生育登记、育儿补贴等政策更加清楚，主动咨询的人明显多了。",
    "有3对准新人主动签订了不要高价彩礼承诺书，喜事新办渐成风气。",
    "计生特殊家庭和留守老人得到了贴心照顾，邻里关系更加融洽。",
    "共发放各类宣传品400余份，解答咨询130多人次，协会的凝聚力进一步增强。",
    "新发展会员11名、志愿者6名，会员之家的人气旺了起来。",
    "群众满意度明显提高，大家都说协会办了实事，盼着这样的活动常办下去。",
)
_LESSONS = (
    "存在的不足是年轻人外出务工多，参与面还不够广，宣传形式也比较单一。",
    "问题主要有：正值农忙备播，部分活动人数偏少；会员骨干业务知识有待提高。",
    "工作中也发现活动场地偏小、音响设备老旧，影响了演出效果。",
    "我们也认识到，对流动人口的服务还不够细，联系方式更新不及时。",
    "不足之处在于新媒体运用不熟练，短视频制作水平不高。",
    "活动记录和资料整理还不够规范，有的照片拍摄角度不好。",
)
_NEXT_STEPS = (
    "下一步，我们将把好的做法坚持下来，每季度至少开展一次会员活动。",
    "今后要继续抓好婚育新风宣传，健全结对帮扶制度，让关爱常态化。",
    "下半年计划请专业医生再办两期健康课堂，并完善会员之家设施。",
    "我们将加强学习培训，建好服务台账，努力把协会建成群众离不开的组织。",
    "接下来将利用春节、中秋等返乡时机，面向在外青年补上宣传这一课。",
    "我们将认真总结经验，查漏补缺，为全街道计生协工作多出一份力。",
)

_PLAN_SLOTS = (_PLAN_OPENINGS, _AIMS, _LEADERS, _PUBLICITY, _SERVICES, _TIMETABLES, _DEMANDS)
_PLAN_HEADINGS = ("", "一、活动目的", "二、组织领导", "三、宣传活动", "四、服务活动", "五、时间安排", "六、工作要求")
_SUMMARY_SLOTS = (_SUMMARY_OPENINGS, _SUMMARY_LEADERS, _RESULTS, _LESSONS, _NEXT_STEPS)

_GREETINGS = ("您好！", "领导好！", "街道计生协办公室：", "您好，", "办公室同志：您好！")
_COVERING = (
    "现将我村{files}发给您，请查收。",
    "{village}{files}已整理好，见附件，请审阅。",
    "附件是{village}的{files}，请查收，有不妥的地方请指出。",
    "现报上{files}，请查收，谢谢！",
)
_SIGNATURES = ("{village}村委会", "{village}计生协", "{village}", "{stem}村计划生育协会")


class Writer:
    """Deals the wordings to the villages: one seed, one deal."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._decks: dict[tuple[str, ...], tuple[str, ...]] = {
            deck: tuple(rng.sample(deck, len(deck))) for deck in (*_PLAN_SLOTS, *_SUMMARY_SLOTS, _COVERING, _SIGNATURES)
        }

    def plan(self, village: str) -> list[str]:
        """Title and paragraphs of the village's plan."""
        lines = [f"{village}“5.29会员活动月”实施方案"]
        for heading, deck in zip(_PLAN_HEADINGS, _PLAN_SLOTS, strict=True):
            lines += [heading, self._dealt(deck, village)] if heading else [self._dealt(deck, village)]
        return [*lines, f"{village.removesuffix('村')}村民委员会", "2023年5月3日"]

    def summary(self, village: str, events: Sequence[Event]) -> list[str]:
        """Title and paragraphs of the village's summary, with what it did."""
        opening, leaders, results, lessons, next_steps = (self._dealt(deck, village) for deck in _SUMMARY_SLOTS)
        deeds = [
            f"{event.held_on.month}月{event.held_on.day}日开展{event.title}活动，{event.people}人参加；"
            for event in events
        ]
        return [
            f"{village}“5.29会员活动月”活动总结",
            opening,
            f"一、加强领导。{leaders}",
            f"二、开展的主要活动。{''.join(deeds).rstrip('；')}。",
            f"三、取得的成效。{results}",
            f"四、不足和打算。{lessons}{next_steps}",
            f"{village}委会",
            "2023年6月6日",
        ]

    def covering(self, village: str, files: str) -> str:
        """The words of a mail that carries these files."""
        greeting = self._rng.choice(_GREETINGS)
        body = self._rng.choice(self._decks[_COVERING])
        signature = self._rng.choice(self._decks[_SIGNATURES])
        names = {"village": village, "stem": village.removesuffix("村"), "files": files}
        return "\n".join((greeting, body.format(**names), signature.format(**names)))

    def _dealt(self, deck: tuple[str, ...], village: str) -> str:
        turn = [each.name for each in VILLAGES].index(village)
        return self._decks[deck][turn].format(village=village)
