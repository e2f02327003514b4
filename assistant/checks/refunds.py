"""An amount that was paid is not thereby one that is paid back."""

from collections.abc import Iterable, Sequence

import regex

from assistant.checks.events import State, events
from assistant.checks.findings import Sentence
from assistant.checks.sources import Told
from assistant.outcome import Finding, Severity
from assistant.reading.attachment import role, weigh
from assistant.reading.lexicon import Hit
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit

_BESIDE = 3
_ORDERED = regex.compile(r"order:[^/]+(/line:.+)?")


def check_refunds(sentence: Sentence) -> Iterable[Finding]:
    """A finding for an amount told as refunded or to be refunded, of which every record tells only that it was paid."""
    unit = sentence.unit
    if "?" in sentence.text or unit.has("possible") or unit.has("subordinate"):
        return
    happened = any(event.name == "refunded" and event.state is State.DONE for event in events(unit))
    over = unit.has("perfect", words="claims") or unit.has("gone", words="events")
    if over if happened else _ruled(sentence):
        return  # what has happened is compared with the records by its status
    for mention in unit.mentions:
        told = [item for item in sentence.told[mention] if item.source.is_record]
        if mention.kind is Kind.MONEY and _is_given_back(unit, mention) and _only_paid(told):
            reason = f"{told[0].source.id} names {told[0].mention.text} as paid, no record as paid back"
            yield sentence.finding("attachment", Severity.BLOCK, reason)
            return


def _ruled(sentence: Sentence) -> bool:
    """Whether a document promises a refund and the sentence only works out what that means."""
    documents = (unit for source, unit in sentence.sources.units if not source.is_record)
    return any(_speaks_of_refunds(unit) for unit in documents)


def _is_given_back(unit: Unit, mention: Mention) -> bool:
    mine = role(unit, mention, weigh(unit, mention))
    back = any(
        hit.start - _BESIDE <= mention.last and mention.first <= hit.end + _BESIDE
        for hit in unit.has("money_back", words="events")
    )
    return mine == {"refunded"} or (back and "paid" not in mine)


def _only_paid(told: Sequence[Told]) -> bool:
    return bool(told) and all(
        not _speaks_of_refunds(item.unit) and (_is_price(item) or any(hit.name == "paid" for hit in _topics(item.unit)))
        for item in told
    )


def _is_price(item: Told) -> bool:
    """Whether it is what an order, or a line of it, comes to."""
    return _ORDERED.fullmatch(item.source.evidence.ref) is not None


def _speaks_of_refunds(unit: Unit) -> bool:
    return any(hit.name in ("refunded", "credit") for hit in _topics(unit))


def _topics(unit: Unit) -> Sequence[Hit]:
    above = (hit for heading in unit.headings for hit in heading.topics)
    opening = unit.opening.topics if unit.opening else ()
    return (*unit.topics, *above, *opening)
