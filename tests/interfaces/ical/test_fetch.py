"""The guarded client against a real server; each guard is tried without it, too."""

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from unknot.interfaces.ical.fetch import NotFetched, fetch, is_public, target

HOST = "calendar.example.org"
SECRET = "private-3f9a"
URL = f"https://{HOST}/feeds/{SECRET}.ics?key=k{SECRET}"
BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
PUBLIC = "93.184.215.14"


def plain(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return plain(body, f"Content-Length: {len(body)}", *headers, status=status)


class Server:
    """A TLS server that sends what it is told to, once for each connection."""

    def __init__(self, certificate: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.answer: Callable[[ssl.SSLSocket], None] = lambda _: None
        self.requests: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def says(self, *pieces: bytes, pause: float = 0) -> None:
        def send(to: ssl.SSLSocket) -> None:
            for piece in pieces:
                to.sendall(piece)
                time.sleep(pause)

        self.answer = send

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=[connection], daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        try:
            with self._context.wrap_socket(connection, server_side=True) as secured:
                secured.settimeout(30)
                self.requests.append(secured.recv(10_000))
                self.answer(secured)
        except OSError:
            return  # the client went away, as it should from most of these


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[Server]:
    made = Server(certificate)
    made.says(whole(BODY))
    yield made
    made.close()


@pytest.fixture
def trusted(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@pytest.fixture
def get(server: Server, trusted: ssl.SSLContext) -> Callable[..., bytes]:
    """The client, with a public address that leads to the local server."""

    def ask(url: str = URL, **options: object) -> bytes:
        settings = {
            "resolve": lambda host: (PUBLIC,),
            "connect": lambda address, left: socket.create_connection(
                ("127.0.0.1", server.port), timeout=left
            ),
            "context": trusted,
            "seconds": 5.0,
        }
        return fetch(url, **{**settings, **options})  # type: ignore[arg-type]

    return ask


def test_it_fetches_what_a_public_address_gives(get: Callable[..., bytes], server: Server) -> None:
    assert get() == BODY
    request = server.requests[0].decode()
    assert request.startswith(f"GET /feeds/{SECRET}.ics?key=k{SECRET} HTTP/1.1\r\nHost: {HOST}\r\n")
    assert "\r\nAccept-Encoding: identity\r\n" in request


def test_webcal_is_read_as_https_and_the_name_is_in_small_letters(
    get: Callable[..., bytes],
) -> None:
    assert get(f" webcal://{HOST.upper()}:443/a#part ") == BODY


def test_it_connects_to_the_very_address_that_was_checked(
    get: Callable[..., bytes], server: Server
) -> None:
    asked: list[str] = []
    reached: list[str] = []

    def resolve(host: str) -> tuple[str, ...]:
        asked.append(host)
        return (PUBLIC,) if len(asked) == 1 else ("127.0.0.1",)

    def connect(address: str, left: float) -> socket.socket:
        reached.append(address)
        return socket.create_connection(("127.0.0.1", server.port), timeout=left)

    get(resolve=resolve, connect=connect)
    assert (asked, reached) == ([HOST], [PUBLIC])


@pytest.mark.parametrize("answers", [("127.0.0.1",), (PUBLIC, "10.0.0.1"), ("::1", PUBLIC)])
def test_one_private_address_spoils_them_all(
    get: Callable[..., bytes], server: Server, answers: tuple[str, ...]
) -> None:
    with pytest.raises(NotFetched, match="not a public address"):
        get(resolve=lambda host: answers)
    assert server.requests == []


def test_without_the_guard_a_private_address_would_be_fetched(get: Callable[..., bytes]) -> None:
    assert get(resolve=lambda host: ("127.0.0.1",), is_allowed=lambda address: True) == BODY


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "0x7f.1", "2130706433"])
def test_names_of_this_machine_are_refused_by_the_real_resolver(host: str) -> None:
    with pytest.raises(NotFetched, match=r"not a public address|was not found"):
        fetch(f"https://{host}/", seconds=5)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1"),
        *("192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "::ffff:8.8.8.8", "::ffff:10.0.0.1", "::8.8.8.8"),
        *(
            "64:ff9b::8.8.8.8",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:808:808::1",
        ),
        *("3fff::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"),
        "not an address",
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:4700::1", "2a00:1450:4001::1"])
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://calendar.example.org/", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("ftp://calendar.example.org/", "must begin with https"),
        ("calendar.example.org/a.ics", "must begin with https"),
        ("https://ana:word@calendar.example.org/", "user name"),
        ("https://calendar.example.org@10.0.0.1/", "user name"),
        ("https://@calendar.example.org/", "user name"),
        ("https://calendar.example.org:8443/", "port"),
        ("https://calendar.example.org:99999/", "not an address"),
        ("https://calendar.example.org:x/", "not an address"),
        ("https:///a.ics", "not an address"),
        ("https://[::1/", "not an address"),
        ("https://calendar example.org/", "not an address"),
        ("https://calendar.example.org/a\r\nHost: other", "not an address"),
        ("https://calendar.example.org/\x00", "not an address"),
        ("https://" + "a" * 600 + "/", "not an address"),
        ("https://" + "a" * 70 + ".org/", "not an address"),
        ("", "not an address"),
    ],
)
def test_addresses_that_are_never_asked(url: str, sentence: str) -> None:
    with pytest.raises(NotFetched, match=sentence):
        target(url)


def test_letters_outside_ascii_are_written_as_the_network_has_them() -> None:
    where = target("https://käse.example/größe?q=ö")
    assert (where.host, where.path) == ("xn--kse-qla.example", "/gr%C3%B6%C3%9Fe?q=%C3%B6")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (whole(b"", "Location: https://10.0.0.1/", status="302 Found"), "another address"),
        (whole(b"", "Location: /b.ics", status="301 Moved"), "another address"),
        (whole(b"", status="404 Not Found"), "answered 404"),
        (whole(b"", status="401 Unauthorized"), "answered 401"),
        (whole(b"", status="503 Unavailable"), "answered 503"),
        (whole(b"\x1f\x8b", "Content-Encoding: gzip"), "compressed"),
        (plain(b"", "Content-Length: 6000000"), "larger than"),
        (plain(b"short", "Content-Length: 500"), "broke off"),
        (plain(b"ffff\r\nshort", "Transfer-Encoding: chunked"), "broke off"),
        (b"not http at all\r\n\r\n", "broke off"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, "broke off"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 1000 + b"\r\n", "broke off"),
        (b"", "broke off"),
    ],
)
def test_other_answers_are_refused_with_a_sentence(
    get: Callable[..., bytes], server: Server, answer: bytes, sentence: str
) -> None:
    server.says(answer)
    with pytest.raises(NotFetched, match=sentence) as refused:
        get()
    assert SECRET not in repr(refused.value)
    assert str(refused.value) == refused.value.sentence % refused.value.facts
    assert len(server.requests) == 1


@pytest.mark.parametrize("headers", [[], ["Transfer-Encoding: chunked"], ["Content-Length: 10"]])
def test_the_size_is_counted_and_not_believed(
    get: Callable[..., bytes], server: Server, headers: list[str]
) -> None:
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n" if "Transfer" in "".join(headers) else b"x" * 4096
    server.says(plain(b"", *headers), *[chunk] * 20)
    if headers == ["Content-Length: 10"]:
        assert len(get(limit=10_000)) == 10
        return
    with pytest.raises(NotFetched, match="larger than 10000 bytes"):
        get(limit=10_000)


def test_an_answer_in_chunks_or_without_a_length_is_read(
    get: Callable[..., bytes], server: Server
) -> None:
    server.says(plain(b"5\r\nBEGIN\r\n3\r\n:VC\r\n0\r\n\r\n", "Transfer-Encoding: chunked"))
    assert get() == b"BEGIN:VC"
    server.says(plain(BODY))
    assert get() == BODY


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200 OK\r\nX: ", plain(b"", "Content-Length: 1000")]
)
def test_the_time_is_limited_over_the_whole_answer(
    get: Callable[..., bytes], server: Server, start: bytes
) -> None:
    server.says(start, *[b"x"] * 200, pause=0.1)
    began = time.monotonic()
    with pytest.raises(NotFetched, match="took longer than 1 seconds"):
        get(seconds=1.0)
    assert time.monotonic() - began < 5


def test_a_resolver_that_never_answers_is_left_behind(get: Callable[..., bytes]) -> None:
    with pytest.raises(NotFetched, match="took longer"):
        get(seconds=0.3, resolve=lambda host: time.sleep(3) or (PUBLIC,))


def test_a_name_that_nobody_knows_and_a_closed_door(get: Callable[..., bytes]) -> None:
    def unknown(host: str) -> tuple[str, ...]:
        raise socket.gaierror

    def refused(address: str, left: float) -> socket.socket:
        raise ConnectionRefusedError

    with pytest.raises(NotFetched, match="was not found"):
        get(resolve=unknown)
    with pytest.raises(NotFetched, match="could not be reached"):
        get(connect=refused)


def test_the_certificate_must_be_trusted_and_name_the_host(
    get: Callable[..., bytes], server: Server
) -> None:
    with pytest.raises(NotFetched, match="secure connection"):
        get(context=None)
    with pytest.raises(NotFetched, match="secure connection"):
        get("https://other.example.org/")
    assert server.requests == []


def test_nothing_is_logged(get: Callable[..., bytes], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    get()
    assert SECRET not in caplog.text
