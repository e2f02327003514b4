"""Nothing of the customer's record in public (rule 3), nothing internal anywhere, no asking for personal data there."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import regex

from assistant.checks.findings import Sentence
from assistant.checks.matching import same
from assistant.checks.sources import Told, visible
from assistant.outcome import ClaimKind, Finding, Severity
from assistant.reading.mentions import Kind, Mention
from assistant.reading.personal import FORMS, SPELT_EMAIL, SPELT_NUMBER
from assistant.reading.signs import plain_digits, plain_signs
from assistant.reading.tokens import fold
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.records import Known

_PERSONAL = (Kind.ID, Kind.EMAIL, Kind.PHONE, Kind.MONEY)
_TELLING = (Kind.DATE, Kind.NUMBER)
_CARD = regex.compile(
    r"(?:ending|endet|endend|termina\w*|finissant|terminant)\s+(?:in|on|with|auf|en|par)?\s*\d{4}\b|(?<![*•x])[*•x]{2,}\s?\d{4}\b",
    regex.IGNORECASE,
)
_FORM = regex.compile("|".join(f"(?P<{name}>{form})" for name, form in FORMS.items()))
# Without a digit and an @ only what is spelt out in words has such a form.
_SPELT_FORM = regex.compile(f"(?P<email>{SPELT_EMAIL})|(?P<phone>{SPELT_NUMBER})")
_SIGN = regex.compile(r"[\d@]")
_SPACES = regex.compile(r"[\s-]+")
_HANDLE = regex.compile(r"@[\w.]+")
_DIGITS = regex.compile(r"\d")
_TELLING_DIGITS = 3
_LONG = 6
_PRINTED = (EvidenceKind.POLICY, EvidenceKind.DESTINATION)


def check_privacy(sentence: Sentence) -> Iterable[Finding]:
    """Findings about who may read what the sentence says."""
    if sentence.public:
        yield from record_values(sentence)
        yield from _personal_mentions(sentence)
        yield from _personal_forms(sentence)
    yield from _audience(sentence)


def record_values(sentence: Sentence) -> Iterable[Finding]:
    """A finding for every private value of the record that the words hold, in whatever form."""
    bare, folded = _bare(_HANDLE.sub(" ", sentence.text)), fold(plain_digits(sentence.text))
    for value in sentence.facts.private_values:
        wanted = _bare(value)
        if value.replace(" ", "").isalpha():
            told = _names(sentence, value, bare)
        else:
            told = wanted in bare if len(wanted) >= _LONG else _spelt(wanted).search(folded) is not None
        if told:
            yield sentence.finding(
                "private_data", Severity.BLOCK, f"{value} is from the customer's record and everyone would read it"
            )


def _names(sentence: Sentence, value: str, bare: str) -> bool:
    """Whether a name or place of the record is told that neither this person's posts nor our public texts hold.

    A single word counts only as it is written in the record: "will" is not the name Will.
    """
    told = _bare(value) in bare if " " in value else regex.search(rf"\b{regex.escape(value)}\b", sentence.text)
    if not told:
        return False
    open_texts = [f"{post.text} @{post.author}" for post in sentence.facts.posts]
    open_texts += [item.text for item in sentence.facts.evidence if item.kind in _PRINTED and _is_public(item)]
    if " " in value:
        return not any(fold(value) in fold(text) for text in open_texts)
    anywhere = regex.compile(rf"\b{regex.escape(fold(value))}\b")
    return not any(anywhere.search(fold(text)) for text in open_texts)


def _bare(text: str) -> str:
    """Letters and digits alone, every form of a sign made one: what a reader makes of "F.H-1 0 4"."""
    return "".join(char for char in unicodedata.normalize("NFKC", plain_digits(text)).casefold() if char.isalnum())


@lru_cache(maxsize=256)
def _spelt(bare: str) -> regex.Pattern[str]:
    """A short value by itself, whatever stands between its signs."""
    signs = r"[\W_]*".join(map(regex.escape, bare))
    return regex.compile(rf"(?<![^\W_]){signs}(?![^\W_])")


def _is_public(evidence: Evidence) -> bool:
    return evidence.visibility is Visibility.PUBLIC


def _personal_mentions(sentence: Sentence) -> Iterable[Finding]:
    for mention in sentence.unit.mentions:
        if mention.kind in _PERSONAL and not _printed_publicly(sentence, mention):
            yield sentence.finding(
                "private_data", Severity.BLOCK, f"{mention.text} has no place in a public text, whoever wrote it first"
            )
        elif mention.kind in _TELLING and _only_recorded(sentence, mention):
            yield sentence.finding(
                "private_data", Severity.BLOCK, f"{mention.text} is from a record and everyone would read it"
            )
    if _CARD.search(sentence.unit.text):
        yield sentence.finding("private_data", Severity.BLOCK, "digits of a card have no place in a public text")


def _personal_forms(sentence: Sentence) -> Iterable[Finding]:
    """What would be masked before it left the building, unless we print it for everybody ourselves."""
    text = plain_signs(sentence.text).text
    for match in (_FORM if _SIGN.search(text) else _SPELT_FORM).finditer(text):
        if not any(_SPACES.sub("", match[0]) in text for text in _printed(sentence)):
            reason = f"{match[0]} has the form of a {match.lastgroup}, and everyone would read it"
            yield sentence.finding("private_data", Severity.BLOCK, reason)


def _printed(sentence: Sentence) -> Iterable[str]:
    evidence = (item.text for item in sentence.facts.evidence if item.kind in _PRINTED and _is_public(item))
    return (_SPACES.sub("", plain_signs(text).text) for text in (*sentence.facts.known_targets, *evidence))


def _only_recorded(sentence: Sentence, mention: Mention) -> bool:
    """Whether a telling value (a day, a longer number) stands in a record and nowhere that everyone can read."""
    if len(_DIGITS.findall(mention.text)) < (1 if mention.kind is Kind.DATE else _TELLING_DIGITS):
        return False
    if any(visible(item.source, public=True) for item in sentence.told[mention]):
        return False
    elsewhere = [item for item in sentence.sources.told_elsewhere if same(mention, item, sentence.today)]
    return bool(sentence.told[mention] or elsewhere) and not any(visible(i.source, public=True) for i in elsewhere)


def _printed_publicly(sentence: Sentence, mention: Mention) -> bool:
    if any(_SPACES.sub("", mention.text) in _SPACES.sub("", target) for target in sentence.facts.known_targets):
        return True
    if any(_is_printed(item) for item in sentence.told[mention]):
        return True
    return any(_is_printed(item) and same(mention, item, sentence.today) for item in sentence.sources.told_elsewhere)


def _is_printed(item: Told) -> bool:
    """Whether it stands in a text of ours that everyone may read."""
    return visible(item.source, public=True) and item.source.evidence.kind in _PRINTED


def _audience(sentence: Sentence) -> Iterable[Finding]:
    """Values that only readers of another part may be told."""
    if sentence.claim.kind in (ClaimKind.QUESTION, ClaimKind.COURTESY) and not sentence.unit.mentions:
        return
    reported: set[Visibility] = set()
    for mention in sentence.unit.mentions:
        matching = sentence.told[mention]
        hidden = matching and not any(_may_be_told(sentence, item) for item in matching)
        if hidden and matching[0].source.evidence.visibility not in reported:
            reported.add(matching[0].source.evidence.visibility)
            yield _hidden(sentence, matching[0].source.evidence.visibility, mention.text)
    cited = sentence.sources.cited
    if cited and not reported and not any(_open(sentence, source.evidence.visibility) for source in cited):
        yield _hidden(sentence, cited[0].evidence.visibility, "this")


def _hidden(sentence: Sentence, visibility: Visibility, what: str) -> Finding:
    if visibility is Visibility.INTERNAL:
        return sentence.finding("internal", Severity.BLOCK, f"{what} is from an internal document")
    if sentence.public:
        return sentence.finding(
            "private_data", Severity.BLOCK, f"{what} is from the customer's record and everyone would read it"
        )
    return sentence.finding(
        "private_data",
        Severity.BLOCK,
        f"{what} is from a record, and it is not proved that this person is its customer",
    )


def _may_be_told(sentence: Sentence, item: Told) -> bool:
    return _open(sentence, item.source.evidence.visibility)


def _open(sentence: Sentence, visibility: Visibility) -> bool:
    if visibility is Visibility.PUBLIC:
        return True
    return visibility is Visibility.CUSTOMER and not sentence.public and sentence.facts.known is Known.VERIFIED
