"""What people are asked for: no personal data where everyone reads, and no secret anywhere."""

from collections.abc import Iterable

from assistant.checks.findings import Sentence
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import Hit
from assistant.reading.mentions import Kind
from assistant.reading.passage import Unit

_OPENING = 2  # a request opens with its verb, or nearly so
_OBJECT, _ANSWER, _BESIDE, _VERB_LAST, _REST = 6, 4, 2, 4, 4
_JOINING = frozenset(("and", "und", "y", "et", "or", "oder", "o", "ou", "to", "an", "hi", "hallo"))


def check_requests(sentence: Sentence) -> Iterable[Finding]:
    """A finding for a sentence that wants something told that must not be told there."""
    unit = sentence.unit
    secret = _wanted(sentence, unit.has("secrets", words="requests"))
    if secret is not None:
        yield _finding(sentence, f"“{_said(unit, secret)}”: nobody of us may ask for this, wherever it is told")
    elif sentence.public and not _leads_away(sentence):
        asked = next(iter(unit.has("asked", words="requests")), None)
        asked = asked or _wanted(sentence, unit.has("data", words="requests"))
        if asked is not None:
            yield _finding(sentence, f"“{_said(unit, asked)}”: everyone would read it; name a private way to tell us")


def _finding(sentence: Sentence, reason: str) -> Finding:
    return sentence.finding("asks_private_data", Severity.BLOCK, reason)


def _said(unit: Unit, hit: Hit) -> str:
    return " ".join(unit.words[hit.start : hit.end])


def _leads_away(sentence: Sentence) -> bool:
    """Whether it names a place where nobody else reads."""
    linked = any(mention.kind is Kind.LINK for mention in sentence.unit.mentions)
    return linked or sentence.says("private_ways", words="requests")


def _wanted(sentence: Sentence, data: Iterable[Hit]) -> Hit | None:
    """The first of `data` that the reader is to give."""
    return next((hit for hit in data if _is_wanted(sentence, hit)), None)


def _is_wanted(sentence: Sentence, data: Hit) -> bool:
    unit = sentence.unit
    if _denied(unit, data):
        return False
    question = "?" in sentence.text
    if question and any(0 <= data.start - hit.end < _ANSWER for hit in _opening(unit)):
        return True
    owned = any(
        0 <= data.start - hit.end <= 1 or hit.start == data.start for hit in unit.has("yours", words="requests")
    )
    if owned and _is_bare(unit, data) and (question or unit.has("pleases", words="requests")):
        return True
    verbs = [hit for hit in _verbs(unit) if _reaches(unit, hit, data)]
    return bool(verbs) and (question or owned or verbs[0].start <= _OPENING)


def _opening(unit: Unit) -> list[Hit]:
    """The words that open a question, and not a clause that hangs on something ("the email that shows which …")."""
    found = unit.has("openers", words="requests")
    return [hit for hit in found if hit.start == 0 or unit.tokens[hit.start - 1].kind == "mark" or _joined(unit, hit)]


def _joined(unit: Unit, hit: Hit) -> bool:
    return unit.words[hit.start - 1] in _JOINING


def _verbs(unit: Unit) -> list[Hit]:
    """The verbs that want something of the reader."""
    pleases = {hit.end for hit in unit.has("pleases", words="requests")} | {0}
    orders = [hit for hit in unit.has("orders", words="requests") if hit.start in pleases]
    verbs = sorted([*unit.has("giving", words="requests"), *orders], key=lambda hit: hit.start)
    return [hit for hit in verbs if not _denied(unit, hit) and not _is_ours(unit, hit) and not _is_supposed(unit, hit)]


def _is_supposed(unit: Unit, verb: Hit) -> bool:
    """Whether it stands in a clause like "if you give the wrong number"."""
    return any(0 <= verb.start - mark.end <= _BESIDE for mark in unit.has("subordinate"))


def _reaches(unit: Unit, verb: Hit, data: Hit) -> bool:
    """Whether the data can be what the verb wants; a German verb may stand last."""
    if verb.start >= data.end:
        return unit.language == "de" and verb.start - data.end <= _VERB_LAST
    noun = verb.name == "orders" and verb.end == data.start  # "email address" is no order to email
    owned = any(hit.start == data.start for hit in unit.has("yours", words="requests"))
    return 0 <= data.start - verb.end <= _OBJECT and (owned or not noun)


def _denied(unit: Unit, hit: Hit) -> bool:
    return any(
        0 <= hit.start - denial.end <= _BESIDE or denial.start == hit.end
        for denial in unit.has("denials", words="requests")
    )


def _is_ours(unit: Unit, verb: Hit) -> bool:
    """Whether we do what the verb says, as in "we send" or "senden wir"."""
    own = unit.has("givers", words="requests")
    wanting = verb.end - verb.start > 1
    return not wanting and any(
        hit.end == verb.start or (hit.start == verb.end and unit.language == "de") for hit in own
    )


def _is_bare(unit: Unit, data: Hit) -> bool:
    """Whether nothing is said but what is wanted: "Your IBAN, please."."""
    return data.start <= 1 and len(unit.words) - data.end <= _REST
