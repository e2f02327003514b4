"""What the sentences of a person's text rest on.

People cite nothing. A sentence that stood before keeps its sources, read anew; for another the sources are looked for
that bear it out, the closest first. If none does, the findings say so, as of a model's sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import regex

from assistant.checks import check, check_sentence
from assistant.checks.facts import Facts
from assistant.claims import classify
from assistant.outcome import Claim, ClaimKind, Part, Reply, Severity
from assistant.sentences import split_sentences
from assistant.stems import stems
from tools.evidence import Evidence, Visibility

_CLOSEST = 8
"""Sources that are tried for a sentence."""

_NEED_NONE = (ClaimKind.QUESTION, ClaimKind.COURTESY)


@dataclass(frozen=True, slots=True)
class Before:
    """The draft as it was: its claims, and what their numbers stood for."""

    claims: tuple[Claim, ...]
    refs: Mapping[str, str]


NOTHING_BEFORE = Before((), {})


def check_texts(texts: Mapping[Part, str], facts: Facts, before: Before = NOTHING_BEFORE) -> Reply:
    """The texts with claims and findings; parts that are left out say nothing."""
    numbers = {item.ref: item.id for item in facts.evidence}
    stood = {(claim.part, claim.sentence): _renumbered(claim, before, numbers) for claim in before.claims}
    claims = tuple(
        stood.get((part, sentence)) or _claim(part, sentence, stood.values(), facts)
        for part in Part
        for sentence in split_sentences(texts.get(part, ""))
    )
    reply = Reply(texts.get(Part.PUBLIC), texts.get(Part.PRIVATE), claims)
    return replace(reply, findings=check(reply, facts))


def source_unsourced(reply: Reply, prepared: Sequence[Claim]) -> Reply:
    """The reply; a sentence that names no source rests on those of the prepared sentence that it is likest to.

    A small model tells again what it was given and forgets the numbers. Other sources are not looked for: among all
    that is known there is too often one that seems to bear out what is wrong.
    """
    return replace(
        reply,
        claims=tuple(
            claim if claim.evidence or claim.kind in _NEED_NONE else _as_prepared(claim, prepared)
            for claim in reply.claims
        ),
    )


def _as_prepared(claim: Claim, prepared: Sequence[Claim]) -> Claim:
    wanted = _signs(claim.sentence)
    likest = max(prepared, key=lambda known: _likeness(wanted, known), default=None)
    if likest is None or not _likeness(wanted, likest):
        return claim
    return replace(claim, kind=likest.kind, evidence=likest.evidence)


def _likeness(wanted: frozenset[str], known: Claim) -> int:
    return len(wanted & _signs(known.sentence))


def _renumbered(claim: Claim, before: Before, numbers: Mapping[str, str]) -> Claim:
    refs = (before.refs.get(number, "") for number in claim.evidence)
    return replace(claim, evidence=tuple(dict.fromkeys(numbers[ref] for ref in refs if ref in numbers)))


def _claim(part: Part, sentence: str, stood: Iterable[Claim], facts: Facts) -> Claim:
    """The sentence with the sources that bear it out best; with none, if it needs none."""
    alone = Claim(part, sentence, classify(sentence, ()))
    if alone.kind in _NEED_NONE and _cost(alone, facts) == 0:
        return alone
    best, least = alone, _cost(alone, facts)
    for sources in _likely_sources(part, sentence, stood, facts):
        claim = Claim(part, sentence, classify(sentence, sources), tuple(item.id for item in sources))
        cost = _cost(claim, facts)
        if cost < least or (best is alone and cost == least):
            best, least = claim, cost
        if cost == 0:
            break
    return best


def _likely_sources(part: Part, sentence: str, stood: Iterable[Claim], facts: Facts) -> Iterable[Sequence[Evidence]]:
    """Those of the sentence that it seems to have been made of, then single ones, the closest in words first."""
    wanted = _signs(sentence)
    told = [
        item
        for item in facts.evidence
        if item.visibility is Visibility.PUBLIC or (part is Part.PRIVATE and item.visibility is Visibility.CUSTOMER)
    ]
    alike = max(stood, key=lambda claim: len(wanted & _signs(claim.sentence)), default=None)
    if alike is not None and wanted & _signs(alike.sentence):
        yield [item for item in told if item.id in alike.evidence]
    near = sorted(told, key=lambda item: -len(wanted & _signs(item.text)))[:_CLOSEST]
    yield from ([item] for item in near if wanted & _signs(item.text))


def _signs(text: str) -> frozenset[str]:
    """What makes two texts alike: their words, and the figures in them."""
    return frozenset(stems(text)) | frozenset(regex.findall(r"\d+", text))


def _cost(claim: Claim, facts: Facts) -> int:
    costs = {Severity.BLOCK: 10, Severity.WARN: 3, Severity.INFO: 0}
    return sum(costs[finding.severity] for finding in check_sentence(claim, facts))
