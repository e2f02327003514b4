"""The beginnings of the telling words of a text: what two texts must share to be about the same thing."""

import regex

_LENGTH = 5
_SHORTEST = 4
_WORD = regex.compile(r"\p{L}{4,}")
_COMMON_WORDS = """
    that this with from have your yours them they will would there their what when where which while about after
    again been before being could does doing just like more most only other over same some such than then these
    right last even ever really good well days week weeks year years time times know going thing things something
    very were tell sends send please still need want make made into also within back ours ourselves first
    dass eine einen einer nicht noch auch sich aber oder wenn dann mein meine dein deine ihre unser sind wird
    habe haben kann bitte schon immer nach über unter
    para pero como cuando donde este esta estos estas todo todos más muy desde hasta sobre tiene puedes
    pour avec dans vous votre nous notre mais plus cette sont fait faire tout tous être avoir chez sous
"""


def stems(text: str) -> frozenset[str]:
    """The first five letters of every word of four letters or more that tells something."""
    return frozenset(_stem(word.casefold()) for word in _WORD.findall(text)) - _COMMON


def _stem(word: str) -> str:
    """Cut to five letters; a plural's s does not count ("packs" is "pack")."""
    return (word[:-1] if word.endswith("s") and len(word) > _SHORTEST else word)[:_LENGTH]


_COMMON = frozenset(_stem(word) for word in _COMMON_WORDS.split())
