"""Length of a text by its channel's own rule, and how long a text may be there."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import regex

from assistant.outcome import Part
from assistant.reading.contacts import find_links
from assistant.reading.mentions import Kind

COMFORTABLE = 240
"""Characters of a public text up to which people read on; courtesies that would make it longer are left out."""

_URL = 23
_BLUESKY_BYTES = 3000
_DEFAULT = 2000
_GRAPHEME = regex.compile(r"\X")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\u20e3")
# Code points that X counts as one; everything else counts as two.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def _x(text: str) -> int:
    """Weighted: NFC; a link 23, an emoji 2 whatever it is made of, other signs 1 or (Chinese, Japanese, …) 2."""
    rest, links = _without_links(unicodedata.normalize("NFC", text))
    total = _URL * links
    for grapheme in _GRAPHEME.findall(rest):
        if grapheme.isascii():
            total += len(grapheme)
        else:
            total += 2 if _EMOJI.search(grapheme) else sum(_weight(char) for char in grapheme)
    return total


def _weight(char: str) -> int:
    return 1 if any(low <= ord(char) <= high for low, high in _LIGHT) else 2


def _bluesky(text: str) -> int:
    """Graphemes; a text of too many bytes counts as too long even if its graphemes are few."""
    graphemes = len(_GRAPHEME.findall(text))
    too_heavy = len(text.encode()) > _BLUESKY_BYTES
    return max(graphemes, _LIMITS["bluesky"].public + 1) if too_heavy else graphemes


def _mastodon(text: str) -> int:
    """Graphemes, every link 23."""
    rest, links = _without_links(text)
    return len(_GRAPHEME.findall(rest)) + _URL * links


def _plain(text: str) -> int:
    return len(text)


def _without_links(text: str) -> tuple[str, int]:
    links = [mention for mention in find_links(text) if mention.kind is Kind.LINK]
    for link in reversed(links):
        text = text[: link.start] + text[link.end :]
    return text, len(links)


@dataclass(frozen=True, slots=True)
class _Rule:
    count: Callable[[str], int]
    public: int
    private: int


_LIMITS = {
    "x": _Rule(_x, 280, 10_000),
    "bluesky": _Rule(_bluesky, 300, 1000),
    "mastodon": _Rule(_mastodon, 500, 500),
    "instagram": _Rule(_plain, 2200, 1000),
    "facebook": _Rule(_plain, 8000, 2000),
}
NETWORKS = frozenset(_LIMITS)
"""The channels whose rules are known."""

_OTHER = _Rule(_plain, _DEFAULT, _DEFAULT)


def count(text: str, channel: str, part: Part) -> int:
    """How long `text` is, as `channel` counts it."""
    rule = _LIMITS.get(channel, _OTHER)
    if part is Part.PRIVATE and channel != "mastodon":
        return len(_GRAPHEME.findall(text)) if channel == "bluesky" else _plain(text)
    return rule.count(text)


def limit(channel: str, part: Part) -> int:
    """How long a text of this part may be on `channel`."""
    rule = _LIMITS.get(channel, _OTHER)
    return rule.public if part is Part.PUBLIC else rule.private
