"""The one client that reads calendars from addresses that people gave us.

Such an address is chosen by a stranger and asked for from inside our network. So: https only,
port 443, no user in it, no redirect; the name is resolved once, every answer must be a public
address, and the connection goes to that very address while TLS checks the name. Size and time
are limited over the whole answer, and nothing packed is unpacked. The address is a secret of
its owner: errors name its host and no more.

Units   bytes; seconds over the whole fetch.
Errors  NotFetched: one sentence for staff, with its facts.
Source  RFC 9110, RFC 6890 and the IANA registries of special-purpose addresses.
"""

import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from types import MappingProxyType
from typing import TYPE_CHECKING, cast
from urllib.parse import SplitResult, quote, urlsplit

from unknot.interfaces.ical.lines import gettext_noop

if TYPE_CHECKING:
    from typing_extensions import Buffer

LIMIT = 5_000_000
SECONDS = 20.0
PORT = 443
LONGEST_URL = 500

BAD_ADDRESS = gettext_noop("This is not an address of a calendar.")
NOT_HTTPS = gettext_noop("The address must begin with https:// or webcal://.")
HAS_USER = gettext_noop("The address must not contain a user name or a password.")
BAD_PORT = gettext_noop("The address must not name a port other than 443.")
UNKNOWN_HOST = gettext_noop("The name %(host)s was not found.")
NOT_PUBLIC = gettext_noop("%(host)s is not a public address.")
UNREACHED = gettext_noop("%(host)s could not be reached.")
UNSAFE = gettext_noop("The secure connection to %(host)s failed.")
TOO_SLOW = gettext_noop("%(host)s took longer than %(seconds)s seconds.")
MOVED = gettext_noop("%(host)s sent us to another address. Enter that address instead.")
MISSING = gettext_noop("%(host)s has no calendar at this address. It answered %(status)s.")
FAILED = gettext_noop("%(host)s did not hand out the calendar. It answered %(status)s.")
PACKED = gettext_noop("%(host)s sent the calendar compressed, which is not read.")
TOO_BIG = gettext_noop("The calendar at %(host)s is larger than %(limit)s bytes.")
BROKE_OFF = gettext_noop("The answer of %(host)s broke off or cannot be read.")

Resolve = Callable[[str], Sequence[str]]
Connect = Callable[[str, float], socket.socket]

_PRINTABLE = re.compile(r"[!-~\u00a1-\U0010ffff]+")
_NOT_PUBLIC_6 = tuple(
    ipaddress.IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")


class NotFetched(ValueError):
    """A calendar that was not read: a sentence to translate, and the facts to put into it."""

    def __init__(self, sentence: str, **facts: str | int) -> None:
        super().__init__(sentence % facts)
        self.sentence = sentence
        self.facts: Mapping[str, str | int] = MappingProxyType(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A checked address; `path` is a secret and never shown."""

    host: str
    path: str


def fetch(
    url: str,
    *,
    resolve: Resolve | None = None,
    is_allowed: Callable[[str], bool] | None = None,
    connect: Connect | None = None,
    context: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
    limit: int = LIMIT,
) -> bytes:
    """Return the body behind `url`, or raise NotFetched."""
    where = target(url)
    clock = _Clock(host=where.host, seconds=seconds, ends=time.monotonic() + seconds)
    addresses = _checked(where.host, resolve or _resolve, is_allowed or is_public, clock)
    plain = _reach(where.host, addresses, connect or _connect, clock)
    with plain, _secured(plain, where.host, context, clock) as secured:
        return _ask(secured, where, clock, limit)


def target(url: str) -> Target:
    """Return the host and path of an address that may be asked, or raise NotFetched."""
    text = url.strip()
    if len(text) > LONGEST_URL or not _PRINTABLE.fullmatch(text):
        raise NotFetched(BAD_ADDRESS)
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError:
        raise NotFetched(BAD_ADDRESS) from None
    if parts.scheme.lower() not in ("https", "webcal", "webcals"):
        raise NotFetched(NOT_HTTPS)
    if "@" in parts.netloc:
        raise NotFetched(HAS_USER)
    if not re.fullmatch(r"[0-9a-z._:-]+", host):
        raise NotFetched(BAD_ADDRESS)
    if port not in (None, PORT):
        raise NotFetched(BAD_PORT)
    return Target(host=host, path=_path(parts))


#: For protocols of their own (RFC 6890), which some versions of Python call global; 6to4's relays.
_NOT_PUBLIC_4 = tuple(ipaddress.IPv4Network(one) for one in ("192.0.0.0/24", "192.88.99.0/24"))


def is_public(address: str) -> bool:
    """Whether a numeric address is one that anybody on the internet could ask."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.is_multicast or ip.is_reserved or not ip.is_global:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in special for special in _NOT_PUBLIC_4)
    # Mapped, translated (NAT64) and site-local addresses lie outside 2000::/3; tunnels inside.
    return ip in _UNICAST_6 and not any(ip in special for special in _NOT_PUBLIC_6)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """The time one fetch may take in all."""

    host: str
    seconds: float
    ends: float

    def left(self) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise self.too_slow()
        return left

    def too_slow(self) -> NotFetched:
        return NotFetched(TOO_SLOW, host=self.host, seconds=round(self.seconds))


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return f"{path}?{query}" if query else path


def _resolve(host: str) -> Sequence[str]:
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in found))


def _connect(address: str, seconds: float) -> socket.socket:
    return socket.create_connection((address, PORT), timeout=seconds)


def _checked(
    host: str, resolve: Resolve, is_allowed: Callable[[str], bool], clock: _Clock
) -> Sequence[str]:
    """Return the addresses of `host`; one that is not public spoils them all."""
    answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host))
        except (OSError, UnicodeError):
            answers.put(())

    # The system's resolver knows no time limit, so it is waited for and left behind.
    threading.Thread(target=ask, daemon=True).start()
    try:
        addresses = answers.get(timeout=clock.left())
    except queue.Empty:
        raise clock.too_slow() from None
    if not addresses:
        raise NotFetched(UNKNOWN_HOST, host=host)
    if not all(is_allowed(address) for address in addresses):
        raise NotFetched(NOT_PUBLIC, host=host)
    return addresses


def _reach(host: str, addresses: Sequence[str], connect: Connect, clock: _Clock) -> socket.socket:
    for address in addresses[:4]:
        try:
            return connect(address, clock.left())
        except OSError:
            continue
    clock.left()
    raise NotFetched(UNREACHED, host=host)


def _secured(
    plain: socket.socket, host: str, context: ssl.SSLContext | None, clock: _Clock
) -> ssl.SSLSocket:
    try:
        plain.settimeout(clock.left())
        return (context or ssl.create_default_context()).wrap_socket(plain, server_hostname=host)
    except TimeoutError:
        raise clock.too_slow() from None
    except (OSError, ValueError):
        raise NotFetched(UNSAFE, host=host) from None


def _ask(secured: ssl.SSLSocket, where: Target, clock: _Clock, limit: int) -> bytes:
    request = (
        f"GET {where.path} HTTP/1.1\r\nHost: {_host_header(where.host)}\r\n"
        "Accept: text/calendar, */*;q=0.1\r\nAccept-Encoding: identity\r\n"
        "User-Agent: Unknot\r\nConnection: close\r\n\r\n"
    )
    try:
        secured.settimeout(clock.left())
        secured.sendall(request.encode("ascii"))
        # HTTPResponse asks its socket for nothing but a file to read from.
        answer = HTTPResponse(cast(socket.socket, _Paced(secured, clock)), method="GET")
        answer.begin()
        return _body(answer, where.host, limit)
    except TimeoutError:
        raise clock.too_slow() from None
    except (OSError, HTTPException, ValueError) as broken:
        if isinstance(broken, NotFetched):
            raise
        raise NotFetched(BROKE_OFF, host=where.host) from None


def _host_header(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _body(answer: HTTPResponse, host: str, limit: int) -> bytes:
    _check_status(answer.status, host)
    if answer.getheader("Content-Encoding", "identity").strip().lower() != "identity":
        raise NotFetched(PACKED, host=host)
    told = answer.length
    if told is not None and told > limit:
        raise NotFetched(TOO_BIG, host=host, limit=limit)
    body = answer.read(limit + 1)
    if len(body) > limit:
        raise NotFetched(TOO_BIG, host=host, limit=limit)
    if told is not None and len(body) < told:
        raise NotFetched(BROKE_OFF, host=host)
    return body


def _check_status(status: int, host: str) -> None:
    if status == 200:
        return
    if 300 <= status < 400:
        raise NotFetched(MOVED, host=host)
    raise NotFetched(MISSING if status in (404, 410) else FAILED, host=host, status=status)


class _Paced(io.RawIOBase):
    """Reads a socket; each read may take only what is left of the whole time."""

    def __init__(self, secured: ssl.SSLSocket, clock: _Clock) -> None:
        self._secured = secured
        self._clock = clock

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        self._secured.settimeout(self._clock.left())
        return self._secured.recv_into(buffer)
