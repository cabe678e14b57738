"""Documents of our own for the batch tests, and what a run over them needs."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from extractor.batch.version import extractor_version, parser_version
from extractor.batch.work import Limits, Plan
from extractor.config import Config, load_config
from extractor.types.batch import Task


def notice(number: int) -> str:
    """A small notice, another for each number."""
    return (
        f"溪宁市民政局关于做好{2000 + number % 30}年第{number}批工作的通知\n各县（市、区）民政局：\n"
        f"一、养老服务\n（一）年底前，新建社区食堂{number + 3}家，护理型床位占比达到{50 + number % 40}%以上。"
        f"（责任单位：养老服务科）\n（二）每季度至少走访{number % 9 + 1}次。\n"
    )


def write_notices(folder: Path, count: int, first: int = 0) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(first, first + count):
        path = folder / f"通知{number:05d}.txt"
        path.write_text(notice(number), encoding="utf-8")
        made.append(path)
    return made


def task(path: Path, attempt: int = 1) -> Task:
    data = path.read_bytes()
    return Task(hashlib.sha256(data).hexdigest(), str(path), path.name, len(data), attempt)


def config() -> Config:
    """The rules alone: quick to start, and no vocabulary."""
    made = load_config()
    rules = dict.fromkeys(("columns", "record", "metric", "confidence"), "rules")
    return made.model_copy(update={"models": made.models.model_copy(update=rules)})


def plan(limits: Limits | None = None, parsed: Path | None = None) -> Plan:
    limits = limits or Limits()
    return Plan(
        extractor_version(config().models, limits.max_chars), parser_version(), config().models, limits,
        None if parsed is None else str(parsed),
    )  # fmt: skip


PATIENCE = 180.0  # seconds


def wait_for(reached: Callable[[], object], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def kept_lines(out: Path) -> list[bytes]:
    """What is in the shards, in an order of its own."""
    return sorted(line for shard in out.glob("results/*/jsonl/*.jsonl") for line in shard.read_bytes().splitlines())
