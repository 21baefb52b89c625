"""What leaves the house is the example of RFC 8291, and only known services are spoken to."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.journey.follow.push_service import decrypted
from unknot.journey.follow import webpush

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
HOSTS = ["push.example.net", ".notify.example.com"]

# RFC 8291, 5 and appendix A.
RFC_TEXT = b"When I grow up, I want to be a watermelon"
RFC_BROWSER = webpush.Browser(
    endpoint="https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
    p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth="BTBZMqHH6r4Tts7J_aSIgg",
)
RFC_THEIR_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RFC_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RFC_PUBLIC = (
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
)
RFC_SALT = "DGv6ra1nlYgDCS1FRnbzlw"
RFC_BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_it_is_the_example_of_the_standard() -> None:
    body = webpush.encrypted(RFC_BROWSER, RFC_TEXT, salt=webpush.decode(RFC_SALT), once=RFC_PRIVATE)
    assert webpush.encode(body) == RFC_BODY
    assert webpush.public_key(RFC_PRIVATE) == RFC_PUBLIC
    assert decrypted(body, private=RFC_THEIR_PRIVATE, auth=RFC_BROWSER.auth) == RFC_TEXT


def test_each_message_has_a_key_of_its_own() -> None:
    one, other = (webpush.encrypted(RFC_BROWSER, RFC_TEXT) for _ in range(2))
    assert one[:16] != other[:16]
    assert one[21:86] != other[21:86]
    assert decrypted(other, private=RFC_THEIR_PRIVATE, auth=RFC_BROWSER.auth) == RFC_TEXT


def test_the_header_names_us_and_is_signed() -> None:
    private = webpush.make_key()
    header = webpush.signed(
        RFC_BROWSER.endpoint, private=private, contact="mailto:care@example.org", now=NOW
    )
    kind, _, rest = header.partition(" ")
    token, key = (part.split("=", 1)[1] for part in rest.split(", "))
    assert (kind, key) == ("vapid", webpush.public_key(private))
    head, claims, signature = token.split(".")
    assert json.loads(webpush.decode(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(webpush.decode(claims)) == {
        "aud": "https://push.example.net",
        "exp": int(NOW.timestamp()) + 12 * 3600,
        "sub": "mailto:care@example.org",
    }
    raw = webpush.decode(signature)
    numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), webpush.decode(key))
    how = ec.ECDSA(hashes.SHA256())
    public.verify(encode_dss_signature(*numbers), f"{head}.{claims}".encode(), how)
    with pytest.raises(InvalidSignature):
        public.verify(encode_dss_signature(*numbers), f"{head}.{claims}x".encode(), how)


def test_known_services_are_taken() -> None:
    webpush.check(RFC_BROWSER, hosts=HOSTS)
    webpush.check(replace(RFC_BROWSER, endpoint="https://a.notify.example.com/x"), hosts=HOSTS)
    webpush.check(replace(RFC_BROWSER, endpoint="https://push.example.net:443/x"), hosts=HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.net/x",
        "https://push.example.net.evil.example/x",
        "https://evilnotify.example.com/x",
        "https://push.example.net@10.0.0.1/x",
        "https://push.example.net:8443/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[broken/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_anything_else_is_no_service(endpoint: str) -> None:
    with pytest.raises(webpush.BadSubscription):
        webpush.check(replace(RFC_BROWSER, endpoint=endpoint), hosts=HOSTS)


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": ""},
        {"p256dh": RFC_BROWSER.p256dh[:-4]},
        {"p256dh": base64.urlsafe_b64encode(b"\x04" + b"\x01" * 64).decode()},
        {"p256dh": "ä" * 87},
        {"auth": ""},
        {"auth": "AAAA"},
        {"auth": "****"},
    ],
)
def test_keys_that_are_none_are_refused(keys: dict[str, str]) -> None:
    with pytest.raises(webpush.BadSubscription):
        webpush.check(replace(RFC_BROWSER, **keys), hosts=HOSTS)


def test_too_long_a_message_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed"):
        webpush.encrypted(RFC_BROWSER, b"x" * 3001)
