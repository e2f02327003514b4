"""A sentence that promises nothing but to write again, soon enough: whoever approves it gives their word for it."""

from collections.abc import Sequence

from assistant.checks.findings import Sentence
from assistant.commitments import act_words_in, is_commitment
from assistant.deadlines import deadline_of
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import LANGUAGES
from assistant.reading.mentions import Kind

RULE = "own_word"
_WORD = "word"
_WHEN = frozenset((Kind.DATE, Kind.WEEKDAY, Kind.TIME, Kind.DURATION))
_BORNE_OUT = frozenset(("date", "duration", "promise", "unsupported", "citation"))
"""What only says that no source tells it."""

_JOINED = frozenset(("and", "but", "or", "und", "aber", "oder", "y", "e", "pero", "o", "et", "mais", "ou", ";", ":"))
_MOST_OTHER_WORDS = 1


def soften(sentence: Sentence, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """One warning in place of what says that no source bears a dated word out; everything else as it was found."""
    if not any(finding.rule in _BORNE_OUT for finding in found) or not _is_our_word(sentence):
        return tuple(found)
    others = tuple(finding for finding in found if finding.rule not in _BORNE_OUT)
    reason = "this is your own word, no source's: approve it if somebody will keep it, and it comes up when it is due"
    return (*others, sentence.finding(RULE, Severity.WARN, reason))


def _is_our_word(sentence: Sentence) -> bool:
    """Whether it says that we will write, by a day that the brand allows, and nothing else."""
    within, unit = sentence.facts.word_within, sentence.unit
    if not within or not is_commitment(sentence.text, sentence.claim.kind) or _JOINED & set(unit.words):
        return False
    acts = act_words_in(sentence.text)
    if {name for name, *_ in acts} != {_WORD} or any(mention.kind not in _WHEN for mention in unit.mentions):
        return False
    language = sentence.facts.language if sentence.facts.language in LANGUAGES else "en"
    deadline = deadline_of(sentence.text, sentence.today, language)
    if deadline is None or (deadline.last_day(sentence.today) - sentence.today).days > within:
        return False
    covered = {unit.stems[index] for _, start, end in acts for index in range(start, min(end, len(unit.stems)))}
    return len(unit.content - covered) <= _MOST_OTHER_WORDS
