"""What a person's sentences rest on, and what they are held against."""

from datetime import UTC, datetime

import pytest

from assistant.checks.facts import Facts
from assistant.outcome import Claim, ClaimKind, Part, Severity
from assistant.sourcing import Before, check_texts
from tools.evidence import Evidence, EvidenceKind, Visibility

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LINK = 'Use the link "This wasn\'t me" in the mail about the change: it works for 14 days.'
POINTS = "You earn 1 point per pound; points can be used 30 days after the parcel has left, and work in every shop."
RETURNS = "Unused goods can be returned within 60 days; the link in the mail about the return works for 45 days."


def policy(number: int, title: str, text: str) -> Evidence:
    ref = f"policy:{title.casefold()}#places"
    return Evidence(f"E{number}", EvidenceKind.POLICY, title, ref, text, Visibility.PUBLIC, NOW)


HACKED = policy(1, "Hacked", LINK)
FACTS = Facts((HACKED, policy(2, "Points", POINTS), policy(3, "Returns", RETURNS)), NOW)
BEFORE = Before((Claim(Part.PUBLIC, LINK, ClaimKind.POLICY, ("E1",)),), {"E1": HACKED.ref})


def blocked(text: str) -> list[str]:
    reply = check_texts({Part.PUBLIC: text}, FACTS, BEFORE)
    return [found.reason for found in reply.findings if found.severity is Severity.BLOCK]


def test_a_sentence_that_stays_keeps_its_source():
    reply = check_texts({Part.PUBLIC: LINK}, FACTS, BEFORE)
    assert [claim.evidence for claim in reply.claims] == [("E1",)]
    assert reply.findings == ()


@pytest.mark.parametrize("days", [30, 60, 99])
def test_another_value_is_held_against_what_the_sentence_was_made_of_and_not_against_whatever_has_it(days: int):
    [reason] = blocked(LINK.replace("14", str(days)))
    assert "14 days" in reason


def test_other_words_may_rest_on_another_source():
    assert blocked("Unused goods can be returned within 60 days.") == []
