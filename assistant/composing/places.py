"""Where a customer is sent: the one place that fits, unless they were sent there before."""

from collections.abc import Sequence

from assistant.composing.answers import PolicyAnswer
from assistant.composing.situation import Situation
from assistant.composing.wording import Text
from tools.evidence import Evidence
from tools.records import Destination

PRIVATE_PLACES = ("direct_message", "secure_form")
_GENERAL = "help_centre"


def place_for(case: Situation, kinds: Sequence[str | None]) -> tuple[Destination, Evidence] | None:
    """The first of these kinds that exists here and that nobody was sent to before.

    Whom we know and talk to in private is not sent to where people show who they are.
    """
    known = case.verified and case.material.thread.target.private
    wanted = [kind for kind in kinds if kind is not None and not (known and kind in PRIVATE_PLACES)]
    found = (case.material.destinations.get(kind) for kind in wanted)
    return next((place for place in found if place is not None and not _was_named(case, place[0].target)), None)


def add_place(text: Text, place: tuple[Destination, Evidence] | None, *, short: bool) -> None:
    """Add where to go: in the destination's own sentence, or by its label where space is short."""
    if place is None:
        return
    destination, evidence = place
    if short:
        words = f"{destination.label.split(' (')[0]}: {destination.target}"
    else:
        words = f"{destination.says.rstrip('. ')}: {destination.target}"
    text.add(words, evidence=[evidence.id])


def add_page(text: Text, case: Situation, answer: PolicyAnswer) -> None:
    """Add the public page of the policy, if there is one that was not named before."""
    url = answer.passage.public_url
    if url and not _was_named(case, url):
        text.add(case.say("page", url=url), evidence=[answer.evidence.id], spare=2)


def own_place(case: Situation, answer: PolicyAnswer) -> tuple[Destination, Evidence] | None:
    """The place that the answered intent names, else that of the guessed one if the answer belongs to it, too.

    The help centre is left out: the document's own page is closer.
    """
    answered = next((guess.intent for guess in case.material.guesses if guess.intent.id == answer.intent), None)
    guessed = case.intent if case.intent and answer.passage.category in case.intent.policies else None
    kinds = [intent.destination for intent in (answered, guessed) if intent is not None]
    return place_for(case, [kind for kind in kinds if kind != _GENERAL])


def _was_named(case: Situation, target: str) -> bool:
    return any(target in step for step in case.material.tried)
