"""``extractor serve``: the review workspace in the browser, until it is stopped."""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import sys
from pathlib import Path

from extractor.cli.workspace_folder import keep_private
from extractor.errors import ExtractorError

_GRACE = 3  # seconds that open streams of events get to end


class CantServe(ExtractorError):
    """The address can't be had, or must not be."""


def run(options: argparse.Namespace) -> int:
    """Prints the address once it answers there; 0 after Ctrl+C or SIGTERM."""
    import uvicorn

    from extractor.web.app import create_app
    from extractor.web.security import is_loopback
    from extractor.workspace.service import open_workspace

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    keep_private()
    workspace = open_workspace(Path(options.data), options.database)
    try:
        if not is_loopback(options.host) and not workspace.people.any():
            raise CantServe(
                f"还没有账号，只能监听本机；请先运行 extractor users add 名字 --role admin，再用 --host {options.host} / "
                f"no accounts yet, so only this machine may be served: extractor users add NAME --role admin first"
            )
        listening = _listen(options.host, options.port)
        port: int = listening.getsockname()[1]
        app = create_app(workspace, host=options.host, port=port, names=options.name)
        server = uvicorn.Server(
            uvicorn.Config(
                app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=_GRACE
            )
        )
        shown = f"[{options.host}]" if ":" in options.host else options.host
        workspace.start()
        sys.stdout.write(
            f"审核工作台 / review workspace: http://{shown}:{port}\n"
            f"数据 / data: {Path(options.data).resolve()}\n按 Ctrl+C 停止 / Ctrl+C stops\n"
        )
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # its default would end us before our workers
        try:
            server.run(sockets=[listening])
        except KeyboardInterrupt:
            pass  # uvicorn hands the signal on when it has ended in order
    finally:
        workspace.stop()
        workspace.database.close()
    return 0


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound already, so that the address is printed only where it can be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)  # who comes as soon as the address is printed waits instead of being refused
    except OSError as error:
        reason = error.strerror or str(error)
        raise CantServe(
            f"不能监听 {host}:{port}（{reason}），请换一个 --port / can't listen on {host}:{port} ({reason}): choose another"
        ) from error
    return listening
