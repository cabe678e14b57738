"""From a name on the command line to a result, or to the one line that says why not."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from extractor.cli.failure import internal_error, one_line
from extractor.errors import ExtractorError

if TYPE_CHECKING:
    from extractor.config import Config
    from extractor.formats import ReadOptions
    from extractor.pipeline import Result


class Failed(Exception):
    """One document could not be read; the message says why. The others are still done."""


class Reading:
    """The settings of one run, and the documents read with them."""

    def __init__(self, options: argparse.Namespace) -> None:
        from extractor.config import load_config
        from extractor.formats import ReadOptions

        self._debug: bool = options.debug
        self._config: Config = load_config(options.config)
        self._options: ReadOptions = ReadOptions(
            password=options.password, max_chars=options.max_chars or self._config.read.max_chars
        )

    def result(self, name: str) -> Result:
        """Extracts from the file ``name``, ``-`` for stdin. Raises ``Failed``; with ``--debug`` the error itself."""
        try:
            from extractor.pipeline import extract

            source = sys.stdin.buffer.read() if name == "-" else name
            return extract(source, options=self._options, config=self._config)
        except ExtractorError as error:
            if self._debug:
                raise
            raise Failed(one_line(str(error))) from error
        except Exception as error:
            if self._debug:
                raise
            raise Failed(internal_error(error)) from error
