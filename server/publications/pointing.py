"""Which post a person points to who pastes its id or its link: each network writes its links its own way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import regex

from server.errors import Unprocessable
from server.shop.folding import fold_channel

_RECORD = "app.bsky.feed.post"


class NoPostThere(Unprocessable):
    """The link points to no post that could be ours; the words say what to paste."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The account that a text was sent as. `did` is its permanent name on Bluesky, if it is known."""

    channel: str
    handle: str
    did: str | None = None


def network_id_in(told: str, speaker: Speaker) -> str:
    """The network's id of a post in what a person pasted: the id itself, or a link to the post.

    Raises:
        NoPostThere: It is a link, and of no post of this network.
    """
    told = told.strip()
    if not told.startswith(("https://", "http://")):
        return told
    try:
        link = urlsplit(told)
    except ValueError:
        raise NoPostThere("this is no link; paste it as the address bar shows it") from None
    parts = [part for part in link.path.split("/") if part]
    if not parts:
        raise NoPostThere("this link points to no post")
    return _READ.get(fold_channel(speaker.channel), _last_part)(link, parts, speaker)


def _last_part(_link: SplitResult, parts: Sequence[str], _speaker: Speaker) -> str:
    return parts[-1]


def _of_x(link: SplitResult, parts: Sequence[str], _speaker: Speaker) -> str:
    """`/name/status/123`, `/i/web/status/123`, and what may follow: `/photo/1`, `/analytics`."""
    if not _is_at(link, "x.com", "twitter.com"):
        return parts[-1]
    if "status" in parts[:-1]:
        post = parts[parts.index("status") + 1]
        if post.isdecimal():
            return post
    raise NoPostThere("a link to a post on X ends in /status/ and a number")


def _of_bluesky(link: SplitResult, parts: Sequence[str], speaker: Speaker) -> str:
    """`/profile/<name or did>/post/<key>` of the web, as the address of the record that the network knows."""
    if "post" not in parts[:-1] or parts[0] != "profile":
        if _is_at(link, "bsky.app"):
            raise NoPostThere("a link to a post on Bluesky ends in /post/ and its key")
        return parts[-1]
    who, key = parts[1], parts[parts.index("post") + 1]
    if not who.startswith("did:"):
        if who.removeprefix("@").casefold() != speaker.handle.removeprefix("@").casefold():
            raise NoPostThere(f"this is a post of {who}, not of {speaker.handle}")
        if speaker.did is None:
            raise NoPostThere("this link does not name the account's did; paste the post's at:// address instead")
        who = speaker.did
    return f"at://{who}/{_RECORD}/{key}"


def _of_mastodon(link: SplitResult, parts: Sequence[str], speaker: Speaker) -> str:
    """`/@name/123` or `/users/name/statuses/123` on the account's own server: others number the same post otherwise."""
    _, _, home = speaker.handle.removeprefix("@").partition("@")
    if home and not _is_at(link, home):
        raise NoPostThere(f"this is {link.hostname}'s number of a post; open the post on {home} and paste that link")
    return parts[-1]


def _of_instagram(link: SplitResult, parts: Sequence[str], _speaker: Speaker) -> str:
    if _is_at(link, "instagram.com"):
        raise NoPostThere("a link to Instagram does not hold the id that the network answers to; paste the id itself")
    return parts[-1]


_READ: Mapping[str, Callable[[SplitResult, Sequence[str], Speaker], str]] = {
    "x": _of_x,
    "bluesky": _of_bluesky,
    "mastodon": _of_mastodon,
    "instagram": _of_instagram,
}


def did_in(network_id: str) -> str | None:
    """Whose post this is, by the id that Bluesky gave it."""
    found = regex.match(r"at://(did:[a-z]+:[^/]+)/", network_id)
    return found.group(1) if found else None


def _is_at(link: SplitResult, *hosts: str) -> bool:
    host = (link.hostname or "").removeprefix("www.").removeprefix("mobile.")
    return host in {name.casefold() for name in hosts}
