"""What every request passes before any route: its host, its origin, and the headers of every answer.

A page of another site must be able to do nothing, also where no login protects (local mode): the Host header
is checked against an allow-list, so that a foreign name rebound to this address is refused; requests that a
browser marks as coming from elsewhere are refused by Origin and Sec-Fetch-Site.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import socket
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.web.errors import WebError

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_COOKIE = "session"
CSRF_HEADER = "x-csrf-token"

log = logging.getLogger(__name__)
OnError = Callable[[Request, Exception], Response]


def is_loopback(host: str) -> bool:
    """True for ``localhost`` and the addresses that only this machine reaches."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _name(netloc: str) -> str | None:
    """The name or address of a Host header without port, lower case; None where it is malformed."""
    try:
        parts = urlsplit(f"//{netloc}")
        if parts.username is not None or parts.path or parts.query or parts.fragment:
            return None
        _ = parts.port  # raises where the port is no number
    except ValueError:
        return None
    return parts.hostname


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Hosts:
    """The Host headers that are answered.

    On loopback: loopback names only. On a network address: that address, ``names``, this machine's own names and,
    where all interfaces are bound, any literal address (rebinding needs a name). Ports are not compared: tunnels
    and reverse proxies change them, and the Origin check compares them.
    """

    def __init__(self, host: str, names: Iterable[str] = ()) -> None:
        bound = host.strip("[]").lower()
        self.local = is_loopback(bound)
        self.wildcard = bound in {"0.0.0.0", "::", ""}
        self.names = {name.lower() for name in names}
        if not self.local:
            self.names |= {bound, socket.gethostname().lower(), socket.getfqdn().lower()}

    def allows(self, header: str | None) -> bool:
        name = _name(header) if header else None
        if name is None:
            return False
        if name in self.names or is_loopback(name):
            return True
        return self.wildcard and _is_address(name)


def same_origin(headers: Headers, *, safe: bool, navigation_allowed: bool) -> bool:
    """False where a browser says that another site caused the request.

    Scripts send neither header and pass. A page opened by a link from elsewhere passes where
    ``navigation_allowed``: reading a page in its own tab gives the other site nothing.
    """
    origin = headers.get("origin")
    site = headers.get("sec-fetch-site")
    # Our Referrer-Policy makes a form of our own pages say "null"; Sec-Fetch-Site, where it is sent, knows better.
    if origin is not None and not (origin == "null" and site == "same-origin"):
        try:
            parts = urlsplit(origin)
        except ValueError:  # half an IPv6 address
            return False
        if parts.scheme not in {"http", "https"} or parts.netloc.lower() != (headers.get("host") or "").lower():
            return False
    if site in {None, "same-origin", "none"}:
        return True
    return safe and navigation_allowed and headers.get("sec-fetch-mode") == "navigate"


def csrf_token(session: str) -> str:
    """The token that the pages of one session carry; it tells nothing about the session's own secret."""
    return hmac.new(session.encode(), b"csrf", hashlib.sha256).hexdigest()


def csrf_matches(session: str, given: str | None) -> bool:
    """Compared in constant time."""
    return given is not None and hmac.compare_digest(csrf_token(session).encode(), given.encode())


class Shield:
    """The outermost layer of the application: checks the request's host and origin, adds the headers, and
    turns an unforeseen error into the ordinary refusal (its cause goes to the log only).
    """

    def __init__(self, app: ASGIApp, hosts: Hosts, on_error: OnError) -> None:
        self.app = app
        self.hosts = hosts
        self.on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            self.check(scope)
            await self.app(scope, receive, guarded)
        except Exception as error:
            if not isinstance(error, WebError):
                log.exception("request failed: %s %s", scope["method"], scope["path"])
            if started:
                raise
            response = self.on_error(Request(scope, receive), error)
            await response(scope, receive, guarded)

    def check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if not self.hosts.allows(headers.get("host")) or len(headers.getlist("host")) != 1:
            raise WebError(400, "host")
        safe = scope["method"] in SAFE_METHODS
        if not same_origin(headers, safe=safe, navigation_allowed=not scope["path"].startswith("/api/")):
            raise WebError(403, "origin")
