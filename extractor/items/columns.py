"""What each column of a table holds, told from the words of its header and from its content."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, cast

from extractor.items.table_grid import Grid, is_empty, is_value
from extractor.text.brackets import Role, role_of
from extractor.text.vocabulary import head_key

Kind = Literal[
    "number",  # 序号
    "group",  # 类别, 一级指标: becomes path
    "soft",  # 指标, 重点任务: the item where no better column is, else a group
    "hard",  # 考核内容, 工作措施: what is to be done
    "grade",  # 等次: each row is for one grade
    "tier",  # 优秀: the requirement for one grade
    "scoring",
    "points",
    "who",
    "when",
    "assessed",
    "notes",
    "blank",  # 得分, 检查记录: for filling in
    "unit",  # 计量单位
    "target",  # 目标值, 2025年
    "baseline",  # 现状, 2020年
    "strength",  # 属性
    "place",  # 单位, 县区: rows of a quota table
    "plain",  # none of these
]


@dataclass(frozen=True, slots=True)
class Column:
    """``role`` of a who column (None: its cells tell). ``tier`` the grade. ``year`` a year its header prints.

    ``mean`` is the mean length of its filled cells, ``values`` the share of them that are plain quantities,
    ``filled`` how many there are, ``merged`` whether cells span several rows. ``dated``: its header says by when.
    ``rubric``: an item column whose cells also say how points are lost.
    """

    index: int
    head: str
    kind: Kind
    role: Role | None = None
    tier: str | None = None
    year: int | None = None
    mean: float = 0.0
    values: float = 0.0
    filled: int = 0
    merged: bool = False
    dated: bool = False
    rubric: bool = False


_TIER = re.compile(
    r"^(?:(?:优秀|良好|优良|较好|合格|达标|基本合格|基本达标|一般|较差|不合格|不达标|优|良|中|差|卓越|先进|示范|[ABCD甲乙丙]\s?[级等档类]|[一二三四五]\s?[星等级档]级?)(?:等次|等级|级|档|单位|标准|要求|型)?)(?:\([^)]*\))?$"
)
_FORM = re.compile(
    r"^(?:实际|实|考核|考评|自评|自查|自测|复核|检查|评估|评审|测评|核定|专家|评定|最终|最后|县级|市级|省级|第三方|审核)?(?:得分|评分|打分|评分数|扣分|加分|分数|计分)(?:情况|原因|记录|值|栏|理由|说明|结果)?$"
    r"|扣分(?:原因|理由|情况|说明)|^(?:自评|自查|检查|考核|核查|评价|评估|评审|督查|复查|抽查|现场|验收|测评)(?:结果|记录|情况|意见|结论|等次|分|打分)$|^(?:是否|完成情况|进展情况|工作进展|落实情况|目前进展|存在问题|签字|签名|评分人|自评|自评分|考核分|得分率|整改情况|销号情况|完成与否)"
)
_CONTACT = re.compile(
    r"^(?:姓名|职务|职称|电话|联系电话|联系方式|手机|手机号码?|办公电话|邮箱|电子邮箱|传真|身份证号码?|性别|年龄|出生年月|学历|民族|地址|通讯地址|邮编|开户行|账号|户名|统一社会信用代码|专业|毕业院校)$"
)
_PAST = re.compile(
    r"现状|基期|基准|基线|实际|实绩|上年|去年|完成值|已完成|完成数|完成情况|基础值|初始|当前|历史|(?:20\d\d年?|\(20\d\d\))(?:完成|底?现状|实际|基数|数据)|基数|达到水平"
)
_AIM = re.compile(
    r"目标|计划|规划|预期|任务(?:数|量|指标)?$|预计|下达|指标值|标准值|要求值|达标值|控制数|考核值|约束值|到20\d\d年|20\d\d年(?:底|末)?(?:前)?(?:值|数)"
)
YEAR = re.compile(r"20\d\d")
_YEAR_HEAD = re.compile(
    r"^(?:到|至)?\(?20\d\d\s?(?:年度?|年?[底末])?\)?(?:前|目标|目标值|计划|计划数|规划|规划值|预期|预期值|任务|任务数|指标|现状|实际|完成值?|基期|基数|值|数)?(?:\([^)]*\))?$"
)
_PERIOD_HEAD = re.compile(
    r"^(?:第?[一二三四1-4]\s?季度|[上下]半年|\d{1,2}月(?:份|底)?|[“\"]?十[三四五六]五[”\"]?(?:期?[末间]|时期|目标|规划)?|全年|年内|20\d\d年(?:上半年|下半年|\d{1,2}月底?|第?[一二三四1-4]季度|底|末|年底))(?:前|目标|任务|计划|进度|完成|目标任务|工作目标|工作任务)*(?:\([^)]*\))?$"
)

_MIXED = re.compile(
    r"(?:内容|要求|指标|要点|任务|项目|事项).{0,3}(?:评分|计分|扣分|打分|记分)|(?:评分|计分).{0,4}(?:内容|要求|要点)$"
)

# The first rule that fits a header decides; each part of a header of several rows is tried from the bottom up.
_SOURCES: tuple[tuple[Kind, str], ...] = (
        ("number", r"^(?:序号?|编号|顺序|项次|NO\.?|号|代码|指标编号|任务编号|条目号?)$"),
        ("blank", _FORM.pattern),
        ("strength", r"(?:指标|目标|任务)?(?:属性|性质)$"),
        ("unit", r"(?:计量|指标|数量|度量)单位$|^单位\((?:计量|%.*)\)$"),
        ("grade", r"^(?:考核|考评|评价|评定|评估|指标|达标)?(?:等次|等级|档次|层次|档位)$"),
    ("assessed", r"(?:考核|考评|评价|评估|适用|被考核|被考评|被评估|被督查|检查|责任)(?:对象|范围)(?:及范围)?$|^(?:被考核|被考评|被评价|被检查)(?:单位|部门|地区)$|^对象$|^适用(?:单位|地区)$"),
        ("notes", r"(?:考核|考评|评价|负责考核|督查|督办|评估|认定|验收|数据提供|数据采集|数据|统计|提供|解释|主管考核|检查|测评)(?:责任|牵头|负责|具体|实施|的)*(?:单位|部门|科室|处室|股室|主体|机构|来源|方)$"),
        ("notes", r"(?:考核|考评|评价|评估|检查|测评|验收|审核|计算|统计|核查|评审|查验|采集|取得|考察)(?:方式|方法|办法|途径|手段|依据|周期|频次|公式|渠道|材料|资料|形式)|佐证|印证|证明材料|支撑材料|^材料|资料|^备注|^说明$|指标(?:解释|说明|含义|定义|释义)|计算公式|数据来源|信息来源|来源|依据$|^依据|政策依据|解释|含义|定义|^备考|^其他$|^注$|联系人|联系电话|信息报送|公开方式|问题$|现状问题|存在的?问题|风险"),
        ("points", r"^(?:(?:标准|基础|基准|基本|满|总|配|目标|指标|参考|设定|规定|考核|分项|单项|小项)?(?:分值?|分数)|权重|权数|计分权重|权重分值?|赋分值?|占分|分值\(.*\)|权重\(.*\)|分值权重|分值及权重)(?:\([^)]*\))?$"),
        ("scoring", r"(?:评分|计分|扣分|加分|赋分|打分|记分|给分|评定|减分|加减分|奖惩|计算得分)(?:细则|标准|办法|方法|说明|规则|依据|要点|要求|方式|原则|及|项|点|点)*(?:说明)?|考核计分|评价标准及|^评价细则|考核细则"),
        ("who", r"(?:责任|分管|包保|牵头|主管|挂点|挂钩|联系|督办|包抓|配合|协办|主办|承办|协同|参与|参加|协助|落实|实施|负责|主责|执行|承担|完成|会办|推进|市级|县级|区级|省级|责任县|责任市)[^标要内]{0,6}(?:单位|部门|领导|科室|股室|处室|科\(室\)|人员?|主体|机构|方)|^(?:牵头|配合|责任|领导|主体)$|责任分工|职责分工|任务分工|工作分工|分工$|^部门$|^科室$|^责任人|责任落实|单位及(?:责任)?人"),
        ("when", r"(?:时限|时间|时间节点|节点|期限|完成日期|截止日期|起止|进度(?:安排|要求|计划)?|工期|建设年限|年限|周期)(?:要求|安排|计划)?(?:\([^)]*\))?$|^(?:何时|时段|阶段|时序进度|计划开工|开工|竣工)"),
        ("group", r"^(?:(?:一|二|1|2|Ⅰ|Ⅱ|I|II)级(?:指标|目录|项目|分类|任务)|指标(?:类别|类型|分类|大类|体系|维度)|(?:任务|工作|项目|目标|考核|措施|事项|重点|改革|专项|问题|责任|建设|服务|评价|评估|考评|检查|所属|行动)?(?:类别|类型|分类|领域|板块|方面|维度|大类|门类|类|区域|模块|系统|属类|环节|方向|条线|归类|范畴|篇章|章节))(?:\([^)]*\))?$|^(?:考核|考评|评估|评价|检查|测评|评分|督查|考察|考查|创建|验收|建设|工作|重点|评审|达标|基本|督导)?(?:项目|专项|工程|行动|要素|单元|专题|主题)(?:名称|及分值)?(?:\([^)]*\))?$|^(?:重点领域|目录|大项|小项|条款|名目|主项|分项|子项|方面)$"),
        ("hard", r"(?:考核|考评|评估|评价|检查|工作|任务|主要|具体|建设|督查|整改|改革|服务|目标|指标|重点|创建|测评|验收|项目|实施|评分|落实|措施|推进|监管|治理|整治|行动|责任|督导|评审|达标|管理|保障|试点|标准)(?:内容|事项|要点|要求|措施|举措|标准|任务)|^(?:内容|任务|措施|举措|要求|标准|要点|任务分解|工作重点|必备条件|基本条件|建设规模|建设规模及内容|做法|主要做法|目标|事项|工作|工作安排|具体安排|基本要求|重点|责任清单|任务清单|项目清单|目标要求|指标要求|工作目标|年度目标|具体目标|预期目标|目标任务|任务目标|阶段目标|阶段性目标|总体目标|预期成果|工作成果|预期成效|成果形式|标志性成果|推进计划|工作计划|年度计划|工作步骤)(?:及[^/]{1,6}|和[^/]{1,6})?(?:\([^)]*\))?$|(?:内容|措施|举措|要求|要点)(?:及[^/]{1,8}|和[^/]{1,8})?(?:\([^)]*\))?$"),
        ("soft", r"^(?:三级|四级|3级|4级|Ⅲ级|考核|考评|评价|评估|监测|重点|主要|具体|核心|统计|目标|关键|绩效|发展|规划|观测|测评|工作|年度|约束性|预期性|任务)?指标(?:名称|项目?|项)?(?:\([^)]*\))?$|(?:任务|工作|事项|措施|项目|目标|指标|工程|行动|改革|条目|举措|观测点|考核点|评价点|检查点|采分点|得分点|观察点)(?:名称|清单)?(?:\([^)]*\))?$|^名称$|指标类别"),
        ("place", r"^(?:单位(?:名称)?|地区|区域|县区|市县|县\(市、?区\)|县\(区\)|区县|市\(州\)|市州|镇街|镇\(街道?\)|乡镇|乡镇\(街道\)|镇\(办\)|街道|镇乡|各地|各县区|各市|各区|行政区划?|行政区域|地市|设区市|市别|县别|地方|所在地|责任地区|责任区域|承担单位|实施区域|镇\(街、?[^)]*\)|学校|学校名称|医院|机构名称|企业名称|园区|流域|河流|断面|断面名称|水体|水库|社区|村居?|村\(社区\)|(?:各?(?:市|县|区|州|盟|旗|镇|乡|街道)){1,4})$"),
)  # fmt: skip
_RULES = tuple((kind, re.compile(pattern)) for kind, pattern in _SOURCES)
KNOWN = re.compile(
    r"^(?:序号|编号|单位|地区|县区|市县|指标|属性|备注|类别|项目|任务|内容|措施|分值|权重|得分|合计|小计|总计|数量|目标值?|现状值?|其中[:]?.{0,8}|对象|20\d\d年?.{0,6})$|"
    + "|".join(f"(?:{pattern.pattern})" for _, pattern in _RULES)
    + f"|{_TIER.pattern}|{_YEAR_HEAD.pattern}|{_CONTACT.pattern}|{_PERIOD_HEAD.pattern}"
)

UNIT_WORDS = re.compile(
    r"^(?:[%‰]|[个所家户人次件万亿亩吨元台套张座处条例名项辆起公里米平方立顷千克升小时分钟天日月年床位岁倍册部集站点间栋口宗批期班场篇份克微毫/标煤瓦时百吨度立㎡㎥³²个百分点\-—]{1,10}|[a-zA-Zμ%/³²·\d]{1,10}|[万亿]?[千百]?\S{1,4}/\S{1,6})$"
)
_STRENGTH_CELL = re.compile(r"^(?:约束|预期|引领|指导|参考|必选|可选)性?(?:指标)?$")
_SCORING_CELL = re.compile(
    r"扣\s?\d|扣完|不得分|得\s?[\d.]+\s?分|得满分|加\s?[\d.]+\s?分|不计分|每.{1,12}分|[\d.]+分[;。,]|酌情"
)
_PERSON = re.compile(r"^[\u4e00-\u9fa5]{2,4}$")
_SURNAMES = frozenset("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤易常温康施文牛樊葛邢安齐")  # fmt: skip
ORG_CELL = re.compile(
    r"(?:局|委|办|厅|院|处|科|股|室|中心|政府|公司|委员会|办公室|部门|单位|街道|镇|乡|县|区|市|会|站|所|队)$"
)
_DATE_CELL = re.compile(
    r"(?:年|月|季度|日)(?:底|末|前|底前|内|完成)|年底|^20\d\d[年.\-/]|长期|持续|全年|[上下]半年|\d+月"
)
PLACE_CELL = re.compile(
    r"^(?:合计|总计|小计|全[省市县区州国]|.{1,12}(?:[省市县区州盟旗镇乡村]|街道|社区|新区|开发区|园区|高新区|管委会|局|委|办|厅|中心|公司|学校|中学|小学|幼儿园|大学|学院|医院|林场|农场|集团|分局|办事处|河|湖|江|水库|断面|街|苑))$"
)


def read_columns(grid: Grid) -> tuple[Column, ...]:
    """The role of each column; which of several task columns holds the items is for ``settle`` to say."""
    columns = tuple(_measure(grid, index) for index in range(grid.table.n_cols))
    return tuple(_by_content(grid, column) if column.kind == "plain" else column for column in columns)


def by_head(grid: Grid, index: int) -> Column:
    """The role that a column's header alone tells; ``plain`` where the rules do not know its words."""
    return _measure(grid, index)


def head_words(grid: Grid, index: int) -> list[str]:
    """The words over a column from the top, without marks: what rules and vocabulary look up."""
    return [head_key(grid.say(cell)) for cell in grid.heads[index]]


def label_of(column: Column) -> str:
    """The role as one word: ``hard``, ``who_lead``; a who column whose cells tell is a ``who_duty``."""
    return f"who_{column.role or 'duty'}" if column.kind == "who" else column.kind


def as_label(column: Column, label: str) -> Column:
    """The column with the role ``label``, and what goes with it; ``plain`` says nothing new."""
    kind, _, role = label.partition("_")
    if label in ("plain", label_of(column)):
        return column
    year = YEAR.search(column.head)
    changed = replace(
        column, kind=cast(Kind, kind), role=cast(Role, role) if role else None, tier=None, dated=False, rubric=False
    )
    if kind == "tier":
        return replace(changed, tier=column.head.rsplit("/", 1)[-1])
    if kind in ("target", "baseline"):
        return replace(changed, year=column.year or (int(year[0]) if year else None))
    return changed


def is_contact_list(columns: Iterable[Column]) -> bool:
    """Names with posts and telephone numbers."""
    return sum(bool(_CONTACT.match(column.head.split("/")[-1])) for column in columns) >= 2


def _measure(grid: Grid, index: int) -> Column:
    cells = grid.body_cells(index)
    said = [grid.say(cell) for cell in cells]
    filled = [words for words in said if not is_empty(words)]
    column = Column(
        index=index,
        head=grid.head(index),
        kind="plain",
        mean=sum(map(len, filled)) / len(filled) if filled else 0.0,
        values=sum(map(is_value, filled)) / len(filled) if filled else 0.0,
        filled=len(filled),
        merged=any(cell.rowspan > 1 for cell in cells),
    )
    return _by_head(grid, column, filled)


def _by_head(grid: Grid, column: Column, filled: list[str]) -> Column:
    parts = head_words(grid, column.index)
    for at in range(len(parts) - 1, -1, -1):
        found = _one_head(column, parts[at], parts[:at], filled)
        if found is not None:
            return found
    return column


def _one_head(column: Column, part: str, above: list[str], filled: list[str]) -> Column | None:
    if _TIER.match(part):
        return replace(column, kind="tier", tier=re.sub(r"\([^)]*\)$", "", part))
    if _YEAR_HEAD.match(part) or _PERIOD_HEAD.match(part):
        year = YEAR.search(part)
        kind: Kind = "baseline" if _PAST.search(part + "".join(above)) else "target"
        dated = kind == "target" and column.values < 0.5 and column.mean >= 4
        return replace(column, kind="hard" if dated else kind, year=int(year[0]) if year else None, dated=dated)
    if column.values >= 0.5 and column.filled:
        year = YEAR.search(part)
        if _PAST.search(part) and not _AIM.search(part):
            return replace(column, kind="baseline", year=int(year[0]) if year else None)
        if _AIM.search(part) and not re.search(r"分值|得分|权重|分$", part):
            return replace(column, kind="target", year=int(year[0]) if year else None)
    if part == "目标值" or part == "指标值":
        return replace(column, kind="target")
    if _MIXED.search(part) and column.values < 0.5:
        return replace(column, kind="hard", rubric=True)
    for kind, pattern in _RULES:
        if pattern.search(part):
            return _checked(column, kind, part, filled)
    return None


def _checked(column: Column, kind: Kind, part: str, filled: list[str]) -> Column:
    """A header's role after a look at what stands below it."""
    numeric = column.values >= 0.6
    if _share(_STRENGTH_CELL, filled) > 0.7:
        kind = "strength"
    if kind in ("hard", "soft", "notes") and _scores(filled) and not re.search(r"内容|任务|措施|指标", part):
        kind = "scoring"
    if kind in ("hard", "soft", "group", "scoring") and numeric and column.filled >= 2:
        if kind == "scoring":
            return replace(column, kind="blank" if re.search(r"[加减扣]", part) else "points")
        kind = "number" if column.mean <= 2 and kind == "group" else "plain"
    if kind == "points" and column.filled and not numeric:
        kind = "scoring" if _scores(filled) else ("blank" if column.mean < 8 else "plain")
    if kind == "place" and part.startswith("单位") and filled and _share(UNIT_WORDS, filled) > 0.6:
        kind = "unit"
    if kind == "place" and part == "单位" and filled and _share(PLACE_CELL, filled) < 0.5 and column.mean <= 4:
        kind = "unit"
    if kind == "blank" and filled and column.mean > 12:
        kind = "scoring" if _scores(filled) else "notes"
    if kind == "when" and numeric and re.search(r"进度|周期|工期", part):
        kind = "plain"
    role = _head_role(part) if kind == "who" else None
    return replace(column, kind=kind, role=role)


def _head_role(part: str) -> Role | None:
    """责任单位及责任人 is a duty, 牵头及配合单位 for the cells to tell."""
    lead, support = "牵头" in part or "主办" in part, "配合" in part or "协办" in part or "参与" in part
    if lead and support:
        return None
    if lead and "领导" not in part:
        return "lead"
    role = role_of(part)
    if role == "leader" and re.search(r"单位|部门|科室|股室|处室", part):
        return "duty"
    if role is None and re.search(r"领导|责任人", part):
        return "leader"
    return role or "duty"


def _share(pattern: re.Pattern[str], filled: list[str]) -> float:
    return sum(bool(pattern.search(words)) for words in filled) / len(filled) if filled else 0.0


def _scores(filled: list[str]) -> bool:
    return _share(_SCORING_CELL, filled) >= 0.4


def _by_content(grid: Grid, column: Column) -> Column:
    """The role of a column whose header tells nothing, from its cells."""
    filled = [words for cell in grid.body_cells(column.index) if not is_empty(words := grid.say(cell))]
    if not filled:
        return replace(column, kind="blank")
    if (
        not column.head
        and column.index == 0
        and _share(re.compile(r"^\(?(?:\d{1,3}|[一二三四五六七八九十]+)\)?[.、]?$"), filled) > 0.9
    ):
        return replace(column, kind="number")
    if _share(_STRENGTH_CELL, filled) > 0.7:
        return replace(column, kind="strength")
    if len(filled) > 1 and _share(_TIER, filled) > 0.9 and len(set(filled)) > 1:
        return replace(column, kind="grade")
    if column.values > 0.6:
        return replace(column, kind="target" if _AIM.search(column.head) else "plain")
    if column.head and column.kind != "plain":
        return column
    if _scores(filled) and column.mean > 8:
        return replace(column, kind="scoring")
    if (
        column.mean <= 30
        and _share(ORG_CELL, [name for words in filled for name in re.split(r"[、,;\s]", words) if name]) > 0.7
    ):
        return replace(
            column,
            kind="place" if column.index == 0 or (_share(PLACE_CELL, filled) > 0.9 and column.index < 2) else "who",
            role="duty",
        )
    if len(filled) >= 2 and column.mean <= 4 and all(_PERSON.match(w) and w[0] in _SURNAMES for w in filled):
        return replace(column, kind="who", role="leader")
    if column.mean <= 14 and _share(_DATE_CELL, filled) > 0.6:
        return replace(column, kind="when")
    return column
