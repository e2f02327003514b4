"""Signing what goes between Deskside and a webhook's other end, and checking it.

The header is `X-Deskside-Signature: t=<unix seconds>,v1=<hex>`, where v1 is the HMAC-SHA256 of `<t>.<body>` under the
account's secret, as UTF-8 text. Several v1 may stand there, so that a sender can change its secret without a gap.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from server.channels.protocol import SignatureRefused
from server.models import AccountRow

HEADER = "X-Deskside-Signature"
WINDOW = timedelta(minutes=5)
LONGEST = 1_000


def secret_of(account: AccountRow, derive: Callable[[str], bytes]) -> str:
    """The secret that this account's webhook signs with: made from the installation's, nowhere stored."""
    return derive(f"channels/{account.id}/{account.secret_version}").hex()


def sign(secret: str, body: bytes, *, now: datetime) -> str:
    """The header's value for this body at this moment."""
    moment = str(int(now.timestamp()))
    return f"t={moment},v1={_mac(secret, moment, body)}"


def header_of(headers: Mapping[str, str]) -> str | None:
    """The signature among a request's headers, whose names may be written in any case."""
    return next((value for name, value in headers.items() if name.lower() == HEADER.lower()), None)


def check(secret: str, value: str | None, body: bytes, *, now: datetime) -> None:
    """Let through what was signed with this secret within the window.

    Raises:
        SignatureRefused: It was not; the words say what is missing, never what would have been right.
    """
    moment, candidates = _read(value)
    if abs(now.timestamp() - int(moment)) > WINDOW.total_seconds():
        raise SignatureRefused(
            "the signature is older than five minutes, or from the future; sign again, check the clock"
        )
    right = _mac(secret, moment, body).encode()
    # every candidate is compared, each in constant time
    if not any([hmac.compare_digest(right, candidate.encode()) for candidate in candidates]):
        raise SignatureRefused("the signature does not fit")


def digest_of(headers: Mapping[str, str], body: bytes) -> str:
    """Names a signed request, whatever else stands in its header, so that it is known when it comes again.

    Raises:
        SignatureRefused: It is not signed.
    """
    moment, _ = _read(header_of(headers))
    return hashlib.sha256(moment.encode() + b"." + body).hexdigest()


def _read(value: str | None) -> tuple[str, list[str]]:
    """The moment and the candidates of a header."""
    if not value:
        raise SignatureRefused(f"the request is not signed; the header {HEADER} is missing")
    fields = [field.strip().partition("=") for field in value[:LONGEST].split(",")]
    moments = [text for name, _, text in fields if name == "t"]
    if len(moments) != 1 or not (moments[0].isascii() and moments[0].isdigit() and len(moments[0]) < 12):
        raise SignatureRefused(f"the header {HEADER} must read t=<unix seconds>,v1=<hex>")
    return moments[0], [text for name, _, text in fields if name == "v1"]


def _mac(secret: str, moment: str, body: bytes) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
