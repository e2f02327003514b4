"""Whether somebody's own words are a yes to what they were asked.

In doubt they are none: whoever asked can ask again. A request to do exactly this ("can you cancel it?") is a yes, a
question about it ("can I cancel?", "what would it cost?") is not; "please" and "thanks" ask for nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from assistant.reading.lexicon import LANGUAGES, Hit, Phrases, phrases_of, word_list
from assistant.reading.tokens import words_of
from assistant.sentences import split_sentences

_BREAKS = frozenset((",", ";", ":", ".", "!", "?", "¿", "¡", "–", "—", "(", ")", "…", '"', "“", "”"))
_JOINS = frozenset(
    ("and", "but", "so", "because", "und", "aber", "weil", "denn", "y", "pero", "porque", "et", "mais", "car", "donc")
)
_ANDS = frozenset(("and", "und", "y", "et"))
_LONG, _SHORT, _AFTER, _ASKED_WITHIN = 4, 3, 6, 3
_THUMBS = frozenset(("👍", "👌", "✅"))
_LISTS = (
    *(
        "agreeing",
        "alone_agreeing",
        "requests",
        "requests_last",
        "embedding",
        "negating",
        "denying_after",
        "not_negating",
    ),
    *("refusing", "alone", "conditions", "not_conditions", "putting_off", "polite"),
)
_Found = Mapping[str, list[Hit]]


class _Clause:
    """What is said between two breaks, and what of it is known."""

    def __init__(self, words: Sequence[str], *, ends: str, kind: str | None) -> None:
        self.words, self.ends, self.kind = words, ends, kind
        self.found: _Found = _phrases().find(words)
        self.acts = _acts().find(words).get("consent/acts", [])

    def of(self, name: str) -> list[Hit]:
        """The hits of a list."""
        return self.found.get(f"consent/{name}", [])

    @property
    def asked(self) -> list[Hit]:
        """What is asked for that the action does."""
        return [hit for hit in self.acts if self.kind in (None, hit.name)]

    @property
    def agreed(self) -> list[Hit]:
        """What agrees, to whatever it is."""
        return [*self.of("agreeing"), *(hit for hit in self.of("alone_agreeing") if self._is_all(hit))]

    @property
    def wanted(self) -> list[Hit]:
        """What agrees, or asks for it."""
        return [*self.agreed, *self.asked]

    @property
    def is_conditional(self) -> bool:
        """Whether it says under what condition."""
        kept = self.of("not_conditions")
        return any(not _within(hit, kept) and not self._is_all(hit) for hit in self.of("conditions"))

    def against(self) -> Hit | None:
        """What in it refuses."""
        if refusing := self.of("refusing"):
            return refusing[0]
        for hit in self.of("alone"):
            if self._is_all(hit):
                return hit
        return self._negated() or self._put_off()

    def says_yes(self) -> bool:
        """Whether it agrees, or asks for it to be done, and does not only ask whether or how."""
        if any(self._is_asked_of_us(hit) for hit in self.asked):
            return True
        return self.ends != "?" and any(not self._is_embedded(hit) for hit in self.agreed)

    def _is_asked_of_us(self, hit: Hit) -> bool:
        near = [mark.end for mark in self.of("requests") if 0 <= hit.start - mark.end <= _ASKED_WITHIN]
        near += [mark.end for mark in self.of("requests_last") if mark.end <= hit.start]
        if any(not self._is_embedded(hit, after) for after in near):
            return True
        return self.ends != "?" and not self._is_embedded(hit)

    def _is_embedded(self, hit: Hit, start: int = 0) -> bool:
        return any(start <= mark.start < hit.start for mark in self.of("embedding"))

    def _is_all(self, hit: Hit) -> bool:
        return hit.start == 0 and hit.end == len(self.words)

    def _negated(self) -> Hit | None:
        """What denies something that is agreed to or asked for: a word before it, some also after it."""
        kept = self.of("not_negating")
        for mark in self.of("negating"):
            behind = [hit for hit in self.wanted if hit.start >= mark.end]
            if behind and not _within(mark, kept):
                return Hit("negating", mark.start, min(hit.end for hit in behind))
        return next(
            (
                mark
                for mark in self.of("denying_after")
                if not _within(mark, kept) and any(0 <= mark.start - hit.end <= _AFTER for hit in self.wanted)
            ),
            None,
        )

    def _put_off(self) -> Hit | None:
        marks = self.of("putting_off")
        return marks[0] if marks and (self.wanted or len(self.words) <= _SHORT) else None


def why_no_consent(quote: str, kind: str | None = None) -> str | None:
    """Why these words are no yes, or None if they may stand as one.

    Args:
        quote: The customer's words, as they were said, in any of the languages that are read.
        kind: The kind of action that they were asked about; None for any.
    """
    words = words_of(quote)
    if not any(word[0].isalnum() or word in _THUMBS for word in words):
        return "it says nothing"
    clauses = _clauses(quote, kind)
    for clause in clauses:
        hit = clause.against()
        if hit is not None:
            return f"“{' '.join(clause.words[hit.start : hit.end])}” is no yes"
        if clause.is_conditional:
            return "it sets a condition"
    named = {hit.name for clause in clauses for hit in clause.acts}
    if kind is not None and kind not in named and named - set(word_list("consent")["goes_with"].get(kind, ())):
        return "it asks for something else"
    if any(clause.says_yes() for clause in clauses):
        return None
    return (
        "it is a question" if any(clause.ends == "?" for clause in clauses) else "it neither agrees nor asks for this"
    )


def _clauses(text: str, kind: str | None) -> list[_Clause]:
    clauses: list[_Clause] = []
    for sentence in split_sentences(text):
        words = words_of(sentence)
        asks = "?" in words
        parts = _parts(words)
        for index, part in enumerate(parts):
            # "yes, could you do that today?": only the last of them asks
            clauses.append(_Clause(part, ends="?" if asks and index == len(parts) - 1 else ".", kind=kind))
    return clauses


def _parts(words: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    polite = {hit.start: hit.end for hit in _phrases().find(words).get("consent/polite", [])}
    at = 0
    while at < len(words):
        if words[at] in _BREAKS or (parts[-1] and words[at] in _JOINS and not _goes_on(parts[-1], words[at])):
            parts.append([])
        elif at in polite:
            # "please" begins anew what has said something already; within a request it is only polite
            if len(parts[-1]) >= _LONG and not _is_request(parts[-1]):
                parts.append([])
            at = polite[at] - 1
        else:
            parts[-1].append(words[at])
        at += 1
    return [part for part in parts if part]


def _is_request(part: Sequence[str]) -> bool:
    return not {"consent/requests", "consent/requests_last"}.isdisjoint(_phrases().find(part))


def _goes_on(part: Sequence[str], join: str) -> bool:
    """Whether what is joined to it is said by the same as it: "you said you would cancel it and send me another"."""
    return join in _ANDS and "consent/embedding" in _phrases().find(part)


def _within(mark: Hit, others: Collection[Hit]) -> bool:
    return any(other.start <= mark.start and mark.end <= other.end for other in others)


@cache
def _phrases() -> Phrases:
    return phrases_of("consent", _LISTS, LANGUAGES)


@cache
def _acts() -> Phrases:
    return phrases_of("consent", ("acts",), LANGUAGES)
