"""A text, read: its sentences, words, values and topics, and for each value what stands around it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, lru_cache

import regex

from assistant.reading.amounts import bounded, find_amounts, spelled_hours
from assistant.reading.calendar import find_days, find_relative, find_spoken_times, find_times
from assistant.reading.contacts import find_ids, find_links
from assistant.reading.flatten import as_lines
from assistant.reading.lexicon import LANGUAGES, Hit, phrasebook, word_list
from assistant.reading.mentions import Kind, Mention
from assistant.reading.signs import plain_digits
from assistant.reading.tokens import Token, stem, tokenise
from assistant.sentences import split_sentences

_ENOUGH, _LETTERS = 600, 2
_PIECES = regex.compile(r"(?<=;)\s+")
_PLAIN_VALUES = frozenset((Kind.DATE, Kind.TIME, Kind.MONEY, Kind.DURATION, Kind.PERCENT, Kind.WEEKDAY))
_LABELLED = regex.compile(r"[^:,.]{1,40}:\s")
_ENTRIES = frozenset((":", ",", ";", "|", "."))
_PRONOUN = regex.compile(r"(?:It|They|This|These|Es|Sie|Diese[rs]?|Este|Esta|Estos|Il|Elle|Ils|Elles|Celui-ci)\s")
_NUMBERING = regex.compile(r"no\.\s?\d", regex.IGNORECASE)
_BULLET = regex.compile(r"^(\s*)(#{1,6}\s|[-*•+]\s|\d{1,2}[.)]\s|\([a-z0-9]\)\s)?\s*")


@dataclass(frozen=True, eq=False)
class Unit:
    """A sentence or list item.

    `headings` are the lines it stands under, outermost first; `opening` the part of its
    sentence before the first semicolon, if it stands after one.
    """

    text: str
    language: str
    tokens: Sequence[Token]
    mentions: Sequence[Mention]
    found: Mapping[str, list[Hit]]
    headings: Sequence["Unit"] = ()
    opening: "Unit | None" = None

    @cached_property
    def words(self) -> list[str]:
        """The folded tokens."""
        return [token.word for token in self.tokens]

    @cached_property
    def topics(self) -> list[Hit]:
        """What is spoken of, in order; a phrase inside a longer one does not count."""
        hits = [hit for hit in self.found.get("topics/topics", []) if not self._is_name(hit)]
        return [
            h
            for h in hits
            if not any(o.start <= h.start and h.end <= o.end and o.end - o.start > h.end - h.start for o in hits)
        ]

    def _is_name(self, hit: Hit) -> bool:
        """Whether a topic's word is a product's name: with a capital and a number after it ("Fix 12")."""
        if self.language == "de" or hit.start == 0 or hit.end - hit.start > 1 or hit.end >= len(self.tokens):
            return False
        return self.text[self.tokens[hit.start].start].isupper() and self.tokens[hit.end].kind == "number"

    @cached_property
    def stems(self) -> list[str]:
        """The stem of every token."""
        return [stem(token.word) for token in self.tokens]

    def is_letter(self, index: int) -> bool:
        """Whether a token is a letter or two that tell things apart, as in "size L" or "plan M"."""
        token = self.tokens[index]
        written = self.text[token.start : token.end]
        return token.kind == "word" and len(written) <= _LETTERS and written.isupper() and written not in ("I", "A")

    @cached_property
    def content(self) -> frozenset[str]:
        """The stems of its words but the small ones and those that are topics, and the topics."""
        covered = {index for hit in self.topics for index in range(hit.start, hit.end)}
        covered |= {index for m in self.mentions if m.kind in _PLAIN_VALUES for index in range(m.first, m.last)}
        stems = {
            stem(token.word)
            for index, token in enumerate(self.tokens)
            if token.kind == "word"
            and index not in covered
            and len(token.word) > 2
            and token.word not in small_words(self.language)
        }
        return frozenset(stems | {f":{hit.name}" for hit in self.topics})

    @cached_property
    def counts(self) -> Counter[Kind]:
        """How many values of each kind it names."""
        return Counter(mention.kind for mention in self.mentions)

    @cached_property
    def firsts(self) -> Mapping[Kind, int]:
        """The token at which the first value of each kind begins."""
        return {mention.kind: mention.first for mention in reversed(self.mentions)}

    @cached_property
    def capitals(self) -> frozenset[str]:
        """Its words that begin with a capital, as they are written, those of a letter or two only in capitals."""
        words = ((i, self.text[t.start : t.end]) for i, t in enumerate(self.tokens) if t.kind == "word")
        return frozenset(w for i, w in words if w[0].isupper() and (len(w) > _LETTERS or self.is_letter(i)))

    @cached_property
    def inner(self) -> frozenset[str]:
        """Those of its capital words that neither open it nor label what follows ("Merchant: …")."""
        apart = {0} | {i - 1 for i, word in enumerate(self.words) if word == ":"}
        words = [self.text[t.start : t.end] for i, t in enumerate(self.tokens) if i not in apart]
        return self.capitals & frozenset(words)

    def names(self, stemmed: str, kind: Kind | None = None) -> bool:
        """Whether a word stands in it or is said of it: in a line above, or in what opens it and names no `kind`."""
        if stemmed in self.stems or any(stemmed in heading.stems for heading in self.headings):
            return True
        opening = self.opening
        return opening is not None and stemmed in opening.stems and not (kind and opening.counts[kind])

    def has(self, section: str, *, words: str = "grammar") -> list[Hit]:
        """The phrases of a section of a word list in this unit."""
        return self.found.get(f"{words}/{section}", [])


@dataclass(frozen=True, eq=False)
class Reading:
    """A text as units in order."""

    language: str
    units: Sequence[Unit]
    ids: frozenset[str] = field(default_factory=frozenset)

    @property
    def mentions(self) -> list[tuple[Unit, Mention]]:
        """Every value with the unit that names it."""
        return [(unit, mention) for unit in self.units for mention in unit.mentions]


@cache
def small_words(language: str) -> frozenset[str]:
    """Articles, pronouns and other words that name nothing."""
    return frozenset(word_list("grammar")["stopwords"][language])


@cache
def telling_nothing(language: str) -> frozenset[str]:
    """The small words, and those that stand beside every value of a record ("order")."""
    return small_words(language) | frozenset(word_list("grammar")["weak"][language])


@cache
def _all_small() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((language, small_words(language)) for language in LANGUAGES)


def lead_of(text: str) -> tuple[str, int]:
    """The language whose small words are most frequent in `text`, and by how many words it leads the next."""
    tokens = tokenise(text[:_ENOUGH])
    words = [token.word for index, token in enumerate(tokens) if not _is_code(text, tokens, index)]
    counts = sorted(((sum(word in known for word in words), name) for name, known in _all_small()), reverse=True)
    return counts[0][1], counts[0][0] - counts[1][0]


def _is_code(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a word in capitals is a code, not a small word: "AU" in "flight AU 418" is no French."""
    written = text[tokens[index].start : tokens[index].end]
    return len(written) > 1 and written.isupper() and any(t.kind == "number" for t in tokens[index + 1 : index + 2])


def language_of(text: str, default: str = "en", *, least: int = 1) -> str:
    """The language `text` is written in, if it leads by `least` small words; a tie is settled by its topics."""
    guess, lead = lead_of(text)
    if lead >= least:
        return guess
    by_topics = _by_topics(text, default)
    return by_topics if least == 1 or (lead and by_topics == guess) else default


def _by_topics(text: str, default: str) -> str:
    """The language that knows most of the words, the default one unless another knows more."""
    words = [token.word for token in tokenise(text)]
    small = dict(_all_small())

    def known(language: str) -> int:
        return len(phrasebook(language).find(words).get("topics/topics", [])) + sum(w in small[language] for w in words)

    return max((default, *LANGUAGES), key=known)


@lru_cache(maxsize=512)
def read(text: str, today: date, language: str | None = None, *, whole: bool = False) -> Reading:
    """Read `text`: with `whole` as one unit, as a sentence of a draft is, otherwise its lines and sentences apart."""
    spoken = language or language_of(text, least=1 if whole else 2)
    if whole:
        units: Sequence[Unit] = (_unit(text, spoken, today),)
    else:
        units = _lines(as_lines(text), spoken, today)
    ids = frozenset(str(v) for unit in units for m in unit.mentions if m.kind is Kind.ID for v in m.values)
    return Reading(spoken, units, ids)


def _lines(text: str, language: str, today: date) -> list[Unit]:
    units: list[Unit] = []
    above: list[tuple[int, Unit]] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        depth, body = _depth(line)
        above = [(level, unit) for level, unit in above if level < depth]
        headings = tuple(unit for _, unit in above)
        made = _line(body, language, today, headings)
        units.extend(made)
        if made and (depth < 0 or body.rstrip().endswith(":") or _BULLET.match(line)[2]):  # type: ignore[index]
            above.append((depth, made[-1]))
    return units


def _line(text: str, language: str, today: date, headings: tuple[Unit, ...]) -> list[Unit]:
    """The sentences of a line. What stands before a colon ("Order 7, shipment A:") is said of all of them."""
    label, colon, _ = text.partition(": ")
    if len(split_sentences(label)) > 1:
        colon = ""
    made: list[Unit] = []
    for sentence in split_sentences(text):
        opening: Unit | None = None
        for piece in _PIECES.split(sentence):
            labelled = not made or not colon or _LABELLED.match(piece)
            above = headings if labelled and not (made and colon) else (*headings, _unit(label, language, today))
            if made and not opening and _PRONOUN.match(piece):
                above = (*above, made[-1])
            made.append(_unit(piece, language, today, above, opening))
            opening = opening or made[-1]
    return made


def _depth(line: str) -> tuple[int, str]:
    """How deep a line stands (headings are outermost: negative), and the line without its mark."""
    match = _BULLET.match(line)
    mark = (match[2] or "").strip() if match else ""
    body = line[match.end() :].replace("**", "") if match else line
    if mark.startswith("#"):
        return len(mark) - 10, body
    indent = len(match[1]) if match else 0
    return indent * 2 + (1 if mark else 0), body


def _unit(text: str, language: str, today: date, headings: Sequence[Unit] = (), opening: Unit | None = None) -> Unit:
    return Unit(*_said(plain_digits(text), language, today), headings, opening)


@lru_cache(maxsize=4096)
def _said(
    text: str, language: str, today: date
) -> tuple[str, str, Sequence[Token], Sequence[Mention], Mapping[str, list[Hit]]]:
    """What a unit says by itself: policies are told in ever new passages of the same sentences."""
    tokens = tokenise(text)
    found = _meant(phrasebook(language).find([token.word for token in tokens]), text, tokens)
    bounds = found.get("numerals/bounds", [])
    return text, language, tokens, _mentions(text, tokens, language, today, bounds), found


def _meant(found: dict[str, list[Hit]], text: str, tokens: Sequence[Token]) -> dict[str, list[Hit]]:
    """Without the words that only look like others: "us" is no country, "12 May" no leave; "no. 14" denies nothing."""
    conditions, negation, possible = "grammar/conditions", "grammar/negation", "grammar/possible"
    if possible in found:
        found[possible] = [h for h in found[possible] if not _is_month(text, tokens, h.start)]
    if conditions in found:
        found[conditions] = [h for h in found[conditions] if text[tokens[h.start].start :][:2] != "us"]
    if negation in found:
        entries = {i for i, token in enumerate(tokens) if token.word in _ENTRIES}
        found[negation] = [
            h
            for h in found[negation]
            if not _NUMBERING.match(text, tokens[h.start].start)
            and not (tokens[h.start].word == "no" and {h.start - 1, h.end} <= entries | {len(tokens)})
        ]
    return found


def _is_month(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether "May" is the month: in a capital beside a number."""
    beside = [*tokens[max(0, index - 1) : index], *tokens[index + 1 : index + 2]]
    return text[tokens[index].start :][:3] == "May" and any(token.kind == "number" for token in beside)


def _mentions(text: str, tokens: Sequence[Token], language: str, today: date, bounds: Sequence[Hit]) -> list[Mention]:
    """Every value, none overlapping an earlier finder's."""
    found = find_links(text)
    finders = (find_times, find_days, find_ids) if any(char.isdigit() for char in text) else (find_days,)
    for finder in finders:
        found += [m for m in finder(text) if not _overlaps(m, found)]
    found += find_spoken_times(text, spelled_hours())
    found += [m for m in find_relative(text, tokens, today, language) if not _overlaps(m, found)]
    placed = [_placed(m, tokens) for m in found]
    placed = [bounded(m, bounds, tokens) if m.kind is Kind.TIME else m for m in placed]
    placed += find_amounts(text, tokens, [(m.start, m.end) for m in found], bounds)
    return sorted(placed, key=lambda m: m.start)


def _overlaps(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(m.start < mention.end and mention.start < m.end for m in others)


def _placed(mention: Mention, tokens: Sequence[Token]) -> Mention:
    first = next((i for i, token in enumerate(tokens) if token.end > mention.start), 0)
    last = next((i for i in range(first, len(tokens)) if tokens[i].start >= mention.end), len(tokens))
    return Mention(
        mention.kind,
        mention.values,
        mention.start,
        mention.end,
        mention.text,
        mention.unit,
        mention.bound,
        mention.span,
        first,
        last,
    )
