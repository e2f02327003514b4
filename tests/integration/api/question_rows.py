"""Rows of questions: one that is offered in a session, one that was asked in another, and what a customer answered."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import SQLModel

from server.models import (
    ConversationRow,
    CustomerFactRow,
    CustomerRow,
    QuestionDayRow,
    QuestionOfferRow,
    QuestionRow,
    SuggestionRow,
)
from server.staff.roles import Role
from tests.integration.api.records import NOW
from tests.integration.api.row import row

STATES = ("offered", "asked")


def questions(brand: str) -> Iterator[list[SQLModel]]:
    """In groups that can be put in one after the other; the customer has nothing to complain of."""
    kept: dict[str, Any] = {"emails": [], "phones": [], "payment_methods": [], "consent": {}, "facts": {}}
    yield [CustomerRow(import_id=1, id=f"C-{brand}-calm", brand=brand, name=f"Ben of {brand}", **kept)]
    yield [_question(brand, state) for state in STATES]
    yield [_session(brand, state) for state in STATES]
    yield [_suggestion(brand, state) for state in STATES]
    yield [_offer(brand, state) for state in STATES]
    yield [QuestionDayRow(question=f"{brand}-{state}", day=NOW.date(), taken=1) for state in STATES]
    yield [
        row(
            CustomerFactRow,
            "fact",
            brand,
            "size",
            customer=f"C-{brand}-calm",
            fact="size",
            value=f"as they are at {brand}",
            purpose="advice",
            learned_at=NOW,
            learned_by=f"staff_{brand}_{Role.REP}",
        )
    ]


def _question(brand: str, state: str) -> QuestionRow:
    return row(
        QuestionRow,
        "question",
        brand,
        state,
        id=f"{brand}-{state}",
        text={"en": f"What of {brand}?"},
        why=f"{brand} wants to know",
        fact=f"{state}_of_{brand}",
        purpose="advice",
        worth=5,
        ask_when={},
        never_when=[],
        cap_per_day=10,
        changed_at=NOW,
    )


def _session(brand: str, state: str) -> ConversationRow:
    return row(
        ConversationRow,
        "conversation",
        brand,
        state,
        customer=f"C-{brand}-calm",
        channel="phone",
        staff=f"staff_{brand}_{Role.REP}",
        found_by="customer",
        known="verified",
        confirmed_by="the postcode",
        confirmed_at=NOW,
        opened_at=NOW,
    )


def _suggestion(brand: str, state: str) -> SuggestionRow:
    return row(
        SuggestionRow,
        "suggestion",
        brand,
        state,
        conversation=f"conversation_{brand}_{state}",
        kind="question",
        ref=f"{brand}-{state}",
        text=f"What of {brand}?",
        offered_at=NOW,
    )


def _offer(brand: str, state: str) -> QuestionOfferRow:
    return row(
        QuestionOfferRow,
        "offer",
        brand,
        state,
        question=f"{brand}-{state}",
        fact=f"{state}_of_{brand}",
        customer=f"C-{brand}-calm",
        conversation=f"conversation_{brand}_{state}",
        suggestion=f"suggestion_{brand}_{state}",
        channel="phone",
        staff=f"staff_{brand}_{Role.REP}",
        language="en",
        text=f"What of {brand}?",
        because=[],
        others={},
        day=NOW.date(),
        state=state,
        offered_at=NOW,
        asked_at=NOW if state == "asked" else None,
    )
