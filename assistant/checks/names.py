"""Names of products and of others: those of the sources, of our shop or of the customer's own words."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

import regex
from babel import Locale
from babel.languages import get_official_languages

from assistant.checks.findings import Sentence
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import word_list
from assistant.reading.mentions import Kind
from assistant.reading.tokens import Token, fold, stem, tokenise

_GREETING = regex.compile(
    r"^\s*(?:hi|hello|hey|dear|good \w+|hallo|liebe[rs]?|guten \w+|moin|hola|estimad[oa]s?|buen[oa]s \w+"
    r"|bonjour|bonsoir|salut|chère?)\b[^,!.:–-]*[,!.:–-]?",
    regex.IGNORECASE,
)
_LONG, _CODE = 5, 3
_TITLES = frozenset(("dr", "dra", "sr", "sra", "mr", "mrs", "ms", "mme", "prof", "st"))
_OPENING, _CLOSING = '"“„«‘', '"”“»’'
_SIGN_OFF = regex.compile(r"(?:[\^*/–-]\s?[A-Z][\p{L}]{0,12})\s*$")


def check_names(sentence: Sentence) -> Iterable[Finding]:
    """A finding for every name that stands nowhere: another product, another carrier, another place."""
    if not sentence.sources.cited:
        return
    known = _known(sentence)
    for word in _names(sentence, known):
        if not (_is_known(word, known) or _translated(sentence, word, known) or _abbreviated(sentence, word)):
            yield sentence.finding("name", Severity.BLOCK, f"{word} is named in no source")
            return
    yield from _other_letters(sentence)
    yield from _other_products(sentence)


def _other_letters(sentence: Sentence) -> Iterable[Finding]:
    """A plan or size by its letter ("Tolva XL"), where the sources have that name with other letters only."""
    unit = sentence.unit
    for index in range(1, len(unit.tokens)):
        before = unit.words[index - 1]
        if not unit.is_letter(index) or not unit.text[unit.tokens[index - 1].start].isupper():
            continue
        letters = {
            other.words[i]
            for _, other in sentence.sources.units
            for i in range(1, len(other.tokens))
            if other.words[i - 1] == before and other.is_letter(i)
        }
        if letters and unit.words[index] not in letters:
            name = unit.text[unit.tokens[index - 1].start : unit.tokens[index].end]
            yield sentence.finding("name", Severity.BLOCK, f"{name} is named in no source")
            return


def _other_products(sentence: Sentence) -> Iterable[Finding]:
    """What this customer bought, named in a sentence whose records speak of other things alone."""
    cited = [source for source in sentence.sources.cited if source.is_record]
    text, told = fold(sentence.text), " ".join(fold(source.evidence.text) for source in cited)
    for name in sentence.facts.product_names:
        if cited and fold(name) in text and fold(name) not in told:
            sources = ", ".join(source.id for source in cited)
            yield sentence.finding("attachment", Severity.BLOCK, f"{sources} does not speak of {name}")


def _names(sentence: Sentence, known: frozenset[str]) -> Iterable[str]:
    """Words with a capital where the language puts none, first words and German nouns aside."""
    text = sentence.text
    skipped = _GREETING.match(text)
    start = skipped.end() if skipped else 0
    off = _SIGN_OFF.search(text)
    taken = [(m.start, m.end) for m in sentence.unit.mentions]
    tokens = [t for t in sentence.unit.tokens if t.start >= start and (off is None or t.end <= off.start())]
    numbers = [m for m in sentence.unit.mentions if m.kind is Kind.NUMBER and any(map(str.isdigit, m.text))]
    counted = frozenset(m.start for m in numbers)
    for index, token in enumerate(tokens):
        word = text[token.start : token.end]
        if token.kind != "word" or not word[0].isupper() or any(s <= token.start < e for s, e in taken):
            continue
        if _is_quoted(text, tokens, index):
            yield word
            continue
        if _opens(text, tokens, index) and not _goes_on(counted, tokens, index):
            continue
        if sentence.unit.language == "de" and not (
            _looks_foreign(word) and _has_company(text, tokens, index, counted, known)
        ):
            continue
        yield word


def _opens(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a word opens a sentence, or what is quoted; the point of "Dra." ends none."""
    if index > 1 and text[tokens[index - 1].start] == "." and tokens[index - 2].word in _TITLES:
        return False
    return index == 0 or text[tokens[index - 1].start : tokens[index - 1].end] in '.!?…"“„«¡¿:(–—•'


def _is_quoted(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a word within a sentence stands in quotation marks, alone or with one more, as names do."""
    if index < 2 or text[tokens[index - 1].start] not in _OPENING or text[tokens[index - 2].start] in ".!?:":
        return False
    return any(text[token.start] in _CLOSING for token in tokens[index + 1 : index + 3])


def _goes_on(counted: frozenset[int], tokens: Sequence[Token], index: int) -> bool:
    """Whether a first word is followed by a number that is no amount or span, as names are."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if following is None or following.start not in counted:
        return False
    return tokens[index].word.partition("'")[0] not in {
        word for words in word_list("grammar")["stopwords"].values() for word in words
    }


def _has_company(
    text: str, tokens: Sequence[Token], index: int, counted: frozenset[int], known: frozenset[str]
) -> bool:
    """Whether another unknown foreign word or a number stands beside a German one, as in "Falcon 65"."""
    beside = [tokens[i] for i in (index - 1, index + 1) if 0 <= i < len(tokens)]
    return any(
        (token.start in counted and i > index)
        or (
            text[token.start].isupper()
            and i != 0
            and not _is_known(text[token.start : token.end], known)
            and _looks_foreign(text[token.start : token.end])
        )
        for i, token in zip((index - 1, index + 1), beside, strict=False)
    )


def _looks_foreign(word: str) -> bool:
    """Whether a capital word in a German text is a name rather than a noun, as far as its shape tells."""
    folded = fold(word)
    known = word_list("names")["german"]
    return not any(folded.startswith(item) or folded.endswith(item) for item in known)


def _abbreviated(sentence: Sentence, word: str) -> bool:
    """Whether a source has its first letters for it, LIS for Lisbon, or the first and the last: Ct for Court."""
    return any(
        (len(c) == _CODE and c.isupper() and word.upper().startswith(c))
        or (len(c) == 2 and c.istitle() and len(word) >= _LONG - 1 and (word[0], word[-1]) == (c[0], c[1]))
        for _, unit in sentence.sources.units
        for c in (unit.text[token.start : token.end] for token in unit.tokens)
        if fold(c) not in _everyday()
    )


def _translated(sentence: Sentence, word: str, known: frozenset[str]) -> bool:
    """Whether it may be the same place in another language: Lisbon and Lisboa, Switzerland and Schweiz."""
    mine = sentence.unit.language
    theirs = {source.reading.language for source in sentence.sources.cited} - {mine}
    folded = fold(word)
    if folded in {w for hit in sentence.unit.has("conditions") for w in sentence.unit.words[hit.start : hit.end]}:
        named = {hit.name for hit in sentence.unit.has("conditions")}
        return any(hit.name in named for _, unit in sentence.sources.units for hit in unit.has("conditions"))
    where = _where_spoken(mine).get(folded, frozenset())
    if any(_countries(language, by_code=True).get(code) in known for code in where for language in theirs | {mine}):
        return True
    if not theirs:
        return False
    country = _countries(mine).get(folded)
    if country is not None and any(_countries(language, by_code=True).get(country) in known for language in theirs):
        return True
    alike = (other for other in known if abs(len(other) - len(folded)) <= 1)
    return len(folded) >= _LONG and any(other[:-2] == folded[: len(other) - 2] for other in alike)


@cache
def _countries(language: str, *, by_code: bool = False) -> Mapping[str, str]:
    """Countries' names to codes, or codes to names."""
    territories = {code: fold(name) for code, name in Locale.parse(language).territories.items()}
    return territories if by_code else {name: code for code, name in territories.items()}


@cache
def _where_spoken(language: str) -> Mapping[str, frozenset[str]]:
    """For the name of each language, which is what comes from a country as well ("Irish"), where it is official."""
    names = Locale.parse(language).languages
    found: dict[str, set[str]] = {}
    for territory in Locale.parse(language).territories:
        for spoken in map(str, get_official_languages(str(territory))):
            found.setdefault(fold(names.get(spoken, spoken)), set()).add(str(territory))
    return {name: frozenset(territories) for name, territories in found.items()}


def _is_known(word: str, known: frozenset[str]) -> bool:
    folded = fold(word).removesuffix("'s")
    if word.isupper() and len(word) > 1:
        return folded in known  # an abbreviation has no endings: UPS is no plural of "up"
    pieces = folded.split("-")
    return any(form in known for form in (folded, stem(folded), folded.rstrip("s"))) or all(
        piece in known or stem(piece) in known for piece in pieces
    )


def _known(sentence: Sentence) -> frozenset[str]:
    facts = sentence.facts
    texts = [item.text + " " + item.source for item in facts.evidence if item.id in sentence.claim.evidence]
    texts += [post.text for post in facts.posts] + [facts.brand or "", facts.channel]
    return frozenset().union(
        _everyday(), *(_words(line) for text in (*texts, *facts.product_names) for line in text.split("\n"))
    )


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    words = {token.word for token in tokenise(text) if token.kind == "word"}
    pieces = {piece for word in words for piece in word.split("-")}
    return frozenset(words | pieces | {stem(word) for word in words})


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    small = (word for words in word_list("grammar")["stopwords"].values() for word in words)
    return frozenset((*word_list("names")["everyday"], *small))
