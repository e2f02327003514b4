"""Stricter for a text that answers many: nothing that is said to everybody passes for being alike what is known.

One customer's answer is read beside their post, which tells what it is about. A text for many has no such post, and is
believed by all: it promises what a person vouches for, and states what stands in a source for the most part.
"""

from collections.abc import Collection, Iterable

from assistant.checks.facts import Facts
from assistant.checks.findings import Sentence
from assistant.checks.wording import is_courtesy
from assistant.commitments import is_commitment
from assistant.outcome import Claim, ClaimKind, Finding, Severity

_MOST = 0.5


def check_vouched(claims: Iterable[Claim], facts: Facts, vouched: Collection[str]) -> Iterable[Finding]:
    """Findings for what is promised without being vouched for, and for what stands in no source.

    Args:
        claims: The text's.
        facts: What it may rest on.
        vouched: The refs of what a person vouches for.
    """
    refs = {item.id: item.ref for item in facts.evidence}
    for claim in claims:
        sentence = Sentence(claim, facts)
        if is_commitment(claim.sentence, claim.kind):
            if not any(refs.get(number) in vouched for number in claim.evidence):
                yield sentence.finding("promise", Severity.BLOCK, "nobody vouches for this promise to everybody")
        elif claim.kind is not ClaimKind.QUESTION and not _is_borne_out(sentence):
            yield sentence.finding("unsupported", Severity.BLOCK, "no source says this")


def _is_borne_out(sentence: Sentence) -> bool:
    """Whether a source says most of it; what names no source says nothing that needs one."""
    unit = sentence.unit
    if not sentence.sources.cited:
        return is_courtesy(sentence) or not unit.topics
    said = [told for _, told in sentence.sources.units]
    # of another language only the topics can be held against each other
    if all(told.language != unit.language for told in said):
        wanted = frozenset(name for name in unit.content if name.startswith(":"))
    else:
        wanted = unit.content
    there = frozenset[str]().union(*(told.content for told in said))
    return not wanted or len(wanted & there) >= len(wanted) * _MOST
