"""Targets of one item: from the expressions found in its words to what can be measured."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from extractor.records.candidates import is_target
from extractor.records.draft import Draft, Found
from extractor.records.frame import Bounds, Frame
from extractor.records.groups import for_each, from_run, run_of, with_levels
from extractor.records.implied import implied_metric
from extractor.records.metric import compose
from extractor.records.ranks import bracket_scope, ranked
from extractor.records.relative import direction, per_of, plain_cue, strength, with_between, with_change
from extractor.records.unnumbered import unnumbered
from extractor.types.mention import DateMention, Implicit

__all__ = ["Draft", "Found", "find_targets"]

_OR = re.compile(r"^[,、]?\s?或者?")


def find_targets(frame: Frame) -> Found:
    """The targets of an item in the order of its words."""
    frame = replace(frame, quantities=tuple(plain_cue(frame, each) for each in frame.quantities))
    kept = [at for at in range(len(frame.quantities)) if is_target(frame, at, _next_start(frame, at))]
    used: list[DateMention] = []
    drafts: list[Draft] = []
    metrics: list[str] = []
    skip: set[int] = set()
    bounds = Bounds(frame, kept)
    for order, at in enumerate(kept):
        if at in skip:
            continue
        group = run_of(frame, kept[order:])
        if group:
            made = from_run(frame, group, bounds)
            if made:
                drafts.extend(made)
                metrics.extend(draft.metric for draft in made)
                skip.update(group)
                continue
        draft = _from_quantity(frame, at, bounds, metrics, used)
        if len(draft.metric) < 2:
            continue
        drafts.append(draft)
        metrics.append(draft.metric)
    drafts = [each for draft in with_levels(drafts) for each in for_each(frame, draft)]
    drafts.extend(unnumbered(frame, drafts))
    drafts.extend(_implied(frame, drafts))
    drafts.sort(key=lambda draft: draft.at)
    return Found(tuple(_alternatives(frame, drafts)), tuple(used))


def _next_start(frame: Frame, at: int) -> int:
    return frame.quantities[at + 1].span.start if at + 1 < len(frame.quantities) else len(frame.text)


def _from_quantity(frame: Frame, at: int, bounds: Bounds, metrics: list[str], used: list[DateMention]) -> Draft:
    quantity = frame.quantities[at]
    place = ranked(frame, quantity, metrics)
    if place is not None:
        return place
    metric = compose(frame, quantity, bounds.before(at), bounds.after(at), metrics, bounds.same_unit(at))
    text, baseline = with_change(frame, quantity, metric.text)
    text, baseline = with_between(frame, quantity, text, baseline)
    said = frame.text[quantity.span.start : quantity.number.start]
    if metrics and text == metrics[-1] and re.match(r"达到?|至", said) and quantity.op != "le":
        text = re.sub(r"(?<=.{2})(?:增长|提高|提升|增加|上升|下降|降低|减少)$", "", text)  # 提高0.5个百分点，达到42.3%
    per, mention = per_of(frame, quantity)
    if mention is not None:
        used.append(mention)
    if per and not re.search(r"年(?:均|增|度)", text):
        text = re.sub(r"(?:^|(?<=[^\d第]))一年内?(?=每|$)|^一年内?", "", text) or (metrics[-1] if metrics else text)
        text = re.sub(
            r"^(?:每(?:\d+|[两三四五]|个?)(?:年|月|季度|半年|周|日|天)|全年|按[年月季]|年(?=新|培|开|举|完|组))",
            "",
            text,
        )
    scope = bracket_scope(frame, quantity) or metric.scope
    if scope and metrics and metric.scope is None:
        text = scope + metrics[-1]
    return Draft(
        metric=text,
        op=direction(quantity, text),
        at=quantity.span.start,
        raw=quantity.span,
        value=quantity.value,
        upper=quantity.upper,
        unit=quantity.unit,
        per=per,
        baseline=baseline,
        scope=scope,
        strength=strength(frame, quantity.number.start),
        certain=metric.certain,
    )


def _implied(frame: Frame, drafts: list[Draft]) -> list[Draft]:
    made: list[Draft] = []
    for mention in frame.implicits:
        if frame.inside(mention.span.start) in ("“", "《", "‘", "(") or _stated(frame, mention, drafts):
            continue
        metric = implied_metric(frame, mention, [d.metric for d in drafts if d.at < mention.span.start])
        if len(metric) < 2:
            continue
        none = mention.kind == "none"
        positive = mention.kind == "positive"
        made.append(
            Draft(
                metric,
                "eq" if none else "gt" if positive else "ge",
                mention.object.start if none else mention.span.start,
                mention.span,
                Decimal(0) if none or positive else Decimal(100),
                unit=None if none else "%",
                implicit=True,
                strength=strength(frame, mention.span.start),
            )
        )
    return made


def _stated(frame: Frame, mention: Implicit, drafts: list[Draft]) -> bool:
    """Whether a number in the same clause states what 全部 / 均 only says again."""
    if mention.kind != "all":
        return False
    start, end = frame.clauses[frame.clause_at(mention.span.start)]
    return any(start <= draft.at < end and draft.at > mention.span.start for draft in drafts)


def _alternatives(frame: Frame, drafts: list[Draft]) -> list[Draft]:
    """A，或B: the ways are numbered; two places with an own rank each are scopes instead."""
    way = 0
    done: list[Draft] = []
    for draft in drafts:
        if done and draft.scope is None:
            gap = frame.text[done[-1].raw.end : draft.raw.start]
            if done[-1].raw.end <= draft.raw.start and _OR.match(gap):
                way += 1
        done.append(replace(draft, alternative=way) if way else draft)
        if way and "。" in frame.text[draft.raw.end : draft.raw.end + 1]:
            way = 0
    return done
