"""Web push: one short message, readable by one browser only, and who sends it.

        text ──▶ encrypted for one browser ──▶ its push service ──▶ the browser
                 RFC 8291, RFC 8188            RFC 8030, signed by RFC 8292

Units   seconds; instants are aware.
Errors  BadSubscription: keys that are none, or a service nobody here knows. Gone: the browser does
        not want it any more. NotPushed: the service did not take it. PushSilent: it may have.
Source  RFC 8030, 8188, 8291, 8292; docs/decisions/0024-web-push.md
"""

import base64
import binascii
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE: Final = ec.SECP256R1()
#: One record holds all of it; every push service takes 4096 bytes (RFC 8030, 7.2).
RECORD, MOST = 4096, 3000
SECONDS: Final = (5.0, 10.0)  # to connect, to answer
SIGNED_FOR: Final = timedelta(hours=12)
GONE: Final = (404, 410)


class BadSubscription(ValueError):
    """A subscription that cannot be used: its address or its keys."""


class Gone(Exception):
    """The service says that this subscription has ended."""


class NotPushed(Exception):
    """The service was not reached or refused: nothing left the house."""


class PushSilent(Exception):
    """No answer after the message was on its way: whether it arrived cannot be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Where one browser is reached, with its public key and its secret in base64url."""

    endpoint: str
    p256dh: str
    auth: str


def make_key() -> str:
    """Make the private key of an installation: 32 bytes in base64url."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return encode(number.to_bytes(32, "big"))


def public_key(private: str) -> str:
    """The public key as browsers want it: an uncompressed point in base64url."""
    return encode(_point(_private(private).public_key()))


def check(browser: Browser, *, hosts: Sequence[str]) -> None:
    """Raise BadSubscription unless the address is https at one of `hosts` and the keys are keys.

    A host that begins with a dot stands for every name under it.
    """
    try:
        parts = urlsplit(browser.endpoint)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise BadSubscription("This is no address.") from error
    known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)
    if parts.scheme != "https" or not known or "@" in parts.netloc:
        raise BadSubscription("This push service is not known here.")
    if port not in (None, 443) and f"{host}:{port}" not in hosts:
        raise BadSubscription("A push service answers at port 443.")
    _their_keys(browser)


def push(
    browser: Browser, text: str, *, private: str, contact: str, ttl: int, now: datetime
) -> None:
    """Hand one message to the browser's push service; kept there for `ttl` seconds at most."""
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl),
        "Urgency": "normal",
        "Authorization": signed(browser.endpoint, private=private, contact=contact, now=now),
    }
    body = encrypted(browser, text.encode())
    try:
        answer = requests.post(
            browser.endpoint, data=body, headers=headers, timeout=SECONDS, allow_redirects=False
        )
    except requests.ConnectTimeout as problem:
        raise NotPushed("not reached") from problem
    except requests.ConnectionError as problem:
        never_left = "NewConnectionError" in repr(problem) or "SSLError" in repr(problem)
        raise (NotPushed if never_left else PushSilent)("no answer") from problem
    except requests.RequestException as problem:
        raise PushSilent("no answer") from problem
    if answer.status_code in GONE:
        raise Gone
    if not 200 <= answer.status_code < 300:
        raise NotPushed(str(answer.status_code))


def encrypted(
    browser: Browser, text: bytes, *, salt: bytes = b"", once: str | None = None
) -> bytes:
    """Encrypt `text` in one record (RFC 8291, 3 and 4); `salt` and `once` are for its example."""
    if len(text) > MOST:
        raise ValueError(f"{len(text)} bytes, allowed {MOST}")
    theirs, secret = _their_keys(browser)
    ours = _private(once) if once else ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    shared = ours.exchange(ec.ECDH(), theirs)
    info = b"WebPush: info\0" + _point(theirs) + _point(ours.public_key())
    material = _derived(shared, salt=secret, info=info, length=32)
    key = _derived(material, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(material, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    sealed = AESGCM(key).encrypt(nonce, text + b"\x02", None)  # 2 marks the last record
    point = _point(ours.public_key())
    return salt + RECORD.to_bytes(4, "big") + bytes([len(point)]) + point + sealed


def signed(endpoint: str, *, private: str, contact: str, now: datetime) -> str:
    """The header that says who pushes (RFC 8292, 2 and 3)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + SIGNED_FOR).timestamp()),
        "sub": contact,
    }
    text = ".".join(_json(one) for one in ({"typ": "JWT", "alg": "ES256"}, claims))
    key = _private(private)
    r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{text}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={encode(_point(key.public_key()))}"


def encode(raw: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read base64url with or without padding; BadSubscription for anything else."""
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSubscription("This is no key.") from error


def _their_keys(browser: Browser) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    secret = decode(browser.auth)
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(browser.p256dh))
    except ValueError as error:
        raise BadSubscription("This is no key.") from error
    if len(secret) != 16:
        raise BadSubscription("This is no key.")
    return point, secret


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode(text), "big"), CURVE)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(material: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(material)


def _json(value: Mapping[str, object]) -> str:
    return encode(json.dumps(value, separators=(",", ":")).encode())
