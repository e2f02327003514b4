"""The way to an account on the simulated network, wherever that runs."""

import logging
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError
from pydantic_core import to_json

from server.channels import calls, wire
from server.channels.protocol import (
    Incoming,
    NetworkUnreachable,
    NotOffered,
    Outgoing,
    SendRefused,
    SendUnknown,
)
from server.channels.signed import SignedChannel
from server.errors import Unprocessable

_log = logging.getLogger(__name__)

IN_PROCESS = "http://simulated.network"
"""The address of an account that names none: the network inside this process."""

_SETTLES_AFTER_S = 5.0
# the network's clock is its own
_CLOCKS_DIFFER = timedelta(minutes=2)


class SimulatedChannel(SignedChannel):
    """An account on the simulated network (`Channel`).

    Its settings: `url` of the network (inside this process if there is none), `settles_after_s`.
    """

    @cached_property
    def settles_after(self) -> timedelta | None:
        """What the account says of its network, which shows posts late."""
        return timedelta(seconds=float(self._account.settings.get("settles_after_s", _SETTLES_AFTER_S)))

    @cached_property
    def _url(self) -> str:
        where = str(self._account.settings.get("url") or IN_PROCESS).rstrip("/")
        return f"{where}/{quote(self._account.channel, safe='')}/{quote(self._account.handle, safe='')}"

    async def poll(self, cursor: str | None) -> tuple[Sequence[Incoming], str | None]:
        """The next updates after the cursor."""
        told = await self._ask("GET", "/updates", after=cursor or "0")
        try:
            return [event for one in told["updates"] if (event := _update(one)) is not None], str(told["after"])
        except (KeyError, TypeError) as error:
            raise NetworkUnreachable("the network answered with something else than updates") from error

    async def read(self, network_id: str) -> Incoming | None:
        """A post as it stands now."""
        if not network_id.isdigit():
            return None
        told = await self._ask("GET", f"/posts/{network_id}")
        return None if told is None else _incoming(told)

    async def send(self, outgoing: Outgoing) -> str:
        """Post a text. The key goes along; whether the network keeps it is its affair."""
        if not outgoing.reply_to.isdigit():
            raise SendRefused("the network has no post of this id to answer")
        body = to_json(
            {
                "text": outgoing.text,
                "in_reply_to": int(outgoing.reply_to),
                "recipient": outgoing.recipient,
                "private": outgoing.private,
                "key": outgoing.key,
            }
        )
        answer = await calls.post_text(
            self._http,
            f"{self._url}/posts",
            content=body,
            headers={"Content-Type": "application/json"},
            now=self._clock(),
            deadline=self._deadline,
        )
        told = answer.json()
        if not isinstance(told, dict) or not isinstance(told.get("id"), str):
            raise SendUnknown("the network took something and did not say what")
        return str(told["id"])

    async def find(self, outgoing: Outgoing, *, since: datetime) -> str | None:
        """The post that this text has become: by our key where the network kept it, else by target, eyes and words."""
        if not outgoing.reply_to.isdigit():
            return None
        since_s = (since - _CLOCKS_DIFFER).timestamp()
        told = await self._ask("GET", "/sent", in_reply_to=outgoing.reply_to, since=str(since_s))
        try:
            posts: list[dict[str, Any]] = told["posts"]
            keyed = [post["id"] for post in posts if post.get("key") == outgoing.key]
            alike = [post["id"] for post in posts if post.get("key") is None and _is(outgoing, post)]
        except (KeyError, TypeError) as error:
            raise NetworkUnreachable("the network answered with something else than posts") from error
        return next((str(post) for post in [*keyed, *alike]), None)

    async def withdraw(self, network_id: str) -> None:
        """Delete what the account has posted."""
        if not network_id.isdigit():
            return
        answer = await calls.ask(self._http, "DELETE", f"{self._url}/posts/{network_id}", deadline=self._deadline)
        if answer.status == 405:
            raise NotOffered("the network does not delete private messages; what was sent stays")
        if answer.status not in (200, 204, 404, 410):
            raise NetworkUnreachable(f"the network answered with status {answer.status}")

    async def _ask(self, method: str, path: str, **params: str) -> Any:  # noqa: ANN401 - JSON
        """The network's answer; None where there is no such thing."""
        answer = await calls.ask(self._http, method, self._url + path, params=params, deadline=self._deadline)
        if answer.status in (404, 410):
            return None
        told = answer.json()
        if answer.status != 200 or told is None:
            raise NetworkUnreachable(f"the network answered with status {answer.status} and no JSON that can be read")
        return told


def _incoming(told: object) -> Incoming:
    try:
        return wire.incoming(wire.ToldEvent.model_validate(told), "post")
    except (ValidationError, Unprocessable) as error:
        raise NetworkUnreachable("the network told of a post that cannot be understood") from error


def _update(told: object) -> Incoming | None:
    try:
        return _incoming(told)
    except NetworkUnreachable:
        # it must not keep every later post from coming in
        _log.warning("left out a post that cannot be understood")
        return None


def _is(outgoing: Outgoing, post: Mapping[str, Any]) -> bool:
    recipient = outgoing.recipient if outgoing.private else None
    return post["private_to"] == recipient and _words(post["text"]) == _words(outgoing.text)


def _words(text: str) -> str:
    """A text as far as networks leave it alone: they compose letters and trim spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())
