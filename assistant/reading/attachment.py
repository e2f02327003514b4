"""What a value is attached to: the topics and words around it, weighted by how near they stand.

Evidence that names two dates says which is which only by the words beside them. The same weighing of a sentence and of
its evidence lets the two be compared without a grammar.
"""

from collections.abc import Mapping
from functools import cache, lru_cache

from assistant.reading.amounts import time_unit
from assistant.reading.lexicon import word_list
from assistant.reading.mentions import Bound, Kind, Mention
from assistant.reading.passage import Unit, telling_nothing
from assistant.reading.tokens import stem

_NEAR = 4.0
_COMMA, _COMMA_AFTER, _JOIN, _JOIN_AFTER, _BREAK, _OTHER_VALUE = 0.6, 0.4, 0.75, 0.4, 0.25, 0.6
_AFTER = {"en": 0.8, "es": 0.8, "fr": 0.8, "de": 1.0}
_BEFORE = {"en": 1.0, "es": 1.0, "fr": 1.0, "de": 0.9}
_HEADING, _SHARED = 0.35, 0.9
_NARROW, _WIDE = 0.9, 0.55
_ROLED = (Kind.DATE, Kind.MONEY)
_CLEAR = 0.33
_TAKEN, _LABELLED, _LABEL = 0.4, 0.5, 7
_PLAIN = frozenset((Kind.DATE, Kind.TIME, Kind.MONEY, Kind.DURATION, Kind.PERCENT, Kind.WEEKDAY))
_PER = frozenset(
    ("a", "an", "per", "each", "every", "pro", "je", "im", "am", "die", "por", "al", "a", "la", "par", "l'", "/")
)
_JOINING = frozenset(("and", "und", "y", "et", "but", "aber", "pero", "mais", "or", "oder", "while"))


def _like(kind: Kind) -> Kind:
    """The kind whose roles a kind shares: a weekday is a day."""
    return Kind.DATE if kind is Kind.WEEKDAY else kind


@cache
def roles(kind: Kind) -> frozenset[str]:
    """The topics of which a value of this kind has only one."""
    return frozenset(word_list("topics")["kinds"].get(_like(kind).value, ()))


@cache
def _pairs(kind: Kind) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in word_list("topics")["compatible"].get(_like(kind).value, ()))


def compatible(kind: Kind, one: str, other: str) -> bool:
    """Whether a value of this kind can be called by either topic."""
    return one == other or frozenset((one, other)) in _pairs(kind)


@lru_cache(maxsize=8192)
def weigh(unit: Unit, mention: Mention) -> Mapping[str, float]:
    """Topics (":shipped") and stems around `mention` with weights from 0 to 1."""
    nearness = _own(unit, mention, _nearness(unit, mention))
    weights: dict[str, float] = {}
    covered: set[int] = set()
    for hit in unit.topics:
        covered.update(range(hit.start, hit.end))
        if hit.start < mention.last and mention.first < hit.end and hit.end - hit.start == 1:
            continue
        near = max((nearness[i] for i in range(hit.start, hit.end)), default=0.0)
        if mention.kind not in _ROLED or hit.name not in roles(mention.kind):
            near = max(near, _as_head(unit, mention, hit.start))
        weights[f":{hit.name}"] = max(weights.get(f":{hit.name}", 0.0), near)
    for other in unit.mentions:
        if other is not mention and other.kind in _PLAIN:
            covered.update(range(other.first, other.last))
    for index, token in enumerate(unit.tokens):
        if index in covered or mention.first <= index < mention.last or token.kind == "mark":
            continue
        idle = len(token.word) < 3 or token.word in telling_nothing(unit.language)
        if token.kind == "word" and idle and not unit.is_letter(index):
            continue
        name = stem(token.word) if token.kind == "word" else token.word
        weights[name] = max(weights.get(name, 0.0), nearness[index], _as_head(unit, mention, index))
    weights |= _shape(unit, mention)
    for heading in unit.headings:
        for name in heading.content:
            weights[name] = max(weights.get(name, 0.0), _HEADING)
    return weights


def _own(unit: Unit, mention: Mention, nearness: list[float]) -> list[float]:
    """Less for words right before another value of the kind, which are its own; the words of a label are everyone's."""
    rivals = {m.first - 1 for m in unit.mentions if m is not mention and m.kind is mention.kind}
    own = [near * (_TAKEN if i in rivals else 1.0) for i, near in enumerate(nearness)]
    colon = next((i for i, word in enumerate(unit.words[:_LABEL]) if word == ":"), 0)
    if mention.first > colon:
        own[:colon] = [max(near, _LABELLED) for near in own[:colon]]
    return own


def _shape(unit: Unit, mention: Mention) -> Mapping[str, float]:
    """What is said of the value itself, alike in all languages: "about", "an hour"."""
    if mention.kind is Kind.MONEY:
        after = unit.words[mention.last : mention.last + 3]
        rate = next((rate for word in after[1:] for rate in [time_unit(word)] if rate and after[0] in _PER), None)
        return {f"/{rate}": 0.5} if rate else {}
    return {"~": 0.5} if mention.bound is Bound.ABOUT else {}


def role(unit: Unit, mention: Mention, weights: Mapping[str, float], *, wide: bool = False) -> frozenset[str]:
    """The topic or topics of this kind that stand nearest, empty if none does; `wide` takes less near ones too."""
    own = {name[1:]: weight for name, weight in weights.items() if name[:1] == ":" and name[1:] in roles(mention.kind)}
    top = max(own.values(), default=0.0)
    if top < _CLEAR:
        return frozenset()
    return frozenset(name for name, weight in own.items() if weight >= top * (_WIDE if wide else _NARROW))


def _mark_between(mark: str, step: int) -> float:
    """How much of a word's nearness a mark leaves, seen backwards (-1) or forwards."""
    if mark in ";.!?":
        return _BREAK
    if mark in "()":
        return _COMMA
    return (_COMMA if step < 0 else _COMMA_AFTER) if mark == "," else 1.0


def _as_head(unit: Unit, mention: Mention, index: int) -> float:
    """How near a word stands that opens the sentence before all values of the kind, and so is said of each of them."""
    first = unit.firsts[mention.kind]
    if first == mention.first or index >= first or any(token.kind == "mark" for token in unit.tokens[index:first]):
        return 0.0
    said = [*unit.has("verbs"), *(hit for hit in unit.topics if hit.name in roles(mention.kind))]
    if not any(index <= hit.start < first for hit in said):
        return 0.0
    return _SHARED / (1 + (first - index - 1) / _NEAR)


def _nearness(unit: Unit, mention: Mention) -> list[float]:
    """How near each token is to `mention`: less with distance, marks, joining words and other values between."""
    near = [0.0] * len(unit.tokens)
    others = {index for m in unit.mentions if m.kind is mention.kind and m is not mention for index in (m.first,)}
    inside = {index for m in unit.mentions for index in range(m.first, m.last)}
    for step, start, side in ((-1, mention.first - 1, _BEFORE), (1, mention.last, _AFTER)):
        barrier, distance, index = side[unit.language], 0, start
        while 0 <= index < len(unit.tokens):
            token = unit.tokens[index]
            if token.kind == "mark" and index not in inside:
                barrier *= _mark_between(token.word, step)
            elif token.word in _JOINING:
                barrier *= _JOIN if step < 0 else _JOIN_AFTER
            if index in others:
                barrier *= _OTHER_VALUE
            near[index] = barrier / (1 + distance / _NEAR)
            distance += token.kind != "mark"
            index += step
    return near
