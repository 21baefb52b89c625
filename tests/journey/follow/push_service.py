"""A push service on this machine: it takes messages over TLS, and a browser that reads them."""

import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from unknot.journey.follow import webpush

AUTH = webpush.encode(b"sixteen bytes ..")


def decrypted(body: bytes, *, private: str, auth: str) -> bytes:
    """Read a message as its browser does (RFC 8188, 2 and RFC 8291, 3.4), from the other side."""
    salt, length = body[:16], body[20]
    theirs, sealed = body[21 : 21 + length], body[21 + length :]
    ours = ec.derive_private_key(int.from_bytes(webpush.decode(private), "big"), ec.SECP256R1())
    shared = ours.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    )
    mine = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
        return HKDF(hashes.SHA256(), length, salt, info).derive(material)

    material = derive(shared, webpush.decode(auth), b"WebPush: info\0" + mine + theirs, 32)
    key = derive(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = derive(material, salt, b"Content-Encoding: nonce\0", 12)
    padded = AESGCM(key).decrypt(nonce, sealed, None)
    text, mark = padded.rstrip(b"\0")[:-1], padded.rstrip(b"\0")[-1:]
    assert mark == b"\x02"
    return text


@dataclass
class Service:
    """What was posted, newest last, and how to answer."""

    port: int
    private: str
    answer: int = 201
    posted: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """What the setting calls it."""
        return f"localhost:{self.port}"

    def browser(self, name: str = "one") -> webpush.Browser:
        """A subscription of one browser at this service."""
        return webpush.Browser(
            endpoint=f"https://localhost:{self.port}/{name}",
            p256dh=webpush.public_key(self.private),
            auth=AUTH,
        )

    def texts(self) -> list[str]:
        """Every message as its browser reads it."""
        return [
            decrypted(body, private=self.private, auth=AUTH).decode() for *_, body in self.posted
        ]


@contextmanager
def push_service(folder: Path) -> Iterator[Service]:
    """Run a service at localhost with a certificate of its own in `folder`."""
    certificate = _certificate(folder)
    service = Service(port=0, private=webpush.make_key())

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.posted.append((self.path, dict(self.headers), body))
            self.send_response(service.answer)
            if 300 <= service.answer < 400:
                self.send_header("Location", "https://localhost:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "localhost.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file
