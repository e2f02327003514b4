"""Checks what drafts propose by themselves: offers.yaml names actions, intents and policies that are there."""

from collections.abc import Iterator

from server.policies.knowledge import Knowledge
from server.policies.problems import Problem
from tools.proposals import ACTION_TYPES


def check_offers(knowledge: Knowledge) -> Iterator[Problem]:
    """What would never be proposed, or rests on a policy that does not hold."""
    file = knowledge.directory / "offers.yaml"
    live = {document.id for document in knowledge.live_documents}
    for position, offer in enumerate(knowledge.guidance.offers):
        if offer.action not in ACTION_TYPES:
            words = f"`{offer.action}` is not an action; use one of {', '.join(ACTION_TYPES)}"
            yield Problem(file, knowledge.line(file, "offers", position, "action"), "error", words)
        for intent in offer.intents:
            if knowledge.guidance.intent(intent) is None:
                words = f"`{intent}` is not in intents.yaml; correct or add it"
                yield Problem(file, knowledge.line(file, "offers", position, "intents"), "error", words)
        if offer.policy not in live:
            words = f"`{offer.policy}` is no document that holds today; without it this must not be offered"
            yield Problem(file, knowledge.line(file, "offers", position, "policy"), "error", words)
        if offer.brand is not None and offer.brand not in knowledge.brands:
            words = f"brand `{offer.brand}` is not in brands.yaml; correct or add it"
            yield Problem(file, knowledge.line(file, "offers", position, "brand"), "error", words)
