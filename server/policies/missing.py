"""Questions for which no policy was found: noted where they came up, told by theme, and where a document begins.

Of a question its words are kept without names, numbers, addresses and links, and its vector, by which likeness is told.
It goes with its case or its conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import regex
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.masking import Mask, known_values
from assistant.outcome import Clarify, Draft, HandOver, TurnRecord
from assistant.plain_words import plain_words
from server.models import DraftRow, MissingPolicyRow, TurnRow
from server.models.ids import new_id
from server.policies import missing_repository
from server.policies.texts import with_front
from server.service import Service
from tools.ports import PortUnavailable

_Vector = np.ndarray[Any, np.dtype[np.float64]]

ABSTAINED = "abstained"
"""The reason of a turn that found nothing to answer with."""

_LIKE = 0.88
_LONGEST = 200
_EXAMPLES = 5
_MASKED = "…"
_TOKEN = regex.compile(r"<\p{L}+-\d+>")
_NUMBER = regex.compile(r"[\p{L}#-]*\d[\d\p{L}-]{2,}")


@dataclass(frozen=True, slots=True)
class Missing:
    """A question that nothing answers."""

    intent: str | None
    language: str
    words: str
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """Questions of one brand and one intent that are alike; `central` is the one most like the others."""

    questions: tuple[MissingPolicyRow, ...]
    central: MissingPolicyRow

    @property
    def examples(self) -> list[str]:
        """How it is asked: the central one first, each once."""
        words = [self.central.words, *(row.words for row in self.questions)]
        return list(dict.fromkeys(words))[:_EXAMPLES]


async def look_for_missing(service: Service, record: TurnRecord, asked: str) -> Missing | None:
    """The question, if the turn found no policy that answers it. No transaction may be open.

    Args:
        service: Whose vectors tell likeness.
        record: What the turn came to.
        asked: The customer's or the rep's words.
    """
    if not _may_lack_a_policy(record):
        return None
    try:
        if not await _finds_nothing(service, record, asked):
            return None
        words = await _without_the_person(service, record, asked)
        [vector] = await service.desk.ports.vectors.embed([words])
    except PortUnavailable:
        return None  # what cannot be read is not missing, and whose name it is cannot be told
    return Missing(record.intent, record.language, words, tuple(round(value, 4) for value in vector))


def _may_lack_a_policy(record: TurnRecord) -> bool:
    """Whether the turn gave no answer of its own; what could not be read is not missing."""
    if any(outage.port == "policies" for outage in record.outages):
        return False
    outcome = record.outcome
    if isinstance(outcome, HandOver | Clarify):
        return outcome.reason.code in (ABSTAINED, "missing_detail")
    # a rep's question is answered by what is found, or not at all
    return isinstance(outcome, Draft) and not outcome.reply.claims


async def _finds_nothing(service: Service, record: TurnRecord, asked: str) -> bool:
    """Whether no document says anything of it to anybody of the brand."""
    brand = service.desk.guidance.brand(record.brand) if record.brand is not None else None
    found = await service.desk.ports.passages.search(
        asked,
        brand=record.brand,
        region=brand.home_region if brand else None,
        audiences=frozenset({"public", "internal"}),
        at=record.started_at,
        limit=1,
    )
    return not found


async def keep_missing_of_case(session: AsyncSession, missing: Missing, draft: DraftRow, now: datetime) -> None:
    """Note what the customer of a case asked; a case that is drafted again has still asked once."""
    await missing_repository.forget(session, cases=[draft.case])
    session.add(_row(missing, now, brand=draft.brand, case=draft.case, draft=draft.id))


def keep_missing_of_turn(session: AsyncSession, missing: Missing, turn: TurnRow, now: datetime) -> None:
    """Note what a rep asked, or the customer on the line."""
    session.add(_row(missing, now, brand=turn.brand, conversation=turn.conversation, turn=turn.id))


def _row(missing: Missing, now: datetime, **where: str) -> MissingPolicyRow:
    return MissingPolicyRow(
        id=new_id("missing"),
        intent=missing.intent,
        language=missing.language,
        words=missing.words,
        vector=list(missing.vector),
        at=now,
        **where,
    )


def themes_of(rows: Sequence[MissingPolicyRow]) -> list[Theme]:
    """The questions by theme, the most asked first: each goes to the first theme of its intent that it is like."""
    groups: dict[tuple[str, str | None], list[tuple[_Vector, list[MissingPolicyRow]]]] = {}
    for row in rows:
        vector = np.asarray(row.vector)
        near = groups.setdefault((row.brand, row.intent), [])
        for first, group in near:
            if _cosine(first, vector) >= _LIKE:
                group.append(row)
                break
        else:
            near.append((vector, [row]))
    themes = [Theme(tuple(group), _central(group)) for near in groups.values() for _, group in near]
    return sorted(themes, key=lambda theme: (-len(theme.questions), theme.central.id))


def sketch_of(fields: Mapping[str, Any], title: str, intent: str | None) -> str:
    """The text of a document that is to be written: what it needs, with marks where somebody has to say something.

    Nobody's words are in it: a question is erased with its case, and a document never.
    """
    asked = f" It is to answer: {intent}." if intent else ""
    text = f"""\
# {title}

[insert the rule, with its conditions and numbers, in one or two sentences a customer could be told.]{asked}

## Who it is for

[insert brand, region and products, or say that it holds for all.]

## What to do

[insert the steps, and where customers are sent.]
"""
    return with_front(text, fields)


async def _without_the_person(service: Service, record: TurnRecord, asked: str) -> str:
    """The words that say what is asked, and nothing of who asks."""
    customer = None
    if record.identity.customer is not None:
        customer = await service.desk.ports.customers.get(record.identity.customer)
    masked = Mask(known_values(customer)).mask(plain_words(asked))
    words = _NUMBER.sub(_MASKED, _TOKEN.sub(_MASKED, masked))
    cut = words[:_LONGEST]
    return cut if len(words) <= _LONGEST else cut.rpartition(" ")[0] + " …"


def _central(group: Sequence[MissingPolicyRow]) -> MissingPolicyRow:
    vectors = np.asarray([row.vector for row in group])
    return group[int(np.argmax((vectors @ vectors.T).sum(axis=1)))]


def _cosine(one: _Vector, other: _Vector) -> float:
    return float(one @ other) if one.shape == other.shape else 0.0
