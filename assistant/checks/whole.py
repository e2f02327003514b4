"""All checks of a reply: its sentences, and what only a whole text shows."""

from collections.abc import Iterable

from assistant.checks.facts import Facts
from assistant.checks.findings import Sentence
from assistant.checks.privacy import record_values
from assistant.checks.sentence import check_sentence
from assistant.counting import count, limit
from assistant.outcome import Claim, ClaimKind, Finding, Part, Reply, Severity
from assistant.reading.lexicon import LANGUAGES
from assistant.reading.passage import lead_of
from assistant.sentences import split_sentences
from assistant.wording import ANNOUNCES

_SURE = 3
_NAMES = dict(zip(LANGUAGES, ("English", "German", "Spanish", "French"), strict=True))


def check(reply: Reply, facts: Facts) -> tuple[Finding, ...]:
    """What is wrong with a reply, in the order of its sentences and then of its parts."""
    found = [finding for claim in reply.claims for finding in check_sentence(claim, facts)]
    for part in Part:
        text = reply.text(part)
        if text:
            if part is Part.PUBLIC and not any(finding.rule == "private_data" for finding in found):
                # a value can be cut in two by what looks like the end of a sentence
                found += record_values(Sentence(Claim(part, text, ClaimKind.FACT), facts))
            found += [*_length(text, part, facts), *_language(text, part, facts), *_unclaimed(text, part, reply)]
    found += _announced(reply)
    return tuple(dict.fromkeys(found))


def _announced(reply: Reply) -> Iterable[Finding]:
    """A message that the public is told of and that nobody gets."""
    if reply.private_text is not None:
        return
    for claim in reply.claims:
        if claim.part is Part.PUBLIC and claim.kind is not ClaimKind.QUESTION and ANNOUNCES.search(claim.sentence):
            reason = "announces a private message, and there is none"
            yield Finding("announced", Severity.BLOCK, Part.PUBLIC, claim.sentence, reason)


def _length(text: str, part: Part, facts: Facts) -> Iterable[Finding]:
    length, allowed = count(text, facts.channel, part), limit(facts.channel, part)
    if length > allowed:
        yield Finding(
            "length", Severity.BLOCK, part, text, f"{length} characters as {facts.channel} counts; {allowed} fit"
        )


def _language(text: str, part: Part, facts: Facts) -> Iterable[Finding]:
    if facts.language not in LANGUAGES:
        return
    guess, lead = lead_of(text)
    if guess != facts.language and lead >= _SURE:
        yield Finding(
            "language",
            Severity.BLOCK,
            part,
            text,
            f"the text is {_NAMES[guess]}, the customer writes {_NAMES[facts.language]}",
        )


def _unclaimed(text: str, part: Part, reply: Reply) -> Iterable[Finding]:
    """Sentences of the text that no claim holds, so that nothing could be checked."""
    claimed = "".join("".join(claim.sentence.split()) for claim in reply.claims if claim.part is part)
    for sentence in split_sentences(text):
        if "".join(sentence.split()) not in claimed:
            yield Finding("unsupported", Severity.BLOCK, part, sentence, "no statement holds this sentence")
