"""Links, handles, email addresses and phone numbers: known destinations, and what trusted sources print.

A link in a document or a record is no destination: whoever can write there could send customers anywhere.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.checks.findings import Sentence
from assistant.outcome import Finding, Severity
from assistant.reading.contacts import find_links
from assistant.reading.mentions import Kind, Mention
from tools.evidence import EvidenceKind

_KINDS = {Kind.LINK: "link", Kind.EMAIL: "email", Kind.PHONE: "phone", Kind.HANDLE: "handle"}
_CLICKED = (Kind.LINK, Kind.HANDLE)
_TRUSTED = (EvidenceKind.DESTINATION, EvidenceKind.POLICY, EvidenceKind.RECORD)


def check_links(sentence: Sentence) -> Iterable[Finding]:
    """A finding for every address or number that is no known destination (rule 4)."""
    for mention in sentence.unit.mentions:
        if mention.kind in _KINDS and not _known(sentence, mention):
            yield sentence.finding(
                _KINDS[mention.kind], Severity.BLOCK, f"{mention.text} is not an address that a draft may name"
            )


def _known(sentence: Sentence, mention: Mention) -> bool:
    listed = sentence.facts.known_targets
    if mention.values & {value for target in listed for m in _links(target) for value in m.values}:
        return True
    if mention.kind is Kind.HANDLE and (not listed or mention.values & _authors(sentence)):
        return True
    trusted = (EvidenceKind.DESTINATION,) if listed and mention.kind in _CLICKED else _TRUSTED
    return any(
        mention.kind is told.kind and mention.values & told.values
        for item in sentence.facts.evidence
        if item.kind in trusted
        for told in _links(item.text)
    )


@lru_cache(maxsize=2048)
def _links(text: str) -> Sequence[Mention]:
    return find_links(text)


def _authors(sentence: Sentence) -> frozenset[str]:
    return frozenset(post.author.casefold().lstrip("@") for post in sentence.facts.posts)
