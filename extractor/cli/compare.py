"""``extractor compare``: what the newer of two documents asks against the older one."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.arguments import UsageError
from extractor.cli.failure import Failed, explain, one_document
from extractor.cli.output import keep_sources, to_stdout, write_whole
from extractor.cli.reading import Reading
from extractor.errors import ReadError

if TYPE_CHECKING:
    from extractor.types.comparison import Comparison
    from extractor.types.record import ExtractionFile

SUFFIXES = {".html": "html", ".htm": "html", ".json": "json", ".xlsx": "xlsx", ".txt": "table"}


def run(options: argparse.Namespace) -> int:
    """Reads both, compares, and writes or prints; 1 where one can't be read."""
    format = _format(options)
    reading = Reading(options)
    files: list[ExtractionFile] = []
    for name in (options.old, options.new):
        try:
            with one_document():
                files.append(_contract(name, reading))
        except Failed as error:
            sys.stderr.write(f"{name}: {explain(error, debug=options.debug)}\n")
    if len(files) < 2:
        return 1
    data = _rendered(_compared(*files), format, options)
    if options.output in (None, "-"):
        to_stdout(data)
    else:
        write_whole(Path(options.output), data)
        sys.stderr.write(f"已写入 / written: {options.output}\n")
    return 0


def _compared(old: ExtractionFile, new: ExtractionFile) -> Comparison:
    from extractor.archive.compare import compare
    from extractor.archive.matching import load

    return compare(old, new, load().probability)


def _rendered(comparison: Comparison, format: str, options: argparse.Namespace) -> bytes:
    if format == "html":
        from extractor.archive import compare_html

        return compare_html.render(comparison)
    if format == "json":
        from extractor.export import comparison_json

        return comparison_json.render(comparison)
    if format == "xlsx":
        from extractor.export import comparison_xlsx

        return comparison_xlsx.render(comparison)
    from extractor.export import comparison_table

    shown = options.output in (None, "-")
    width = shutil.get_terminal_size((120, 24)).columns if shown and sys.stdout.isatty() else 120
    return comparison_table.render(comparison, width, same=options.same or not shown, cut=shown)


def _contract(name: str, reading: Reading) -> ExtractionFile:
    """A document of any format, or the JSON that ``extractor extract`` wrote of one."""
    if not name.lower().endswith(".json"):
        return reading.result(name).to_contract()
    from pydantic import ValidationError

    from extractor.types.record import ExtractionFile

    try:
        return ExtractionFile.model_validate_json(Path(name).read_bytes())
    except OSError as error:
        raise ReadError("not_found", f"打不开，请检查路径和权限 / can't open: {error.strerror}") from error
    except ValidationError as error:
        at = ".".join(map(str, error.errors()[0]["loc"])) or "JSON"
        raise ReadError(
            "damaged",
            f"不是 extractor extract 写的结果（{at}），请给出原文件 / no result of extractor extract ({at}): "
            "give the document itself",
        ) from error


def _format(options: argparse.Namespace) -> str:
    if options.old == options.new == "-":
        raise UsageError("标准输入只能用一次 / stdin can be read only once")
    if options.output in (None, "-"):
        if options.format == "xlsx" and sys.stdout.isatty():
            raise UsageError("xlsx请用 -o 写入文件 / xlsx is for a file: -o FILE.xlsx")
        return options.format or "table"
    path = Path(options.output)
    keep_sources([path], [options.old, options.new])
    found = SUFFIXES.get(path.suffix.lower())
    if options.format is None and found is None:
        known = " ".join(SUFFIXES)
        raise UsageError(f"{path}: 文件名请以 {known} 结尾 / end the file's name in one of {known}")
    if options.format is not None and found is not None and found != options.format:
        raise UsageError(
            f"{path}: 后缀与 --format {options.format} 不符，请改其一 / the suffix is not that of --format {options.format}: "
            "change one"
        )
    return options.format or found or "table"
