"""Patterns of dates, periods and rhythms, and what their parts mean."""

from __future__ import annotations

import re

_CD = "零〇○Ｏ一二三四五六七八九"
_SMALL = r"(?:[12]\d|3[01]|0?[1-9]|二?十[一二三四五六七八九]?|三十一?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_Y4 = rf"(?:(?<!\d)(?:1[789]|20|21)\d\d|[一二][{_CD}]{{3}})"
NOT_COUNT = r"(?<![\d.一二两三四五六七八九十百几数半])"

# One year: 2023年, 今年; what may follow: a half, a quarter, months, a month with its day.
_YEAR = rf"(?:(?P<year>{_Y4})年(?P<annual>度)?|(?P<named>今年|本年度?|当年|明年|次年|翌年|下一?年度?|后年|去年|上一?年度?|前年|同年|这一年))"
_PART = (
    rf"(?:(?P<half>[上下])半年|(?:第(?P<quarter1>[一二三四1-4])个?季度?|(?P<quarter2>[一二三四1-4])个?季度)|第(?P<nth>{_MONTH})个月"
    rf"|(?<![提之以日月])前(?P<quarters>[一二两三123])个?季度|(?<![提之以日月])前(?P<months>{_SMALL}|两)个?月"
    rf"|(?P<month>{_MONTH})月份?(?:(?P<third>[上中下])旬|(?P<day>{_SMALL})(?:[日号](?!常)|(?=[,。;、)\-—~至]|$))|))"
)
_EDGE = r"(?:年?(?P<edge>[底末初终]))"
_PART_END = r"(?P<partedge>[底末初])?"
POINT = re.compile(
    rf"{_YEAR}(?:的?(?:{_PART}{_PART_END}|{_EDGE}(?!级|步|中|一|二|三)|(?P<mid>年中))|)"
    rf"|{NOT_COUNT}(?P<bareyear>年)(?P<bareedge>[底末初终]|中(?!国|央|心|共))"
    r"|(?P<iso>(?<![\d.])(?:19|20)\d\d)(?P<sep>[-./])(?P<isomonth>1[0-2]|0?[1-9])(?:(?P=sep)(?P<isoday>[12]\d|3[01]|0?[1-9]))?(?![\d%年个])"
)
# A date without its year; apart from POINT, as the names of groups must be unique.
PART = re.compile(rf"{NOT_COUNT}{_PART}{_PART_END}")
DAY = re.compile(rf"{NOT_COUNT}(?P<day>{_SMALL})[日号]")
LINK = re.compile(r"(?:起|开始)?(?: ?[-—~至到]{1,2} ?|——)|[与和](?=[^,。;、]{1,12}之?间)")
# 1-5月, 2021—2025年: the first number goes without its unit
SHORT_MONTHS = re.compile(rf"(?<![\d.])(?P<first>{_MONTH})(?:[-—~至到]{{1,2}})(?P<last>{_MONTH})月份?")
SHORT_YEARS = re.compile(
    rf"(?P<first>{_Y4})(?:年)?(?: ?[-—~至到]{{1,2}} ?)(?P<last>(?:19|20)\d\d|\d\d|[一二][{_CD}]{{3}})年度?(?![底末前初]|\d{{1,2}}月)"
)

PLAN = re.compile(
    r"[“\"‘]?(?P<plan>[一二三四五六七八九十]{1,3})五[”\"’]?(?P<tail>规划期?|计划期?|五年规划期?)?(?P<part>期间|时期末|时期|期末|末期|末|期内|以来|[中后]期(?!间)|初期|前期)"
)
EVERY = re.compile(
    r"(?:每(?=隔一)隔(?=一)|每(?:隔|间隔)?)(?P<count>(?<=隔)一|\d+|[两二三四五六七八九十半])?个?(?P<unit>季度|季(?!节)|学期|学年|星期|工作日|半年|年度?|月度?|周(?!边|期)|旬|日|天)(?!均|人|级|鲜)"
    r"|(?<![国法])[按逐](?P<by>半年|季度?|月度?|年度|周|旬|日)(?!照|球|期|历|益|渐|常|步|年|记|利|产|薪|龄)"
    r"|逐(?P<step>月|季|周|日)(?!益)"
)
WITHIN_YEAR = re.compile(
    rf"的?(?:(?:{_MONTH}月份?[-—~至到]{{1,2}})?(?P<month>{_MONTH})月份?(?:(?P<day>{_SMALL})[日号]|(?P<edge>[底末初])|)|年?(?P<yearedge>[底末初])"
    r"|(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])个?季度)(?P<more>(?:[、和及](?:1[0-2]|0?[1-9])月份?)*)"
)
WITHIN_QUARTER = re.compile(
    rf"的?(?:(?:首|末|第[一二三]个?)月)?(?:(?:结束|终了)?后)?(?:{_SMALL}(?:日|个?工作日)|[底末初])?(?:内|(?=前))?"
)
WITHIN_MONTH = re.compile(rf"的?(?:(?P<day>{_SMALL})[日号]|月?(?P<edge>[底末初]))")
DURATION = re.compile(
    r"(?<![\d.A-Za-z近过第~至到—-])(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3}|半)个?(?P<unit>工作日|自然日|季度|学期|星期|小时|[日天周月年])(?:之|以)?内(?!部|外|容)"
)
# 24时前, 下午5点前: the hour is part of the words, the day is what counts
BEFORE = re.compile(
    r"(?:(?:上午|下午|中午|晚)?\d{1,2}(?:时|点|:\d\d))?(?:(?:[及或])?(?:之前|以前)|前(?!期|后|列|来|往|沿|景|提|[\d一二两三四五六七八九十]+(?:个|年|季|名|位|强|月|天|周)|瞻|述|款|项|端|置|台|者|言))"
)
AFTER = re.compile(
    r"(?P<incl>[及或](?:之后|以后))|(?P<excl>之后|以后|后(?!续|备|期|勤|台|三|两|[一二四五\d]))|(?P<from>起|开始|以来|起始)(?!草|步|点|诉|算)"
)
INSIDE = re.compile(r"(?:之|以)?内(?!部|外|容|涵)|(?P<during>期间|间(?!隔|接))")
PREFIX = re.compile(
    r"(?P<until>不[迟晚]于|最迟|(?P<asof>截至)|截止(?:时间)?(?:到|至|为|:)?|力争到|争取到|(?<![达高升加长降低少缩减得增])到|(?<![达高升加长降低少缩减增甚])至)$|(?P<since>自从|[自从])$|(?P<base>[较比与同以]|相比于?|相对于?|对比)$"
)
BASELINE_AFTER = re.compile(
    r"(?:同期|底|末|水平|年底)?(?:(?:相比|为基(?:数|准|期|年)|(?:的)?(?:水平)?基础上|(?:基础|水平)上)|的\d+(?:\.\d+)?(?:倍|%)|同期)"
)
PAST = frozenset({"去年", "上年", "上一年", "上年度", "上一年度", "前年"})
ATTRIBUTE = re.compile(
    r"(?:已|新|经|所|依法|前来)?(?:进驻|出生|毕业|入职|参加工作|发生|成立|登记|注册|颁布|印发|发布|出台|建成|投产|开工|签订|购买|生产|办理|入学|"
    r"报名|备案|受理|立项|审批|批准|在册|入库|认定|录入|移交|取得|任职|退休|形成)[^,。;、]{0,8}的"
)
ANNUAL_NAME = re.compile(r"(?!完成|实现|力争|确保|底|末|内|前|期间|新增|要|将|应|须)[\u4e00-\u9fff]")
YEARS_AWAY = {"今年": 0, "本年": 0, "本年度": 0, "当年": 0, "同年": 0, "这一年": 0, "明年": 1, "次年": 1, "翌年": 1, "下年": 1,
              "下一年": 1, "下年度": 1, "下一年度": 1, "后年": 2, "去年": -1, "上年": -1, "上一年": -1, "上年度": -1,
              "上一年度": -1, "前年": -2}  # fmt: skip
RHYTHMS = {"P1D": "daily", "P1W": "weekly", "P1M": "monthly", "P3M": "quarterly", "P6M": "half-yearly", "P1Y": "yearly"}
UNITS = {"日": "D", "天": "D", "工作日": "D", "自然日": "D", "周": "W", "星期": "W", "旬": "旬", "月": "M", "月度": "M",
         "季度": "Q", "季": "Q", "半年": "H", "年": "Y", "年度": "Y", "学期": "H", "学年": "Y", "小时": "h"}  # fmt: skip
