"""From a name on the command line to a result."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.formats import ReadOptions
    from extractor.pipeline import Result


class Reading:
    """The settings of one run, and the documents read with them."""

    def __init__(self, options: argparse.Namespace) -> None:
        from extractor.config import load_config
        from extractor.formats import ReadOptions

        config = load_config(options.config)
        self._options: ReadOptions = ReadOptions(
            password=options.password, max_chars=options.max_chars or config.read.max_chars
        )

    def result(self, name: str) -> Result:
        """Extracts from the file ``name``, ``-`` for stdin. Raises what the library raises."""
        from extractor.pipeline import extract

        return extract(sys.stdin.buffer.read() if name == "-" else name, options=self._options)
