"""How it is said: words to avoid, advice already taken, smuggled instructions, hidden characters, bare assertions."""

from collections.abc import Iterable
from functools import cache

import regex

from assistant.checks.events import State, events
from assistant.checks.findings import Sentence
from assistant.outcome import ClaimKind, Finding, Severity
from assistant.reading.blanks import find_blanks
from assistant.reading.lexicon import word_list
from assistant.reading.tokens import fold, stem, words_of

_HIDDEN = regex.compile(
    r"[\u00ad\u200b\u200c\u2060\ufeff\u202a-\u202e\u2066-\u2069\uff01-\uff5e\U0001d400-\U0001d7ff]|(?<!\p{Extended_Pictographic}|\ufe0f)\u200d"
)
_MARKUP = regex.compile(r"</?[a-z][^>]*>|\[[^\]]+\]\([^)]*\)|\[E\d+\]|\{\{|```|javascript:", regex.IGNORECASE)
_PLACEHOLDER = regex.compile(
    r"\[(?:name|link|url|order|insert|your|customer)[^\]]*\]|<(?:name|link)>|\bX{3,}\b|\{[a-z_ ]+\}", regex.IGNORECASE
)
# A question that tells: "did you know that …?", "it is at the depot, right?"
_LEADING = regex.compile(
    r"^\W*(?:did you know|wusstest du|wussten sie|sab[ií]as? que|saviez-vous|savais-tu|le saviez-vous)\b"
    r"|,\s*(?:right|correct|isn't it|hasn't it|aren't they|nicht wahr|stimmt's|verdad|cierto|n'est-ce pas)\s*\?",
    regex.IGNORECASE,
)
# Joy over a good end, and how a customer says that there is one.
_GLAD = regex.compile(
    r"\b(?:glad|happy|pleased|delighted|great)\b[^.!?]{0,45}\b(?:solved?|sorted|fixed|resolved|work(?:s|ing|ed)|figured)\b"
    r"|\b(?:schön|freut (?:uns|mich)|super|prima)\b[^.!?]{0,45}\b(?:gelöst|geklappt|klappt|funktioniert|behoben)\b"
    r"|\b(?:alegra|alegramos|genial|qué bien)\b[^.!?]{0,45}\b(?:resuelto|solucionado|funcion\w+|arreglado)\b"
    r"|\b(?:ravie?s?|contente?s?|heureu(?:x|se)|super)\b[^.!?]{0,45}\b(?:résolue?|réglée?|fonctionne|remarche|marche)\b",
    regex.IGNORECASE,
)
_SOLVED = regex.compile(
    r"\b(?:solved|sorted|resolved|fixed it|is fixed|got it working|work(?:s|ing) (?:now|again|fine))\b"
    r"|\b(?:gelöst|erledigt|geklappt|klappt (?:jetzt|wieder)|(?:geht|läuft|funktioniert) (?:jetzt|wieder|nun))\b"
    r"|\b(?:resuelto|solucionado|arreglado|ya (?:funciona|va))\b"
    r"|\b(?:résolue?|réglée?|remarche|(?:fonctionne|marche) (?:maintenant|de nouveau|à nouveau|enfin))\b",
    regex.IGNORECASE,
)
_SAME_STEP = 0.75
_LEAST_STEP = 2
_LEAST_ECHO = 5


def check_wording(sentence: Sentence) -> Iterable[Finding]:
    """Findings about the words themselves."""
    if _HIDDEN.search(sentence.text):
        yield sentence.finding(
            "hidden_text", Severity.BLOCK, "the text holds characters that nobody sees, or letters in disguise"
        )
    if blanks := find_blanks(sentence.text):
        reason = f"{{{{{blanks[0]}}}}} is not filled in; write what belongs there"
        yield sentence.finding("markup", Severity.BLOCK, reason)
    elif _MARKUP.search(sentence.text) or _PLACEHOLDER.search(sentence.text):
        yield sentence.finding(
            "markup",
            Severity.BLOCK,
            "the text holds markup or a gap to fill, which the channel would show as it stands",
        )
    if sentence.says("injection", words="claims"):
        yield sentence.finding("injection", Severity.BLOCK, "this speaks of the assistant's instructions")
    yield from _avoided(sentence)
    yield from _tried(sentence)
    yield from _echoed(sentence)
    yield from _called_solved(sentence)


def check_support(sentence: Sentence) -> Iterable[Finding]:
    """A statement that rests on nothing (rule 5)."""
    if sentence.sources.cited or (sentence.text.rstrip().endswith("?") and not _LEADING.search(sentence.text)):
        return
    leading = _LEADING.search(sentence.text) is not None
    if sentence.claim.kind in (ClaimKind.QUESTION, ClaimKind.COURTESY) and not leading and not _asserts(sentence):
        return
    if is_courtesy(sentence):
        return
    yield sentence.finding("unsupported", Severity.BLOCK, "no source is named for this")


def _asserts(sentence: Sentence) -> bool:
    """Whether a sentence called a courtesy tells something all the same."""
    unit = sentence.unit
    if sentence.says("grants", words="claims"):
        return True
    if not any(hit.name in _telling() for hit in unit.topics):
        return False
    happened = any(event.state in (State.DONE, State.WILL) for event in events(unit))
    ruled = unit.has("must") or unit.has("scope") or unit.has("possible")
    return happened or bool(ruled and not sentence.says("courtesy", words="claims"))


@cache
def _telling() -> frozenset[str]:
    """Topics of which something can be told: that it was sent, costs, is covered."""
    return frozenset(name for names in word_list("topics")["kinds"].values() for name in names)


def is_courtesy(sentence: Sentence) -> bool:
    """Whether it greets, thanks or is sorry, and tells nothing with it."""
    if not sentence.says("courtesy", words="claims"):
        return False
    return not any(event.state is State.DONE for event in events(sentence.unit)) and not sentence.unit.has("scope")


def _avoided(sentence: Sentence) -> Iterable[Finding]:
    text = f" {' '.join(words_of(sentence.text))} "
    for word in sentence.facts.avoid:
        if f" {' '.join(words_of(word))} " in text:
            yield sentence.finding("avoid", Severity.WARN, f"we do not say “{word}”")


def _tried(sentence: Sentence) -> Iterable[Finding]:
    mine = {stem(word) for word in words_of(sentence.text)}
    for step in sentence.facts.tried:
        wanted = {stem(word) for word in words_of(step) if len(word) > 3}
        if (
            len(wanted) >= _LEAST_STEP
            and len(wanted & mine) / len(wanted) >= _SAME_STEP
            and not _acknowledged(sentence)
        ):
            yield sentence.finding("already_tried", Severity.WARN, f"they have tried this already: “{step}”")


def _echoed(sentence: Sentence) -> Iterable[Finding]:
    """A small model that has no answer says what it was asked, as if it were the customer."""
    words = words_of(fold(sentence.text))
    if len(words) < _LEAST_ECHO:
        return
    said = f" {' '.join(words)} "
    if any(said in f" {' '.join(words_of(fold(post.text)))} " for post in sentence.facts.posts):
        yield sentence.finding("echo", Severity.BLOCK, "these are the customer's own words, given back to them")


def _called_solved(sentence: Sentence) -> Iterable[Finding]:
    """Nothing angers more than being congratulated on a trouble that goes on."""
    if _GLAD.search(sentence.text) and not any(_SOLVED.search(post.text) for post in sentence.facts.posts):
        yield sentence.finding("called_solved", Severity.BLOCK, "the customer does not say that it is solved")


def _acknowledged(sentence: Sentence) -> bool:
    """Whether the sentence thanks for the step instead of advising it."""
    words = set(words_of(fold(sentence.text)))
    return bool(words & {"tried", "already", "thanks", "schon", "bereits", "danke", "ya", "gracias", "déjà", "merci"})
