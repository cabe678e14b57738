"""Words cut to what names a thing: without dates, verbs of effort, links and half brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.records import lexicon as lx

PUNCT = " \n,，。;、:.!?"
_DATE_WORDS = re.compile(
    r"(?:到|至|截至|于)?(?:20\d\d|19\d\d)年(?:度|全年|上半年|下半年)?(?:年?[底末]|\d{1,2}月(?:\d{1,2}日|[底末])?)?(?:之?前|以前)?(?!以来|[^,]{0,8}(?:的|基础上))[,]?"
    r"|(?:每|按)(?:年|月|季度|半年|周|日|天|季)(?:度)?|(?:年|月|季度)?[底末]之?前[,]?|(?:到|至)?[“\"]?十[三四五六]五[”\"]?(?:末|期末|期间|时期)[,]?|\d{1,2}月(?:份|[底末])?(?:之?前)"
    r"|[上下]半年|[一二三四]季度[末底]?前?|(?:20\d\d年起)?[\d一二三四五六七八九十两]+年(?:之?内|间)|(?<!\d)年内|全年(?=[^,]{2})|三?年来"
)


@dataclass(frozen=True, slots=True)
class Metric:
    """``subject`` is the leading part that a later target of the sentence may share."""

    text: str
    shape: str  # subject | thing
    certain: bool = True
    scope: str | None = None


def clean_left(words: str) -> str:
    """A subject without dates, words of effort before it and links behind it."""
    words = _DATE_WORDS.sub("", words).strip(PUNCT)
    words = lx.ADVERBIAL.sub("", words)
    while True:
        shorter = lx.TRAILING.sub("", lx.LEADING.sub("", words)).strip(PUNCT)
        shorter = unbalanced(shorter)
        if shorter == words or not shorter:
            return shorter
        words = shorter


def unbalanced(words: str) -> str:
    """Without a bracket that opens or closes outside the words."""
    for opening, closing in ("()", "“”", "《》"):
        if words.count(opening) == words.count(closing):
            continue
        if words.count(opening) > words.count(closing) and words.rfind(opening) >= words.rfind(closing):
            head, _, tail = words.rpartition(opening)
            words = tail if len(tail) >= len(head) and opening == "(" else head + tail
        elif words.count(closing) > words.count(opening):
            head, _, tail = words.partition(closing)
            words = (head + tail) if closing == "”" else tail
    return words.strip(PUNCT)


def thing_of(clause: str) -> str:
    """What a clause is about: its object, without the verb of effort and 工作 / 活动 / 建设 behind it."""
    words = clean_left(clause)
    taken = re.match(r"^(.{4,40}?)(?:作为|纳入|列为|列入)", words)
    if taken:
        return taken.group(1)
    handled = re.search(
        r"(?:^|[^针])对(?!外|象|口|接)(.{2,24}?)(?:进行|开展|实施|给予|实行)(.{2,16})$", clause.strip(PUNCT)
    )
    words = handled.group(1) + handled.group(2) if handled else words
    words = re.sub(
        r"^(?:加强|开展|完善|健全|建立健全|建立|落实|做好|推行|实施|提升|提高|规范|深化|优化|强化|组织|继续|扎实|加大|抓好|制定|扩大|巩固|持续|发展|夯实|抓实|构建|打造|推广|创新|全面)+",
        "",
        words,
    )
    return (
        re.sub(
            r"(?:专项)?(?:工作|活动|行动|机制|制度|任务|体系|水平|能力)?(?:的)?(?:稳步|不断|持续|明显|有效|显著)?(?:建设|管理|力度|水平|开展|落实|工作|质量|规范化建设|提升|提高|增强|改善|加强|完善|到位)?$",
            "",
            words,
        )
        or words
    )


def merge(owner: str, words: str) -> str:
    """Join two stretches, the words that end one and begin the other said once."""
    for size in range(min(len(owner), len(words)), 0, -1):
        if owner.endswith(words[:size]):
            return owner + words[size:]
    for size in range(min(len(owner), 6), 1, -1):  # …综合责任保险 + 保险覆盖率 shares 保险
        if words.startswith(owner[-size:]):
            return owner + words[size:]
    return owner + words
