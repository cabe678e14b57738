"""Whether a newly trained component may take the place of the one in use: no group of held-out documents may lose."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from extractor.errors import ArtifactError, OutputError
from extractor.learned.artifacts import SITE_MANIFEST, Artifact, open_artifact, site_manifest, write_artifact
from extractor.training.scoring import DocumentScore

FIGURES = ("right", "measured", "whole", "records")
NOISE = 0.1  # a loss that chance alone gives at least this often is none
MANY = 100  # items from which on a figure speaks for itself
ROUNDING = 0.5  # percentage points that such a figure may lose
ASIDE = "aside"
_NAME = re.compile(r"[a-z][a-z0-9_]*")

Figures = Mapping[str, float | None]  # percent; None where there is nothing to measure
Items = Sequence[int | None]  # how many mistakes each item has, 0 for one that is right, None for nothing to measure
Mistakes = Mapping[str, Mapping[str, Items]]  # group → figure → items


@dataclass(frozen=True, slots=True)
class Loss:
    """A figure of a group that fell, in percent. ``worse`` and ``better``: how many items changed sides, None where
    the items are not known; ``chance``: how often as many or more would get worse by chance alone.
    """

    group: str
    figure: str
    before: float
    after: float
    worse: int | None = None
    better: int | None = None
    items: int | None = None

    @property
    def chance(self) -> float | None:
        if self.worse is None or self.better is None:
            return None
        return sign_test(self.worse, self.better)

    @property
    def noise(self) -> bool:
        """Whether the items can't tell it from chance."""
        if self.chance is None or self.items is None:
            return False
        if self.items >= MANY and self.before - self.after > ROUNDING:
            return False
        return self.chance >= NOISE

    def __str__(self) -> str:
        said = f"{self.group} · {self.figure}: {self.before:.1f} → {self.after:.1f}"
        if self.worse is None:
            return f"{said}（没有逐条结果，不能当作偶然 / no outcomes by item to call it chance）"
        return (
            f"{said}（{self.items} 项中 {self.worse} 项变差、{self.better} 项变好，偶然如此的机会 {self.chance:.2f} / "
            f"of {self.items} items {self.worse} got worse and {self.better} better; by chance {self.chance:.2f}）"
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reasons``: why it is kept aside, none where it is accepted; ``tolerated``: losses that chance explains."""

    reasons: tuple[str, ...] = ()
    tolerated: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        return not self.reasons


def sign_test(worse: int, better: int) -> float:
    """How often a fair coin makes at least ``worse`` of all that changed get worse (one-sided)."""
    changed = worse + better
    return sum(math.comb(changed, count) for count in range(worse, changed + 1)) / (1 << changed)


def decide(
    old: Mapping[str, Figures],
    new: Mapping[str, Figures],
    before: Mistakes | None = None,
    after: Mistakes | None = None,
) -> Verdict:
    """Whether the component with the figures ``new`` may replace the one with ``old``, both group → figure → percent.

    ``FIGURES`` are compared, None for one that has nothing to measure; ``targets``, a count, must agree: it tells that
    both were measured on the same documents. ``before`` and ``after`` hold the mistakes of
    each item, in one order. A loss is chance where a sign test over the items gives it at least ``NOISE``, unless the
    group has ``MANY`` items and loses more than ``ROUNDING``; where no items are given none is. Losses that chance
    explains one by one must stand the test over all groups together too: ten groups that each lose an item have
    lost. Groups that only ``new`` has don't count. Raises ``ValueError`` for different numbers of items.
    """
    reasons: list[str] = []
    losses: list[Loss] = []
    for group, figures in old.items():
        if group not in new:
            reasons.append(f"{group}: 没有测量 / not measured")
        elif figures.get("targets") != new[group].get("targets"):
            was, now = figures.get("targets"), new[group].get("targets")
            reasons.append(
                f"{group}: 不是同一批文件，指标数 {was} 与 {now} / not the same documents ({was}, {now} targets)"
            )
        else:
            for figure in FIGURES:
                found = _compared(group, figure, figures.get(figure), new[group].get(figure), before, after)
                if isinstance(found, Loss):
                    losses.append(found)
                elif found is not None:
                    reasons.append(found)
    reasons.extend(str(loss) for loss in losses if not loss.noise)
    tolerated = [loss for loss in losses if loss.noise]
    if before is not None and after is not None:
        reasons.extend(map(str, _together(tolerated, [group for group in old if group in new], before, after)))
    return Verdict(tuple(reasons), tuple(map(str, tolerated)))


def _compared(
    group: str, figure: str, was: float | None, now: float | None, before: Mistakes | None, after: Mistakes | None
) -> Loss | str | None:
    """What is to be said of one figure: a loss, a reason, or nothing."""
    if was is None:
        return None
    if now is None or math.isnan(now) or math.isnan(was):
        return f"{group} · {figure}: 没有测量 / not measured"
    if now >= was - 1e-9:
        return None
    pairs = _pairs(group, figure, before, after)
    if pairs is None:
        return Loss(group, figure, was, now)
    return Loss(group, figure, was, now, *_changed(pairs), len(pairs))


def _pairs(group: str, figure: str, before: Mistakes | None, after: Mistakes | None) -> list[tuple[int, int]] | None:
    """Mistakes before and after of each item that has something to measure in either."""
    old = (before or {}).get(group, {}).get(figure)
    new = (after or {}).get(group, {}).get(figure)
    if old is None or new is None:
        return None
    if len(old) != len(new):
        raise ValueError(f"{group}, {figure}: {len(old)} items before, {len(new)} after")
    return [(was or 0, now or 0) for was, now in zip(old, new, strict=True) if was is not None or now is not None]


def _changed(pairs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """How many got worse, how many better."""
    return sum(now > was for was, now in pairs), sum(now < was for was, now in pairs)


def _together(tolerated: Sequence[Loss], groups: Sequence[str], before: Mistakes, after: Mistakes) -> Iterator[Loss]:
    """For each figure that chance let fall in several groups: the loss over all groups, where that is none of chance.
    Its ``before`` and ``after`` are shares of items without a mistake.
    """
    for figure in FIGURES:
        if sum(loss.figure == figure for loss in tolerated) < 2:
            continue
        pairs = [pair for group in groups for pair in _pairs(group, figure, before, after) or ()]
        worse, better = _changed(pairs)
        if sign_test(worse, better) < NOISE:
            was, now = (100 * sum(pair[at] == 0 for pair in pairs) / len(pairs) for at in (0, 1))
            yield Loss("全部 / all", figure, was, now, worse, better, len(pairs))


def mistakes(scores: Iterable[DocumentScore]) -> dict[str, list[int | None]]:
    """Of a group's documents: the items of each of ``FIGURES``, one for each gold record and one for what belongs to
    none. The same gold gives as many, in the same order, whatever was scored against it.
    """
    found: dict[str, list[int | None]] = {figure: [] for figure in FIGURES}
    for score in scores:
        tallies = score.tallies()
        for figure in FIGURES:
            counts = score.by_record(figure)
            wrong = counts[:, 1:].sum(axis=1)
            found[figure].extend(int(number) if row.any() else None for number, row in zip(wrong, counts, strict=True))
            rest = tallies[figure].missed + tallies[figure].extra - int(wrong.sum())
            found[figure].append(rest or None)
    return found


# --- where a component goes -------------------------------------------------------------------------------


def keep_aside(
    folder: Path,
    name: str,
    files: Mapping[str, bytes],
    reasons: Sequence[str],
    figures: Mapping[str, Mapping[str, Figures]] | None = None,
) -> Path:
    """Writes a component that lost to ``aside/<name>-<version>/`` of the site's ``folder``, with ``reasons.json``
    (``figures``: what was compared, for the reader). No run ever uses it. Raises as ``install`` does.
    """
    with _staged(folder, name, files) as (scratch, made, _):
        said = {"component": name, "version": made.version, "reasons": list(reasons), "figures": figures or {}}
        text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (scratch / name / "reasons.json").write_text(text, encoding="utf-8")
        home = folder / ASIDE / f"{name}-{made.version}"
        home.parent.mkdir(exist_ok=True)
        if home.exists():
            shutil.rmtree(home)
        os.replace(scratch / name, home)
    return home


def install(folder: Path, name: str, files: Mapping[str, bytes]) -> Artifact:
    """Makes the component the site's: its files in ``folder/<name>/``, its hashes in the manifest, other components as
    they were. Whole or not at all: what was there before stays where writing fails. Raises ``OutputError``, and
    ``ArtifactError`` where the files are no component.
    """
    with _staged(folder, name, files) as (scratch, made, lines):
        kept = {key: value for key, value in site_manifest(folder).items() if not key.startswith(f"{name}/")}
        _write_manifest(scratch, {**kept, **lines})
        _exchange(scratch, folder, name)
    return made


@contextmanager
def _staged(folder: Path, name: str, files: Mapping[str, bytes]) -> Iterator[tuple[Path, Artifact, dict[str, str]]]:
    """The component as a site of its own in a scratch folder within ``folder``, read back as a run would read it;
    with its lines of a manifest.
    """
    if not _NAME.fullmatch(name) or name == ASIDE or any(Path(file).name != file for file in files):
        raise ArtifactError(f"{name}: 不是训练得到的部件 / not a trained component")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as scratch:
            lines = write_artifact(Path(scratch), name, dict(files))
            _write_manifest(Path(scratch), lines)
            made = open_artifact(name, Path(scratch))
            if made is None:
                raise ArtifactError(f"{name}: 没有文件 / no files")
            yield Path(scratch), replace(made, origin=str(folder)), lines
    except OSError as error:
        raise OutputError(f"{folder}: 写不了，请检查路径、权限和空间 / can't write: {error.strerror}") from error


def _write_manifest(folder: Path, lines: Mapping[str, str]) -> None:
    text = json.dumps(lines, indent=1, sort_keys=True) + "\n"
    (folder / SITE_MANIFEST).write_text(text, encoding="utf-8")


def _exchange(scratch: Path, folder: Path, name: str) -> None:
    home, old = folder / name, scratch / ".old"
    if home.exists():
        os.replace(home, old)
    try:
        os.replace(scratch / name, home)
        os.replace(scratch / SITE_MANIFEST, folder / SITE_MANIFEST)
    except OSError:
        if home.exists():
            shutil.rmtree(home)
        if old.exists():
            os.replace(old, home)
        raise
