"""Whether a sentence says otherwise than was promised before: never, later, or once more as if it were new."""

from collections.abc import Iterable

from assistant.checks.findings import Sentence
from assistant.commitments import acts_in, is_commitment, order_in, says
from assistant.deadlines import Deadline, deadline_of
from assistant.outcome import ClaimKind, Finding, Severity
from assistant.reading.lexicon import LANGUAGES
from tools.records import Promise

RULE = "contradicts_promise"


def check_promised(sentence: Sentence) -> Iterable[Finding]:
    """A finding for the first promise that the sentence says otherwise about."""
    if not sentence.facts.promises or sentence.claim.kind in (ClaimKind.QUESTION, ClaimKind.POLICY):
        return
    acts = acts_in(sentence.text)
    for promise in sentence.facts.promises:
        if acts & acts_in(promise.what) and _may_be_about(sentence, promise):
            reason = _otherwise(sentence, promise)
            if reason is not None:
                said = promise.what.strip().rstrip(".")
                yield sentence.finding(RULE, Severity.WARN, f"{reason}: on {_day(promise)} “{said}” was promised")
                return


def _otherwise(sentence: Sentence, promise: Promise) -> str | None:
    """What it says otherwise, if it does."""
    if says(sentence.text, "denied") and not _supposes(sentence):
        return "this says that it will not be done"
    deadline = _deadline(sentence)
    if deadline is not None and promise.due is not None and deadline.last_day(sentence.today) > promise.due.date():
        return f"“{deadline.said}” is later than {promise.due.day} {promise.due:%B}, for which it was promised"
    if is_commitment(sentence.text, sentence.claim.kind) and not _takes_up(sentence, promise):
        return "this is promised already, and is promised anew here"
    return None


def _may_be_about(sentence: Sentence, promise: Promise) -> bool:
    """Whether both name the same order, or one of them none."""
    named = order_in(sentence.text, ())
    return named is None or promise.order is None or named.casefold() == promise.order.casefold()


def _supposes(sentence: Sentence) -> bool:
    """Whether it is said of something that may happen: "if we cannot refund it"."""
    denials = sentence.unit.has("negation")
    return any(
        mark.end <= denial.start and not sentence.parted(mark.end, denial.start)
        for mark in sentence.unit.has("subordinate")
        for denial in denials
    )


def _takes_up(sentence: Sentence, promise: Promise) -> bool:
    """Whether it rests on the promise, or says that it was given."""
    cited = {item.ref for item in sentence.facts.evidence if item.id in sentence.claim.evidence}
    return f"promise:{promise.id}" in cited or says(sentence.text, "taken_up")


def _deadline(sentence: Sentence) -> Deadline | None:
    language = sentence.facts.language if sentence.facts.language in LANGUAGES else "en"
    return deadline_of(sentence.text, sentence.today, language)


def _day(promise: Promise) -> str:
    return f"{promise.made_at.day} {promise.made_at:%B}"
