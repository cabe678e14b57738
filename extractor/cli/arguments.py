"""The command line's grammar, and nothing that costs time to import."""

from __future__ import annotations

import argparse

from extractor import __version__
from extractor.export import BUILTIN

ROLES = ("uploader", "reviewer", "approver", "admin")


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
    _batch(commands.add_parser("batch", help="批量提取整个档案 / extract whole archives, resumable"))
    _compare(commands.add_parser("compare", help="对比两份文件的指标和任务 / what one document asks against another"))
    _align(commands.add_parser("align", help="跨年份、跨地区对齐指标 / the same indicator over years and places"))
    _query(commands.add_parser("query", help="用SQL查询档案 / SQL over an archive"))
    _inspect(commands.add_parser("inspect", help="查看解析结果 / show what the parser saw"))
    _evaluate(commands.add_parser("evaluate", help="对照标准答案打分 / figures against gold"))
    _train(commands.add_parser("train", help="训练部件 / train components"))
    schema = commands.add_parser("schema", help="打印记录契约的JSON Schema / print the contract's JSON Schema")
    schema.set_defaults(debug=False)
    _serve(commands.add_parser("serve", help="启动审核工作台 / start the review workspace"))
    _users(commands.add_parser("users", help="工作台的账号 / the workspace's accounts"))
    _backup(commands.add_parser("backup", help="备份工作台（运行时也可以）/ back the workspace up, also while it runs"))
    _restore(commands.add_parser("restore", help="从备份恢复 / restore a backup"))
    _export_annotations(
        commands.add_parser("export-annotations", help="把审核结果写成训练数据 / corrections as training data")
    )
    _vocabulary(
        commands.add_parser("vocabulary", help="从批准中学来的单位、简称、列名 / units, short names, columns learned")
    )
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


def _batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="文件夹、通配符、zip或tar档案（可嵌套）、文件；@清单.txt 为每行一个路径的清单 / "
        "folders, globs, archives (also nested), files; @list.txt holds a path a line",
    )
    parser.add_argument(
        "--out", metavar="DIR", help="结果、账本、报告所在的文件夹 / the folder of results, ledger and report"
    )
    parser.add_argument(
        "--database",
        metavar="URL",
        help="账本所在的数据库；不给 --out 时结果也写入其中 / where the ledger is, and the results too without --out",
    )
    parser.add_argument(
        "--workers", type=_positive, metavar="N", help="本机的进程数，默认按核数 / processes; default: the cores"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="不给来源时继续上次的批次 / go on with the last run, without naming sources",
    )
    parser.add_argument(
        "--retry",
        metavar="CLASS,…",
        help="重试这些类别的失败文件，all 为全部 / try failed files of these classes again",
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="Dask 集群：tcp://主机:8786，或 local:N / a Dask scheduler, or N processes of this machine",
    )
    parser.add_argument(
        "--in-process",
        action="store_true",
        help="在本进程内逐份处理，用于调试 / one by one in this process, for debugging",
    )
    parser.add_argument(
        "--time-limit", type=_seconds, metavar="S", default=300.0, help="每份文件的秒数，默认300 / seconds a document"
    )
    parser.add_argument(
        "--memory-limit",
        type=_positive,
        metavar="MB",
        default=2000,
        help="每份文件的内存，默认2000 MB / memory a document",
    )
    parser.add_argument("--no-parquet", action="store_true", help="不写Parquet / JSON lines only")
    parser.add_argument(
        "--no-cache", action="store_true", help="不保留解析结果，换版本时要重新解析 / keep no parsed documents"
    )
    parser.add_argument(
        "--json-log", metavar="FILE", help="给机器读的进度，每行一个JSON；- 为标准输出 / progress for machines"
    )
    parser.add_argument("--quiet", action="store_true", help="不显示进度 / no progress")
    parser.add_argument("--config", metavar="FILE", help="TOML设置文件 / settings")
    parser.add_argument("--debug", action="store_true", help="出错时打印完整的调用栈 / show tracebacks")


def _compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "old",
        metavar="OLD",
        help="先前的或上级的文件，或 extractor extract 写的 .json / the earlier or superior document, or its .json",
    )
    parser.add_argument("new", metavar="NEW", help="与之对照的文件，同上 / the document held against it, likewise")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="写入 .html .json .xlsx 或 .txt / the file to write, told by its suffix"
    )
    parser.add_argument(
        "--format",
        choices=["table", "html", "json", "xlsx"],
        help="默认按 -o 的后缀，终端为table / default: by -o's suffix, table on the terminal",
    )
    parser.add_argument(
        "--same", action="store_true", help="终端上也列出相同的 / list on the terminal what is the same, too"
    )
    _reading(parser)


def _align(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        help="表格（CSV、Parquet）写入的文件夹，默认为数据文件夹中的 aligned / where tables go",
    )
    _workspace(parser)


def _query(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sql", metavar="SQL", help="DuckDB 的 SQL，如 select * from indicators limit 10")
    parser.add_argument(
        "--data",
        metavar="DIR",
        default="extractor-data",
        help="batch 的 --out，或工作台的数据文件夹 / the folder of a batch",
    )
    parser.add_argument(
        "--format", choices=("csv", "json"), default="csv", help="json 为每行一个对象 / an object a line"
    )
    parser.add_argument("--debug", action="store_true", help="出错时打印完整的调用栈 / show tracebacks")


def _evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("gold", metavar="GOLD", help="标准答案的文件夹 / folder of gold (*.json)")
    parser.add_argument("documents", nargs="+", metavar="DOCUMENTS", help="文件所在的文件夹 / folders of the documents")
    parser.add_argument(
        "--models",
        metavar="rules|learned|DIR",
        help="只用规则、用随附的模型、或用 extractor train 写的文件夹；默认按设置 / rules alone, the shipped models, "
        "or a folder that extractor train wrote; default: the settings",
    )
    parser.add_argument(
        "--errors", type=_positive, metavar="N", default=0, help="每份文件列出N处不同 / list N mistakes a document"
    )
    parser.add_argument("--by-group", action="store_true", help="也按文件夹和文种合计 / totals by folder and kind, too")
    parser.add_argument("--json", action="store_true", help="输出JSON / print JSON")
    parser.add_argument("--quiet", action="store_true", help="不显示进度 / no progress")
    parser.add_argument("--config", metavar="FILE", help="TOML设置文件 / settings")
    parser.add_argument("--debug", action="store_true", help="出错时打印完整的调用栈 / show tracebacks")


def _train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "components",
        nargs="*",
        metavar="COMPONENT",
        help="columns、record、metric、confidence；--shipped 时还有 alignment；默认全部 / with --shipped also alignment; default: all",
    )
    _learnt_from(parser)
    parser.add_argument(
        "--into",
        metavar="DIR",
        help="写入的文件夹；有 --from 时默认为数据文件夹中的 models / the folder to write; with --from: models in its folder",
    )
    parser.add_argument(
        "--shipped",
        action="store_true",
        help="写入项目自己的 models/（开发用）/ write the project's own models/ (for developers)",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="不留出文件测量，训练好就用 / no figures from held-out documents: what is trained is taken as it is",
    )
    parser.add_argument(
        "--jobs", type=_positive, metavar="N", help="进程数，默认按核数 / processes; default: the cores"
    )
    parser.add_argument("--quiet", action="store_true", help="不显示进度 / no progress")
    parser.add_argument("--config", metavar="FILE", help="TOML设置文件 / settings")
    parser.add_argument("--debug", action="store_true", help="出错时打印完整的调用栈 / show tracebacks")


def _learnt_from(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--gold",
        action="append",
        default=[],
        metavar="DIR",
        help="自己的标准答案，可多次，各跟一个 --documents / your own gold; repeatable, each with its --documents",
    )
    parser.add_argument(
        "--documents",
        action="append",
        nargs="+",
        default=[],
        metavar="DIR",
        help="这些标准答案的文件所在的文件夹 / folders of the documents of that gold",
    )
    parser.add_argument(
        "--from",
        dest="workspace",
        metavar="DATA|DATABASE",
        help="学习工作台中批准的文件：数据文件夹，或 PostgreSQL 的地址（另给 --data）/ "
        "learn from a workspace: its folder, or PostgreSQL's address together with --data",
    )
    parser.add_argument(
        "--data", metavar="DIR", help="--from 为地址时的数据文件夹 / the folder that goes with an address"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="未批准的文件中已审核的记录也学 / the decided records of unfinished documents, too",
    )
    parser.add_argument(
        "--only-given",
        action="store_true",
        help="不用项目自有的文件，只学给出的 / learn from the documents given, not from the project's own",
    )


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="监听的地址；有账号之后才能用本机以外的 / address to listen on; other than this machine's only with accounts",
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="还应答的主机名，如反向代理的，可多次 / a further host name that is answered, such as a proxy's; repeatable",
    )
    parser.add_argument("--port", type=_port, default=8765, metavar="N", help="端口，默认8765；0为任一 / 0 takes any")
    _workspace(parser)


def _users(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser(
        "add", help="新建账号，密码从终端或标准输入读 / new account, password from terminal or stdin"
    )
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", choices=ROLES, default="reviewer", help="默认 reviewer / default: reviewer")
    add.add_argument("--display", metavar="NAME", help="显示的姓名 / the name that others see")
    password = actions.add_parser("password", help="重设密码 / set a new password")
    password.add_argument("name", metavar="NAME")
    disable = actions.add_parser("disable", help="停用账号 / switch an account off")
    disable.add_argument("name", metavar="NAME")
    enable = actions.add_parser("enable", help="重新启用账号 / switch an account on again")
    enable.add_argument("name", metavar="NAME")
    for action in (add, password, disable, enable, actions.add_parser("list", help="列出账号 / list the accounts")):
        _workspace(action)


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="写入的 .tar.gz / the .tar.gz to write")
    _workspace(parser)


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="备份的 .tar.gz / the backup's .tar.gz")
    _workspace(parser, required=True)


def _export_annotations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="写入的文件夹 / the folder to write")
    parser.add_argument(
        "--all",
        action="store_true",
        help="未批准的文件中已审核的记录也写 / the decided records of unfinished documents, too",
    )
    _workspace(parser)


def _vocabulary(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    undo = actions.add_parser("undo", help="去掉一条，以后不再学 / take an entry out, for good")
    undo.add_argument("entry", metavar="ENTRY", help="单位名、简称或表头 / a unit, a short name or a header")
    for action in (
        actions.add_parser("list", help="列出词汇 / list the entries"),
        actions.add_parser("learn", help="由所有批准的文件重新学一遍 / learn anew from all approved documents"),
        undo,
    ):
        _workspace(action)


def _workspace(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument(
        "--data",
        metavar="DIR",
        default=None if required else "extractor-data",
        required=required,
        help="数据文件夹，所有数据都在其中 / the folder that holds everything"
        + ("" if required else "（extractor-data）"),
    )
    parser.add_argument(
        "--database",
        metavar="URL",
        help="PostgreSQL 的地址，默认为数据文件夹中的SQLite / default: SQLite in the folder",
    )
    parser.add_argument("--debug", action="store_true", help="出错时打印完整的调用栈 / show tracebacks")


def _port(text: str) -> int:
    if not (text.isdecimal() and len(text) < 6 and int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text}：端口为0至65535 / a port is 0 to 65535")
    return int(text)


def _reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password", metavar="P", help="加密PDF的密码（只用于PDF）/ opens a locked PDF (PDF only)")
    parser.add_argument(
        "--max-chars", type=_positive, metavar="N", help="超过N字的文本不读 / refuse a text longer than N characters"
    )
    parser.add_argument("--config", metavar="FILE", help="TOML设置文件 / settings")
    parser.add_argument("--debug", action="store_true", help="出错时打印完整的调用栈 / show tracebacks")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text}：要大于0的秒数 / seconds: must be more than 0")
    return value


def _positive(text: str) -> int:
    value = int(text) if text.isdecimal() and len(text) < 19 else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}：要大于0的整数 / a whole number: must be 1 or more")
    return value
