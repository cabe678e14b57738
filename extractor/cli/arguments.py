"""The command line's grammar, and nothing that costs time to import."""

from __future__ import annotations

import argparse

from extractor import __version__
from extractor.export import BUILTIN


class UsageError(Exception):
    """The command line asks for something that can't be; the message is for the user."""


def build_parser() -> argparse.ArgumentParser:
    """The parser of ``extractor``; its namespaces have ``command`` and ``debug``."""
    parser = argparse.ArgumentParser(
        prog="extractor",
        description="从中文政策文件中提取指标记录 / Indicator records out of Chinese policy documents",
    )
    parser.add_argument("--version", action="version", version=f"extractor {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _extract(commands.add_parser("extract", help="提取记录 / extract records"))
    _inspect(commands.add_parser("inspect", help="查看解析结果 / show what the parser saw"))
    schema = commands.add_parser("schema", help="打印记录契约的JSON Schema / print the contract's JSON Schema")
    schema.set_defaults(debug=False)
    return parser


def _extract(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="PDF、DOCX、XLSX、HTML、文本；- 为标准输入 / - is stdin"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR|FILE",
        help="写入文件夹（每份文件一个结果）或写入一个文件；以 .json .jsonl .csv .xlsx .txt 结尾的为文件，"
        "没有后缀或以 / 结尾的为文件夹 / a file where it ends so, a folder (one result a document) without a suffix",
    )
    parser.add_argument(
        "--format", choices=list(BUILTIN), help="默认按 -o 的后缀，文件夹为json，终端为table / default: by -o's suffix"
    )
    parser.add_argument(
        "--show", action="store_true", help="写文件之外也打印表格 / print the table beside writing files"
    )
    parser.add_argument(
        "--rows", type=_positive, metavar="N", help="表格中每份文件最多打印N条 / at most N rows a document"
    )
    parser.add_argument("--quiet", action="store_true", help="不显示进度与提示 / no progress, no notes")
    _reading(parser)


def _inspect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="文件；- 为标准输入 / files; - is stdin")
    parser.add_argument(
        "--rows", type=_positive, metavar="N", default=30, help="每张表最多打印N行 / at most N rows a table"
    )
    _reading(parser)


def _reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password", metavar="P", help="加密PDF的密码（只用于PDF）/ opens a locked PDF (PDF only)")
    parser.add_argument(
        "--max-chars", type=_positive, metavar="N", help="超过N字的文本不读 / refuse a text longer than N characters"
    )
    parser.add_argument("--config", metavar="FILE", help="TOML设置文件 / settings")
    parser.add_argument("--debug", action="store_true", help="出错时打印完整的调用栈 / show tracebacks")


def _positive(text: str) -> int:
    value = int(text) if text.isdecimal() and len(text) < 19 else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}：要大于0的整数 / a whole number: must be 1 or more")
    return value
