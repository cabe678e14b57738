"""Prints one file of each sample document in corpus/, the formats in turn, for ``make demo``."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

FORMATS = ("pdf", "docx", "html", "xlsx", "txt")


def main(corpus: Path) -> None:
    """Document n shows the n-th format in turn, or the next one that it exists in."""
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    for format in FORMATS:
        for path in sorted((corpus / format).glob(f"*.{format}")):
            found[path.stem][format] = path
    for at, stem in enumerate(sorted(found)):
        turn = [FORMATS[(at + step) % len(FORMATS)] for step in range(len(FORMATS))]
        sys.stdout.write(f"{next(found[stem][format] for format in turn if format in found[stem])}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
