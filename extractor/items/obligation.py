"""Whether a sentence of prose obliges somebody: what is background, principle, definition or frame is no record.

The default is yes: a miss costs a reviewer more than a draft too many. Each rule names the kind of sentence
it recognises, so that a sentence left out can be shown with its reason.
"""

from __future__ import annotations

import re

_TOPIC = r"(?:基础|现状|背景|形势|成就|成效|回顾|机遇|挑战|发展环境|问题|困难|不足|短板|经验|特点|需求)"
_HEADINGS = re.compile(
    rf"^(?:[“”十一二三四五\d—-]*(?:时期|期间)?(?:的)?)?(?:[^,、和与及]{{0,8}}(?:发展|工作|现实|规划|编制|建设|改革|面临|存在|主要))?(?:的|取得的)?(?:主要|突出|重大|新)?{_TOPIC}"
    rf"(?:(?:与|和|及|、)(?:面临的?|存在的?|主要)?{_TOPIC})*$"
    r"|^(?:编制依据|规划依据|指导思想|(?:基本|工作|建设|编制|遵循)原则|指导方针|发展理念|重[要大]意义|适用范围|规划范围|名词解释|明确范围|基本情况|总体思路|发展思路|定义|术语)(?:与.{2,6})?$"
)
_FRAME = (
    ("purpose", re.compile(
        r"^(?:为|为了|根据|按照|依据|依照|结合|围绕|经).*(?:(?:特?制定|编制|提出|形成|印发|出台|确定|下达|明确)(?:了|本|此|以下|如下|该)|(?:^|[,，])(?:现|特)(?:将|就|提出|制定|印发|下达|明确|对)).{0,40}$"
        r"|(?:^|[,，])为[^。]*(?:特|现)制定本.*$|^为.*(?:制定|编制|形成)[^,]{0,24}(?:方案|计划|意见|规划|办法|要点|细则)(?:\(.{0,12}\))?$")),
    ("form", re.compile(r"^(?:被?考核单位|考核对象|填表人|填报单位|考核时间|满分|总分|得分|签字|盖章|审核人)[^,。;]{0,12}[:]|^责任单位中?排|总分(?:为)?\d+分|得分.{0,16}(?:为|评为|定为)(?:优秀|良好|合格)|(?:缺项|不涉及).{0,12}折算")),
    ("frame", re.compile(
        r"现(?:将.*)?印发给你们|特此(?:通知|函|公告)|现?(?:就|将).*(?:通知|公告|通报|安排|分工|明确|分解)如下|^抄送|^\(?(?:具体)?[^,。;]{0,24}(?:详?见附?[表件]|附后)\d*\)?$|^联系(?:人|电话|方式|地址)"
        r"|^此件|^单位[:]|^\(?联系人|^附[:]|^附件[:\d]|^注[:\d]|^说明[:]|^备注[:]|^咨询电话|^邮箱|^(?:20\d\d|[二〇○零一二三四五六七八九]{4})年\d{0,2}[一二三四五六七八九十]{0,2}月?(?:\d{1,2}日)?$|^本表由")),
    ("definition", re.compile(r"^本(?:规划|方案|计划|意见|办法|细则|标准|通知|制度|规定)(?:所称|是|自|由.*解释|适用|有效期|规划期|的规划期|以.*为基期|期限)|是指|所称.*[是指]")),
    ("definition", re.compile(r"^[^,。;]{2,20}(?:指标|体系|评分|得分)[^,。;]{0,8}由[^。;]{4,}(?:所)?(?:构成|组成)$")),
    ("effect", re.compile(r"自(?:印发|发布|公布|发文|下发)之日起|^(?:有效期|规划期)")),
    ("notes", re.compile(r"^(?:[“\"]?[^,，]{1,12}[”\"]?为?(?:约束性|预期性)指标|数据来源|以上|指标解释|带[*※]号|\[\s?\]|\(\s?\)内)")),
)  # fmt: skip
_PAST_PERIOD = re.compile(
    r"近年来|多年来|(?<![于比较同])(?:去年|上年)(?:以来|[,全])|过去(?:的)?[一五几三]|以来[,，]|\d{4}年[,，]?全[省市县区国]?.{0,12}(?:达到了|实现了|完成了|增长了|同比)"
)
_DONE = re.compile(
    r"(?:已经?(?:建成|达到|完成|形成|成为|实现|出台|建立|经|累计|有|达|超过|初步|基本)|达到了|完成了|实现了|建成了|形成了|出台了|增长了|提高了|取得了?(?:新|显著|明显|重大|积极|历史性|长足|巨大|丰硕|良好)?"
    r".{0,8}(?:成效|成绩|进展|突破|成就|进步)|迈上新台阶|稳步提升|不断提高|持续(?:改善|提升|优化|增强)|明显(?:改善|提升|增强|提高|加快|加强)|显著(?:改善|提升|增强|提高)|有效控制|累计(?:新增|完成|投入|建成|实现))"
)
_STATE = re.compile(
    r"(?:仍然?|依然|尚|还)(?:存在|不足|较|不够|面临|未|有(?:较大|不少|一定|差距)|需(?:进一步)?(?:加强|提高|完善|改善)$)|面临(?:着)?(?:的|诸多|新|严峻|不少|较大|一些|重大|许多|更)|存在(?:着)?(?:的|一些|不少|诸多|较多|差距|短板|薄弱)"
    r"|(?:是|处于|进入).{0,40}(?:之年|阶段|时期|关键期|机遇期|攻坚期|窗口期|第一年|开局)(?=$|[,，。;])|迫切需要|任务(?:依然)?(?:艰巨|繁重)|形势(?:依然|更加)?(?:严峻|复杂)|(?:十分|非常|极为)(?:严峻|突出|繁重|薄弱)"
    r"|发表.{0,16}讲话|(?:会议|讲话|文件)(?:指出|强调|提出)|高度重视.{0,60}(?:工作|改革)?$|作出.{0,30}(?:部署|指示)|(?:^|,)由于"
)
_STANDS = re.compile(
    r"(?:仍然?|依然|尚|还)(?:存在|不足|面临|不够)|面临(?:着)?(?:诸多|新|严峻|不少|较大|一些)|^[“\"]?[^,，]{0,40}(?:时期|年)(?:\([^)]*\))?[”\"]?,?是.*(?:之年|阶段|时期|关键期|机遇期|攻坚期|第一年)$"
    r"|^党中央、?国务院.{0,12}高度重视|^[^,，]{2,24}是[^,，;]{4,60}的(?:重要|关键|必然|重大|核心|有力|迫切|根本|客观)(?:举措|途径|抓手|内容|保障|要求|任务|支撑|基础|手段|选择|需要|组成部分|载体|环节|路径)$"
    r"|呈[^,，]{2,8}状态$"
)
_DUTY = re.compile(
    r"要(?![求素点闻件领害义么])|应当?(?![用对急])|必须|确保|力争|争取|不得|严禁|务必|到20\d\d年|20\d\d年(?:底|末|年底)?前|[底]前|推进|加强|开展|建立|完善|落实|实施|推动|制定|完成|编制|组织|做好|启动|公布|总结|培育|新建|新增|打造|建设|加快|继续|深化|整改"
)
_THOUGHT = re.compile(
    r"^(?:坚持)?以习近平.{0,30}(?:思想|精神).{0,20}为(?:指导|统领|引领|指引)|^高举|^(?:全面|深入|认真)*(?:学习)?贯彻(?:落实)?(?:习近平|党的[一二三四五六七八九十]+大)"
)
_SLOGAN = re.compile(
    r"^(?:以.{2,60}为(?:指导|根本|引领|统领|遵循|主题|核心|主线)|坚持以.{2,60}为(?:指导|主题)|高举|深入(?:学习)?贯彻.{0,20}(?:思想|精神|讲话))"
)
# A unit or a column's head on a line of its own: what is left of a table printed one cell a line.
_NAME_ALONE = re.compile(
    r"^(?:各|[省市县区州旗]|乡镇)[\u4e00-\u9fff]{1,9}(?:局|委|办|厅|中心|指挥部|办公室|委员会|公司|政府)$"
    r"|^(?:责任|牵头|配合|主办|协办|承办)(?:单位|部门|科室|领导)$|^完成(?:时限|时间)$"
)
_HEAD_ONLY = re.compile(
    r"(?:下列|以下|如下)[^。;]{0,40}[:]$|^[^,，。;]{0,24}(?:如下|措施|任务|目标|要求|内容|分工|事项|包括|是|为)?[:]$"
)


def no_obligation(sentence: str, headings: tuple[str, ...], year: int | None) -> str | None:
    """Why a sentence (a normalised view's words) is no record, or None where it obliges.

    ``headings`` are the titles above it, outermost first; ``year`` the document's.
    """
    words = sentence.rstrip("。;！!？? \n")
    if len(words) < 4:
        return "too short"
    if _HEAD_ONLY.search(words):
        return "introduces a list"
    if _NAME_ALONE.match(words):
        return "a name alone"
    for name, pattern in _FRAME:
        if pattern.search(words):
            return name
    if any(_HEADINGS.search(title) for title in headings):
        return "background section"
    if _is_past(words, year):
        return "past result"
    if re.match(r"20\d\d年是.*(?:之年|第一年).*以.*为(?:指导|统领|引领)", words):
        return "guiding thought"
    if re.match(r"20\d\d年\d{1,2}月\d{1,2}日[,，].*(?:讲话|会议|印发|召开|出台|发布)", words):
        return "past event"
    if _STANDS.search(words) or (_STATE.search(words) and not _DUTY.search(words)):
        return "present state"
    if _THOUGHT.match(words) and not re.search(r"\d[^大届]|[底末]前|年内", words) and len(words) > 40:
        return "guiding thought"
    if _SLOGAN.match(words) and len(words) > 80 and not _DUTY.search(words.partition(",")[2]):
        return "guiding thought"
    return None


def says_duty(words: str) -> bool:
    """Whether the words hold a verb of duty or a deadline."""
    return _DUTY.search(words) is not None


def _past_plan(words: str, year: int | None) -> bool:
    """A five-year plan that ended before the document's year (一五 began in 1953)."""
    found = re.search(r"[“\"]?(十?[一二三四五六七八九])五[”\"]?(?:以来|期间|时期|规划)", words)
    if found is None or year is None:
        return False
    ordinal = (
        "一二三四五六七八九".find(found.group(1)[-1])
        + 1
        + (10 if found.group(1).startswith("十") and len(found.group(1)) > 1 else 0)
    )
    return 1952 + 5 * ordinal < year


def _is_past(words: str, year: int | None) -> bool:
    stated = re.match(r"(?:截至)?(20\d\d)年(?:年?[底末])?[,，]?(?!.{0,4}前)", words)
    if (
        stated
        and year is not None
        and int(stated.group(1)) < year
        and not re.search(r"确保|力争|要(?![求素])|必须|到20\d\d年", words)
    ):
        return True
    if _PAST_PERIOD.search(words) and not _DUTY.search(words[-40:]) and not re.search(r"到20\d\d年", words):
        return True
    years = [int(value) for value in re.findall(r"(?<![\d较比由从与在])(20\d\d|19\d\d)年(?!的?基础|水平)", words)]
    if years and year is not None and max(years) < year and not _DUTY.search(words):
        return True
    if not _DONE.search(words):
        return False
    if _PAST_PERIOD.search(words) or _past_plan(words, year):
        return True
    if re.search(
        r"已经?(?:建成|达到|完成|形成|成为|实现|出台|建立|累计)|达到了|完成了|实现了|建成了|增长了", words
    ) and not _DUTY.search(words):
        return True
    printed = [int(value) for value in re.findall(r"(?<!\d)(20\d\d|19\d\d)年", words)]
    return (
        bool(printed)
        and year is not None
        and max(printed) < year
        and not re.search(r"确保|力争|要|应|完善|推进|加强|开展|落实", words)
    )
