"""One entry of an archive, whichever kind of archive it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractor.batch.source_base import Trouble


@dataclass(frozen=True, slots=True)
class Member:
    """``name`` as the archive has it, decoded. ``size``: bytes it unpacks to, as the archive says. ``read`` gives them
    piece by piece and raises ``Trouble``; it must be called before the next member is asked for.

    ``key``: what a later member calls this one in ``same_as``, where it is but another name of it. ``link``: a symbolic
    link, which holds no more than a path. ``trouble``: why it can't be read at all.
    """

    name: str
    size: int
    read: Callable[[], Iterator[bytes]]
    key: str | None = None
    same_as: str | None = None
    link: bool = False
    trouble: Trouble | None = None
