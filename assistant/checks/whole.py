"""All checks of a reply: its sentences, and what only the whole text shows."""

from assistant.checks.facts import Facts
from assistant.checks.sentence import check_sentence
from assistant.outcome import Finding, Reply


def check(reply: Reply, facts: Facts) -> tuple[Finding, ...]:
    """What is wrong with a reply, in the order of its sentences."""
    found = [finding for claim in reply.claims for finding in check_sentence(claim, facts)]
    return tuple(dict.fromkeys(found))
