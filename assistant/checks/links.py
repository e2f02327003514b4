"""Links, email addresses and phone numbers: known destinations and what public sources print, nothing else."""

from collections.abc import Iterable

from assistant.checks.findings import Sentence
from assistant.outcome import Finding, Severity
from assistant.reading.contacts import find_links
from assistant.reading.mentions import Kind, Mention
from tools.evidence import EvidenceKind

_KINDS = {Kind.LINK: "link", Kind.EMAIL: "email", Kind.PHONE: "phone"}
_TRUSTED = (EvidenceKind.DESTINATION, EvidenceKind.POLICY, EvidenceKind.RECORD)


def check_links(sentence: Sentence) -> Iterable[Finding]:
    """A finding for every address or number that is no known destination (rule 4)."""
    for mention in sentence.unit.mentions:
        if mention.kind in _KINDS and not _known(sentence, mention):
            yield sentence.finding(
                _KINDS[mention.kind], Severity.BLOCK, f"{mention.text} is not an address that a draft may name"
            )


def _known(sentence: Sentence, mention: Mention) -> bool:
    targets = {value for target in sentence.facts.known_targets for m in find_links(target) for value in m.values}
    if mention.values & targets:
        return True
    return any(
        mention.kind is told.mention.kind and mention.values & told.mention.values
        for told in (*sentence.sources.told, *sentence.sources.told_elsewhere)
        if told.source.evidence.kind in _TRUSTED
    )
