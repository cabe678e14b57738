"""Which numbers of an item are targets: not those that say who is meant, what was spent, or what something is called."""

from __future__ import annotations

import re

from extractor.records import lexicon as lx
from extractor.records.frame import Frame
from extractor.types.mention import Quantity

_TIME_UNITS = frozenset(
    {"年", "个月", "月", "天", "日", "周", "小时", "分钟", "工作日", "个工作日", "岁", "周岁", "学时", "课时", "秒"}
)
_NAMED = re.compile(
    r"(?:等|共|以上|以下)?(?:方面|要求|原则|机制|统筹|重点(?=$|[任工内领事方])|阶段|步|条线|层面|环节|维度|特征|转变|关系|问题|意识|自信|维护|确保|坚持|制度|体系|举措|必须|要素)"
)
_GENERIC = frozenset(
    {
        "项",
        "个",
        "大",
        "种",
        "类",
        "方面",
        "批",
        "套",
        "条",
        "步",
        "轮",
        "届",
        "期",
        "部",
        "份",
        "级",
        "层",
        "点",
        "块",
        "线",
    }
)
_CREATE = re.compile(
    r"(?:完成|新建|建成|建设|建立|新增|培育|打造|创建|划定|划设|重建|选育|繁育|检定|检测|开展|举办|组织|开设|出台|制定|编制|配备|设立|成立|培训|引进|实施|改造|新培育|发展|推出|选树|评选|选派|招募|签约|落地|发布|形成|达到?|至少|不少于|建有|有|争创|获评|创成|申报|遴选|召开|布设|安装|选拔|培养|资助|吸引|集聚|认定|孵化|派遣|轮训|输送|选聘|聘请"
    r"|投放|整治|修复|治理|新改扩建|改扩建|扩建|提供|征集|撰写|报送|刊发|发表|检查|抽查|走访|巡查|消除|清理|淘汰|化解|关停|压减|减少|拥有|设置|更新|开发|支持|扶持|推进|推动|动员|督促|参加|参与|争取|实现|筹集|安排|投入|确保|力争|保持|维持|转移|就业|储备|增加|扩大|落实|引导|选择|选取|筛选|抽取|推广|购置|覆盖|建|植树|造林)[^,;。]{0,24}$"
)
_QUALIFIES = re.compile(
    r"(?:产值|收入|面积|消费量|能耗|排放量?|规模|投资|资产|人口|用水量|年龄|高度|长度|容量|装机|功率|浓度|库容|注册资本|金额|营业额|销售额|户籍|距离|半径|热电|机组|锅炉|吨位|[量额]|滞留|工作|从业|连续|年满|未满|超过|居住|服务期|学制|以上)(?:大于或等于|大于等于|小于|大于|不低于|不足|超过|高于|低于|在|达到?)?$"
)
_FITTED = re.compile(
    r"(?:配备|建设|建有|建成|设置|设立|安装|打造|划定|保留|维持|提供)(?:总|建筑|使用|有效)?(?:面积|容量|长度|功率|库容)$"
)
_MODIFIES = re.compile(r"^(?:(?:及|或|或者)?以[上下]|以内)?(?:的)?(?!比例|标准|目标|幅度|速度|要求)[\u4e00-\u9fffA-Z“]")
_MEASURED = re.compile(r"(?:瓦|安|米|里|亩|吨|克|升|公顷|元|赫|度|岁|寸)$")
_MADE_NOW = re.compile(
    r"(?:新建|新增|新改扩建|改扩建|建成|建设|完成|改造|整治|治理|修复|疏浚|铺设|盘活|开发|流转|播种|种植|造林|拆除|增加|达到?|不少于|至少)(?:[^,;。]{0,6})$"
)
_PAST = re.compile(
    r"(?:已|已经|已累计|目前|现有(?!基础)|原有|截至|现状|当前|共有|(?<![较比与同对])(?:去年|上年))[^,;。]{0,16}$"
)
_RENEWS = re.compile(r"(?:改造|改扩建|改建|扩建|提升|升级|更新|盘活|巩固|整合)现有[^,;。]{0,16}$")


def is_target(frame: Frame, at: int, following: int) -> bool:
    """Whether ``frame.quantities[at]`` states a threshold; ``following`` is where the next quantity starts."""
    quantity = frame.quantities[at]
    text = frame.text
    start, end = frame.clauses[frame.clause_at(quantity.span.start)] if frame.clauses else (0, len(text))
    left = text[start : quantity.span.start]
    right = text[quantity.span.end : min(end, following)].rstrip(")")
    right = re.sub(r"^\([件个辆人次台套户]{1,2}$", "", right)  # 1.5万台(件)
    if (
        quantity.unit == "角"
        or (quantity.unit == "分" and not _scored(quantity, left))
        or _outside(frame, quantity, left)
    ):
        return False
    if (
        _PAST.search(left)
        and not _to_come(frame, start)
        and quantity.op is None
        and not _RENEWS.search(left)
        and not (_share(quantity) and lx.PREDICATE.match(right))
    ):
        return False
    if _granted(quantity, text[:start], text[start:end], left, right):
        return False
    if quantity.rank and lx.TOPIC.match(left) and right:
        return False  # 对考核前2名的县给予倾斜
    if lx.TOPIC.match(left) and right.startswith("的") and not re.match(r"的(?:比例|标准|要求|目标|幅度)", right):
        return False  # 对游客量下滑超过30%的景区，责令…
    if left.endswith("每") and quantity.op is None and following < end:
        return False  # 每300户配备1名网格员
    if _qualifies(quantity, left, right) or _narrows(frame, at, right, following < end):
        return False
    if re.search(r"(?:未|没有|不)$", left) and quantity.op in ("ge", "gt"):
        return False
    if (
        quantity.unit in _TIME_UNITS
        and not (quantity.change and left.endswith("寿命"))
        and not _time_target(quantity, left, right, text[quantity.number.end : quantity.span.end])
    ):
        return False
    following_unit = frame.quantities[at + 1].unit if at + 1 < len(frame.quantities) else None
    if (
        not right
        and following == quantity.span.end
        and following < end
        and not re.search(r"(?:伏|级|寸)$", str(following_unit))
    ):
        return False  # 6类10项以上: the next number goes on
    if re.search(r"(?:伏|级|寸)$", str(quantity.unit)) and (right or quantity.op is None):
        return False  # 500千伏变电站: what it is called after
    if quantity.op is None and not _share(quantity) and not _change(quantity):
        return _count_target(frame, at, left, right, start)
    return True


def _to_come(frame: Frame, start: int) -> bool:
    """到2025年，…共有13座: the clause is dated after the document."""
    dates = [d for d in frame.dates if d.span.end <= start and start - d.span.end <= 1 and d.end]
    return bool(dates) and frame.year is not None and str(dates[-1].end) > f"{frame.year}-12-31"


def _scored(quantity: Quantity, left: str) -> bool:
    """分 as a measure of its own (满意度达到95分), not as a mark of the scheme."""
    return (
        quantity.op is not None
        and re.search(r"(?:满意度|评分|测评|评价|指数|学分|得分|成绩|分数)[^,;。]{0,6}$", left) is not None
    )


def _outside(frame: Frame, quantity: Quantity, left: str) -> bool:
    """In quotes, a title or an explanatory bracket; a bracket that gives a place its own number counts."""
    mark = frame.inside(quantity.number.start)
    if mark is None:
        return False
    if mark == "(":
        opened = left[left.rfind("(") + 1 :]
        return not re.match(r"其中[^)]{2,}$|每[年月]$", opened) and not re.search(
            r"[市县区州镇乡村](?:\([^)]*\))?[^,(]{0,4}$", left[left.rfind("(") + 1 :]
        )
    if mark == "“":  # a whole sentence in quotes is no name
        at = quantity.number.start
        return not any(a < at < b and b - a > 26 and "," in frame.text[a:b] for a, b in frame.nested)
    return mark in "《‘【〔["


def _granted(quantity: Quantity, before: str, clause: str, left: str, right: str) -> bool:
    """给予20万元奖励, 最高100万元, 按投资额的30%给予补助: what others are given is no target of theirs."""
    if re.search(r"元(?:/|$)", str(quantity.unit)):
        if lx.GRANT.search(clause) and not re.search(r"人均|筹集|配套|投入|标准(?:不低于|达到)", left):
            return True
        capped = re.search(r"最高|最多", left + (quantity.cue or ""))
        return bool(quantity.cue and capped and lx.GRANT.search(before))
    if quantity.unit != "%" or not lx.GRANT.search(clause):
        return False
    if re.search(r"(?:率|占比|比例|比重)(?:达到?|不低于|不少于|在|为)*$", left):
        return False
    return bool(
        re.match(
            r"(?:的)?(?:比例|标准|幅度|额度)?(?:分别)?(?:给予|予以|补助|补贴|奖励|奖补|资助|贴息|减免|发放)", right
        )
        or (
            re.search(r"给予[^,;。]*$", left)
            and re.match(r"(?:的)?(?:资金|财政|一次性|专项)?(?:补助|补贴|奖励|资助|支持)", right)
        )
    )


def _share(quantity: Quantity) -> bool:
    return quantity.unit in ("%", "个百分点", "倍", "成", "‰") or (quantity.unit is None and quantity.value < 1)


def _change(quantity: Quantity) -> bool:
    return bool(quantity.cue) and bool(
        lx.CHANGE_UP.search(quantity.cue or "") or lx.CHANGE_DOWN.search(quantity.cue or "")
    )


def _qualifies(quantity: Quantity, left: str, right: str) -> bool:
    """产值1000万元以上的基地, 滞留超过3个月的人员: the number narrows the noun that follows."""
    if _share(quantity):
        return (
            right.startswith("的")
            and re.search(r"(?:率|比例|占比|比重)(?:未|不)(?:达到?|超过|高于)?$", left + (quantity.cue or ""))
            is not None
        )
    if not right:
        return False
    if (
        right.startswith("的")
        and re.search(r"不足|未满|不满|少于$", quantity.cue or "")
        and not re.search(r"不少于", quantity.cue or "")
    ):
        return True  # 学生数不足20人的教学点
    if not _MODIFIES.match(right) or lx.PREDICATE.match(right):
        return False
    if quantity.op in ("ge", "gt") and re.match(r"(?:全面|基本|逐步)?(?:消除|杜绝|淘汰|取缔|关停|关闭|查处)", left):
        return True  # 消除66人以上超大班额
    if quantity.unit in _TIME_UNITS:
        return right.startswith("的") or bool(re.match(r"以[上下]", right))
    if quantity.op and right.startswith("的") and _FITTED.search(left):
        return False  # 配备总面积不少于4平方米的显示系统
    if re.match(r"(?:的|及以[上下]|以[上下])", right) or re.search(r"以[上下]", quantity.cue or ""):
        return bool(_QUALIFIES.search(left))
    return bool(
        re.search(
            r"(?:产值|面积|消费量|排放量?|浓度|功率|库容|注册资本|半径|[量额数度])(?:大于或等于|大于等于|小于|大于|超过|高于|低于|达到?)?$",
            left,
        )
    ) and right.startswith("的")


def _narrows(frame: Frame, at: int, right: str, followed: bool) -> bool:
    """亿元以上工业项目120个, 每10万人死亡率1.2: a bound or base of the noun that the next number counts."""
    quantity = frame.quantities[at]
    if re.match(r"(?:及|或|含)?以[上下]", frame.text[quantity.number.end : quantity.span.end]) and re.search(
        r"^.{2,}(?:全部|均|都)", right
    ):
        return quantity.unit not in ("%", "个百分点")
    people = str(quantity.unit).endswith(("人", "人口", "户"))
    if people and quantity.op is None and re.match(r"[^,、;。]{2,20}率(?=$|[、,和])", right):
        return True  # 10万人死亡率: the base of a rate
    following = frame.quantities[at + 1] if followed else None
    if (
        following is not None
        and following.unit in ("家", "个", "户", "所", "名", "人", "座", "处")
        and quantity.op in ("gt", "ge")
        and quantity.unit not in ("%", "个百分点", *_TIME_UNITS, following.unit)
        and re.fullmatch(r"的?[^,、的]{2,12}?(?:不少于|不低于|达到?)?", right)
    ):
        return True  # 产值超100亿元企业2家、床位不少于100张的医院不少于2所
    if followed and re.fullmatch(r"、(?:具[备有]|拥有|位居|处于)[^、,]{2,30}的[^、,的]{2,14}", right):
        return bool(_QUALIFIES.search(frame.text[: quantity.span.start]))  # 产值超100亿元、具备竞争力的企业2家
    if not followed or quantity.unit in ("%", "个百分点") or re.search(r"[、,和及与]$|^[、,和及与]|^$", right):
        return False
    words = frame.text[quantity.number.end : quantity.span.end] + right
    if re.match(r"(?:及|或|含)?以[上下内]", words):
        return len(right) >= 2 or right.startswith("的")
    return people and re.search(r"(?:率|数|拥有量?|强度)$", re.sub(lx.TRAILING, "", right)) is not None


def _time_target(quantity: Quantity, left: str, right: str, frame_words: str) -> bool:
    """A duration is a target where a time is measured (审批时限压缩至4个月), not where it dates something."""
    if (
        quantity.unit in ("分钟", "小时")
        and re.search(r"(?:实现|确保|做到|须|应|在|、|和)$", left)
        and re.search(r"内$", frame_words)
    ):
        return True
    if quantity.op in ("ge", "gt") and (
        not right or re.match(r"[、和及与]|(?:及以上)?[^,]{0,8}(?:经历|经验|资历|工龄|教龄)", right)
    ):
        return True
    if re.search(r"(?:不超过|不高于|分别|控制在|压缩)", quantity.cue or "") or (quantity.follows and quantity.op):
        return True
    if quantity.op is not None and re.search(
        r"时间|时限|周期|时长|期限|年限|寿命|用时|天数|学时|课时|工时|办[理结]|审[批查]|压缩|缩短|控制|年龄|不少于|至少|培训|学习",
        left + (quantity.cue or ""),
    ):
        return not re.match(r"[内前后](?!$)|的(?!比例)", right)
    return bool(
        re.search(r"(?:时间|时限|周期|时长|天数|月数|年数|学时|课时|压缩|缩短)[^,]{0,6}$", left)
    ) or quantity.unit in (
        "学时",
        "课时",
    )


def _count_target(frame: Frame, at: int, left: str, right: str, start: int) -> bool:
    """A bare count: made or reached by a verb before it, or closing its clause after a thing."""
    quantity = frame.quantities[at]
    printed = frame.text[quantity.number.start : quantity.number.end]
    chinese = not re.search(r"\d", printed)
    if _NAMED.match(right) or re.match(r"(?:年|届|期|次会议|号|字|版|类(?:对象|人员|群体))", right):
        return False
    if lx.TOPIC.match(left) and right and not _CREATE.search(re.sub(r"^(?:对|在|以|针对|围绕|从)", "", left)):
        return False
    if chinese and quantity.unit in ("期", "届", "号", "级"):
        return False
    if (
        chinese
        and quantity.value <= 1
        and quantity.unit == "次"
        and re.search(r"(?:完成|开展|组织|举办|召开|进行)$", left)
    ):
        return True
    if chinese and quantity.value <= 1 and not re.search(r"[每各](?!项|类|方)|至少|不少于", left):
        return False
    if (
        chinese
        and quantity.unit in _GENERIC
        and not re.search(r"新建|新增|建成|培育|打造|举办|出台|制定|至少|每", left)
    ):
        return False
    if frame.inside(quantity.span.start) == "(" and not right:
        return True
    listed = re.search(r"、([^,、]{1,12}?)等?$", left)
    if listed and re.search(r"\d[^,、]{0,8}$", left[: listed.start()]):
        return True  # 国家级企业3家以上、省级企业40家
    if listed and not _CREATE.search(listed.group(1)) and not _CREATE.match(left):
        return False
    if not right or right[0] in "、和及与":
        return bool(left)
    if re.search(r"\d[^,;。]{1,24}(?:、|和|及|与|以及)$", left) and at and frame.quantities[at - 1].span.start >= start:
        return is_target(frame, at - 1, quantity.span.start)  # 选拔100名正职、200名副职后备人才
    if re.search(r"(?:年产|日产|日处理|总投资|占地|跨度|单机|库容)$", left):
        return False
    if _MEASURED.search(str(quantity.unit)) and not re.search(r"[万亿]", str(quantity.unit)):
        return bool(_MADE_NOW.search(left))  # 10公里范围, 300平方米场地: the number describes the thing
    return bool(_CREATE.search(left)) or bool(re.search(r"[每各][^,]{0,10}$", left))
