"""What the sentences of a person's text rest on.

People cite nothing. A sentence that stood before keeps its sources, read anew; for another the sources are looked for
that bear it out, the closest first. One in which nothing but a value was changed is held against what it was made of:
among all that was read there is too often a passage on something else that has the new value. If no source bears a
sentence out, the findings say so, as of a model's sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import regex

from assistant.checks import check, check_sentence
from assistant.checks.facts import Facts
from assistant.claims import classify
from assistant.outcome import Claim, ClaimKind, Finding, Part, Reply, Severity
from assistant.sentences import split_sentences
from assistant.stems import stems
from tools.evidence import Evidence, Visibility

_CLOSEST = 8
"""Sources that are tried for a sentence."""

_SAME = 0.8
"""The share of their words that two sentences have in common if one is the other with another value."""

_ELSEWHERE = "citation"
"""The rule of a value that stands in no source of its sentence, but in another."""

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
    return replace(reply, findings=tuple(_strictly(check(reply, facts), claims, stood.values(), facts)))


def _strictly(
    findings: Iterable[Finding], claims: Iterable[Claim], stood: Iterable[Claim], facts: Facts
) -> Iterable[Finding]:
    """The findings; that a changed value stands somewhere else is no excuse for it, if its own sources have another."""
    changed = {
        (claim.part, claim.sentence): claim
        for claim in claims
        if any(claim.evidence == before.evidence and _with_another_value(claim, before) for before in stood)
    }
    for finding in findings:
        claim = changed.get((finding.part, finding.sentence)) if finding.rule == _ELSEWHERE else None
        if claim is None:
            yield finding
        else:
            own = tuple(item for item in facts.evidence if item.id in claim.evidence)
            yield from check_sentence(claim, replace(facts, evidence=own))


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
    for sources in _likely_sources(alone, stood, facts):
        claim = Claim(part, sentence, classify(sentence, sources), tuple(item.id for item in sources))
        cost = _cost(claim, facts)
        if cost < least or (best is alone and cost == least):
            best, least = claim, cost
        if cost == 0:
            break
    return best


def _likely_sources(alone: Claim, stood: Iterable[Claim], facts: Facts) -> Iterable[Sequence[Evidence]]:
    """Those of the sentence that it seems to have been made of, then single ones, the closest in words first.

    For a sentence that stood with another value none is taken that has less of its words than what it was made of.
    """
    sentence, wanted = alone.sentence, _signs(alone.sentence)
    told = [
        item
        for item in facts.evidence
        if item.visibility is Visibility.PUBLIC
        or (alone.part is Part.PRIVATE and item.visibility is Visibility.CUSTOMER)
    ]
    alike = max(stood, key=lambda claim: len(wanted & _signs(claim.sentence)), default=None)
    least = 0
    if alike is not None and wanted & _signs(alike.sentence):
        own = [item for item in told if item.id in alike.evidence]
        yield own
        if _with_another_value(alone, alike):
            least = max((_shared(sentence, item) for item in own), default=0)
    near = sorted(told, key=lambda item: -len(wanted & _signs(item.text)))[:_CLOSEST]
    yield from ([item] for item in near if wanted & _signs(item.text) and _shared(sentence, item) >= least)


def _with_another_value(claim: Claim, before: Claim) -> bool:
    """Whether its sentence is the one that stood before, but for a figure."""
    now, then = stems(claim.sentence), stems(before.sentence)
    return _figures(claim.sentence) != _figures(before.sentence) and len(now & then) >= _SAME * len(now | then)


def _shared(sentence: str, source: Evidence) -> int:
    return len(stems(sentence) & stems(source.text))


def _figures(text: str) -> frozenset[str]:
    return frozenset(regex.findall(r"\d+", text))


def _signs(text: str) -> frozenset[str]:
    """What makes two texts alike: their words, and the figures in them."""
    return stems(text) | _figures(text)


def _cost(claim: Claim, facts: Facts) -> int:
    costs = {Severity.BLOCK: 10, Severity.WARN: 3, Severity.INFO: 0}
    return sum(costs[finding.severity] for finding in check_sentence(claim, facts))
