"""Which paragraphs of a saved web page are the document, and which its navigation, adverts and metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from extractor.types.document import Layer

_LABELS = (
    "索引号|信息索引号?|索引码|文号|发文字号|发文号|公文文号|文件编号|发文单位|发文机关|发文机构|发布机构|发布单位|发布机关|制定机关|"
    "信息来源|来源|文章来源|稿源|主题分类|信息分类|体裁分类|组配分类|分类|服务对象分类|所属行业|所属栏目|项目性质|主题词|关键词|"
    "名称|信息名称|文件名称|标题|发布日期|发布时间|发文日期|发文时间|成文日期|成文时间|生成日期|生成时间|印发日期|公开日期|公开时间|"
    "有效性|文件有效性|时效性?|公文时效|时效状态|效力状态|生效日期|实施日期|施行日期|废止日期|失效日期|公开方式|公开形式|公开范围|"
    "公开类型|公开属性|公开时限|公开责任部门|责任部门|主办单位|主办部门|语种|文种|公文种类|体裁|载体类型|作者|编辑|责任编辑|责编|审核|"
    "浏览次数|阅读次数|点击数|点击率|浏览量|访问量|统一登记号|统一编号|登记号|备案号|内容概述|地区|地域|信息编码|编号"
)
_LABEL = re.compile(f"(?:{_LABELS})")
_PAIR = re.compile(rf"(?:^|(?<=\s))\s*({_LABELS})\s*[:：]")
_STRONG_LABELS = frozenset(
    ["索引号", "信息索引号", "索引码", "统一登记号", "主题分类", "体裁分类", "组配分类", "公开方式", "公文时效"]
)
_DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
_WIDE_GAP = re.compile(r"(?<=[\u4e00-\u9fff])[ \t\xa0\u2002\u2003\u3000]+(?=[\u4e00-\u9fff])")

_STRONG = re.compile(
    r"版权所有|ICP\s*备|公网安备|网站地图|联系我们|扫一扫|扫码|扫描二维码|二维码|客服|上一篇|下一篇|打印本页|关闭窗口|关闭本页|"
    r"分享到|返回顶部|返回首页|网站标识码|下载\s*APP|侵权|免责声明|法律声明|设为首页|加入收藏|当前位置|您的位置|您现在的位置|"
    r"微信号|服务号|订阅号|字体大小|字号[:：\s]|无障碍浏览|相关链接|相关阅读|相关文档|热门推荐|猜你喜欢|友情链接|技术支持[:：]|"
    r"Copyright|©|All Rights Reserved|[\u4e00-\u9fff]\s*(?:>{1,2}|»|›)\s*[\u4e00-\u9fff]",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"注册|登录|免费|会员|订阅|热线|咨询电话|联系电话|关注|首页|搜索|检索|收藏|打印|手机版|点击|用户|体验|下载|微信|微博|邮箱|"
    r"导航|English|繁体|展开|更多|>>|»"
)
_PHONE = re.compile(r"(?<!\d)(?:400-?\d{3}-?\d{4}|1[3-9]\d{9}|0\d{2,3}-\d{7,8})(?!\d)|https?://|www\.")
_BULLET = re.compile(r"[•·●▪■◆»*]\s*\S{1,12}$")
_OFFICIAL = re.compile(
    r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+[章条]|\d+[.．、]\D"
)
_TITLE = re.compile(
    r"(?:通知|意见|方案|规划|纲要|要点|办法|计划|细则|决定|通报|公告|通告|规定|标准|体系|清单|目标|任务|分解表|责任书|函|批复|"
    r"措施|指南|条例|制度|报告|行动)(?:[（(〔【].{1,20}[)）〕】])?$|^关于|《.{4,}》"
)
_TARGET = re.compile(r"\d\s*[%％‰个家张人户名万亿次项所件]|不低于|不少于|不超过|达到|完成|确保|力争|覆盖率")
_NUMBERED = re.compile(r"〔\s*\d{4}\s*〕|\[\s*\d{4}\s*\]\s*\d+\s*号")
_LONG = 200  # characters: no advert is longer
_PAGE_NUMBER = re.compile(r"[-—–－]{1,2}\s*\d{1,4}\s*[-—–－]{1,2}|第\s*\d{1,4}\s*页(?:[,，/\s]*共\s*\d{1,4}\s*页)?")
_HEAD, _TAIL = 60, 60  # paragraphs at either end that may be chrome


def is_label(word: str) -> bool:
    """Whether a cell holds a label of a web page's metadata block and nothing else."""
    return _LABEL.fullmatch(_squeeze(word).rstrip(":：")) is not None


def layers_of(texts: Sequence[str], fixed: Sequence[Layer | None] | None = None) -> list[Layer]:
    """The layer of each paragraph. ``fixed`` holds those known already (None: judge); an empty text is a table."""
    known = list(fixed) if fixed is not None else [None] * len(texts)
    layers: list[Layer] = [layer or "body" for layer in known]
    judged = [i for i, layer in enumerate(known) if layer in (None, "chrome") and (texts[i] or layer is None)]
    chrome = {place for place, i in enumerate(judged) if known[i] == "chrome"}
    for i in _metadata([texts[j] for j in judged], chrome):
        layers[judged[i]] = "metadata"
    rest = [i for i, layer in enumerate(known) if layer is None and layers[i] == "body"]
    for i in _chrome([texts[j] for j in rest]):
        layers[rest[i]] = "chrome"
    for i in rest:
        if _PAGE_NUMBER.fullmatch(texts[i].strip()):
            layers[i] = "chrome"
    return layers


def _squeeze(text: str) -> str:
    return "".join(text.split()).replace("\u3000", "").replace("\xa0", "")


def _metadata(texts: Sequence[str], chrome: Set[int]) -> list[int]:
    """Lines of label and value pairs, several pairs or several such lines together, among ``chrome`` and near the
    text's ends.
    """
    ends = [i for i in range(len(texts)) if i in chrome or i < _HEAD or i >= len(texts) - _TAIL]
    pairs = {i: _PAIR.findall(_WIDE_GAP.sub("", texts[i])) for i in ends if len(texts[i]) < 200}
    found = set()
    for i, labels in pairs.items():
        alone = len(labels) == 1 and _starts_with_label(texts[i])
        near = any(pairs.get(j) and _starts_with_label(texts[j]) for j in (i - 1, i + 1))
        dated = bool(labels) and _DATE.match(texts[i].strip()) is not None
        if dated or len(labels) >= 2 or (alone and (near or labels[0] in _STRONG_LABELS)):
            found.add(i)
    for i in ends:
        words = texts[i].split()
        if len(words) >= 2 and all(is_label(word) for word in words):
            found.add(i)
            following = texts[i + 1].split() if i + 1 < len(texts) else []
            if following and len(following) <= len(words) and _DATE.match(following[0]):
                found.add(i + 1)
    return sorted(found)


def _starts_with_label(text: str) -> bool:
    return 0 <= _WIDE_GAP.sub("", text).find(":") <= 9 or 0 <= _WIDE_GAP.sub("", text).find("：") <= 9


def _score(text: str) -> int:
    """How much speaks for navigation, adverts or a page's foot."""
    return (
        2 * len(set(_STRONG.findall(text)))
        + len(set(_WEAK.findall(text)))
        + bool(_PHONE.search(text))
        + (1 if _BULLET.match(text.strip()) else 0)
    )


def _is_chrome(text: str) -> bool:
    size = len(_squeeze(text))
    if size > _LONG:
        return False
    if _OFFICIAL.match(text.strip()) or (_NUMBERED.search(text) and size < 40):
        return False
    if _TARGET.search(text) and len(set(_STRONG.findall(text))) < 2:
        return False
    if not _STRONG.search(text) and (
        text.rstrip().endswith(("。", "；")) or (size > 8 and _TITLE.search(_squeeze(text)))
    ):
        return False
    return _score(text) >= (1 if size <= 12 else 2 if size <= 80 else 4)


def _is_prose(text: str) -> bool:
    size = len(_squeeze(text))
    return not text or (size >= 30 and bool(re.search(r"[。；，;,]", text))) or bool(_OFFICIAL.match(text.strip()))


def _chrome(texts: Sequence[str]) -> list[int]:
    """Head, tail, and the buttons between title and text (字号：大 中 小, 打印)."""
    head, tail = _head_end(texts), _tail_start(texts)
    prose = next((i for i, text in enumerate(texts) if i >= head and _is_prose(text) and not _is_chrome(text)), tail)
    buttons = [i for i in range(head, min(prose, _HEAD, tail)) if _is_chrome(texts[i]) and _STRONG.search(texts[i])]
    return [*range(head), *buttons, *range(tail, len(texts))]


def _head_end(texts: Sequence[str]) -> int:
    """How many leading paragraphs are chrome: all before the title, where there is proof of any."""
    last = -1
    for i, text in enumerate(texts[:_HEAD]):
        if _is_chrome(text):
            last = i
        elif _is_prose(text) or _NUMBERED.search(text):
            break
    if last < 0 or sum(1 for text in texts[: last + 1] if _is_chrome(text)) < 2:
        return last + 1 if last == 0 else 0
    for i in range(last + 1):
        if _TITLE.search(_squeeze(texts[i])) and not _is_chrome(texts[i]) and len(_squeeze(texts[i])) > 8:
            return i
    return last + 1


def _tail_start(texts: Sequence[str]) -> int:
    """Where the closing chrome starts; ``len(texts)`` where there is none."""
    start = len(texts)
    for i in range(len(texts) - 1, max(len(texts) - _TAIL, 0) - 1, -1):
        text = texts[i]
        if _is_chrome(text):
            start = i
        elif _is_prose(text) or _DATE.search(text) or len(_squeeze(text)) > 12:
            break
    return start if any(_STRONG.search(text) for text in texts[start:]) else len(texts)
