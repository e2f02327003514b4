"""What a turn came to, as its stream tells it."""

from collections.abc import Iterable
from typing import Any

from assistant.material import Material
from assistant.outcome import Draft, HandOver, Part, Reply, TurnRecord, Writer
from assistant.rep_checking import TEXT
from server.conversations.offering import Offering
from server.conversations.states import FOR_CUSTOMERS, TurnKind
from server.drafts.writing import claim_as_json, evidence_as_json, finding_as_json, outcome_name
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.records import Known, Passage

_WITHOUT = "written without AI"
_OURS = frozenset({"post:question", f"post:{TEXT}"})
"""What stands among what was said only so that what it asks or says is looked up."""
_INTERNAL = "for you alone: it rests on internal documents ({sources}); ask for a reply to get a text for the customer"
_UNCONFIRMED = "for you alone: it tells what is the customer's; confirm who speaks before you tell any of it"


def evidence_told(turn: str, material: Material) -> dict[str, Any]:
    """What was read, before anybody writes."""
    passages = [passage for passage, _ in material.passages]
    return {
        "turn": turn,
        "evidence": [_as_json(item, passages) for item in material.ledger if item.ref not in _OURS],
        "unread": [outage.words(material.now) for outage in material.outages],
    }


def text_of(reply: Reply) -> str | None:
    """Both parts, the public one first, as they are shown while they are written."""
    return "\n\n".join(text for part in Part if (text := reply.text(part)) is not None) or None


def result_of(kind: TurnKind, record: TurnRecord, known: Known, offering: Offering | None = None) -> dict[str, Any]:
    """What stands at the end. `internal`: it is for the rep alone; `warnings` say why, before it is inserted.

    `known` is how sure it is that the customer speaks.
    """
    outcome, reply = record.outcome, record.outcome.reply
    cited = {number for claim in reply.claims for number in claim.evidence}
    rests_on = [item for item in record.evidence if item.id in cited]
    for_rep = kind not in FOR_CUSTOMERS
    return {
        "turn": record.id,
        "kind": kind.value,
        "for": "rep" if for_rep else "customer",
        "text": text_of(reply),
        "public_text": None if for_rep else reply.public_text,
        "private_text": None if for_rep else reply.private_text,
        "outcome": outcome_name(outcome),
        "reason": None if isinstance(outcome, Draft) else {"code": outcome.reason.code, "words": outcome.reason.words},
        "team": outcome.team if isinstance(outcome, HandOver) else None,
        "claims": [claim_as_json(claim) for claim in reply.claims],
        "findings": [finding_as_json(finding) for finding in reply.findings],
        "one_click": reply.one_click,
        "evidence": [_as_json(item, record.passages) for item in rests_on],
        "written_by": record.written_by.value,
        "label": _WITHOUT if record.written_by is Writer.COMPOSER else None,
        "known": known.value,
        "internal": for_rep,
        "warnings": _warnings(rests_on, known) if for_rep else [],
        "notes": list(record.notes),
        "offers": [offer.as_json() for offer in offering.offers] if offering else [],
        "refused": [one.as_json() for one in offering.refused] if offering else [],
    }


def _as_json(item: Evidence, passages: Iterable[Passage]) -> dict[str, Any]:
    """A fact with its number; of a policy also which document it is, and where in it, for a link."""
    told = evidence_as_json(item)
    passage = next((one for one in passages if item.ref == f"policy:{one.id}"), None)
    if passage is None:
        return told
    since = passage.effective_from.isoformat() if passage.effective_from else None
    where = {"document": passage.document, "title": passage.title, "heading": list(passage.heading[1:])}
    return {**told, "policy": {**where, "effective_from": since, "public_url": passage.public_url}}


def _warnings(rests_on: list[Evidence], known: Known) -> list[str]:
    internal = dict.fromkeys(item.source for item in rests_on if item.visibility is Visibility.INTERNAL)
    said = [_INTERNAL.format(sources=", ".join(internal))] if internal else []
    if known is not Known.VERIFIED and any(item.kind is EvidenceKind.RECORD for item in rests_on):
        said.append(_UNCONFIRMED)
    return said
