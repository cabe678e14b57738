"""Prints one file of each sample document in corpus/, the formats in turn, for ``make demo``."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

FORMATS = ("pdf", "docx", "html", "xlsx", "txt")


def main(corpus: Path) -> None:
    """Document n shows the n-th format in turn, or the next one that it exists in."""
    by_stem: dict[str, dict[str, Path]] = defaultdict(dict)
    for format in FORMATS:
        for path in sorted((corpus / format).glob(f"*.{format}")):
            by_stem[path.stem][format] = path
    found = {stem: files for stem, files in by_stem.items() if len(files) > 1}  # those in one format are for training
    for at, stem in enumerate(sorted(found)):
        turn = [FORMATS[(at + step) % len(FORMATS)] for step in range(len(FORMATS))]
        sys.stdout.write(f"{next(found[stem][format] for format in turn if format in found[stem])}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
