"""All checks of one sentence."""

from collections.abc import Callable, Iterable, Sequence

from assistant.checks.costs import check_costs
from assistant.checks.entries import check_entries
from assistant.checks.facts import Facts
from assistant.checks.findings import Sentence
from assistant.checks.labels import check_labels
from assistant.checks.legs import check_legs
from assistant.checks.links import check_links
from assistant.checks.names import check_names
from assistant.checks.own_word import soften
from assistant.checks.policy import check_policy
from assistant.checks.privacy import check_privacy
from assistant.checks.promised import check_promised
from assistant.checks.promises import check_promises
from assistant.checks.refunds import check_refunds
from assistant.checks.requests import check_requests
from assistant.checks.scopes import check_scopes
from assistant.checks.status import check_status
from assistant.checks.things import check_things
from assistant.checks.values import check_values
from assistant.checks.wording import check_support, check_wording
from assistant.outcome import Claim, Finding

_CHECKS: Sequence[Callable[[Sentence], Iterable[Finding]]] = (
    check_values,
    check_costs,
    check_scopes,
    check_entries,
    check_labels,
    check_legs,
    check_things,
    check_links,
    check_names,
    check_status,
    check_refunds,
    check_promises,
    check_promised,
    check_policy,
    check_privacy,
    check_requests,
    check_wording,
    check_support,
)


def check_sentence(claim: Claim, facts: Facts) -> tuple[Finding, ...]:
    """What is wrong with one sentence of a draft, nothing twice."""
    sentence = Sentence(claim, facts)
    found = (finding for rule in _CHECKS for finding in rule(sentence))
    return soften(sentence, tuple(dict.fromkeys(found)))
