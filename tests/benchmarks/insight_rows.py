"""The rows of a quarter of a year in which so many posts were drafted for, straight into the database.

They lie in it as they would in life: in the order in which they were written. The same ones every time.
"""

import asyncio
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import SQLModel

from server.db import open_database, writing
from server.drafts.states import DraftState
from server.events import repository as events
from server.models import (
    AnswerRow,
    ApprovalRow,
    CaseRow,
    DecisionRow,
    DraftFactsRow,
    DraftRow,
    PostRow,
    PromiseRow,
    PublicationRow,
    RestRow,
    ThreadRow,
    TranscriptProgressRow,
)
from tests.fixtures.town import ACCOUNT

Made = Iterator[tuple[type[SQLModel], dict[str, Any]]]

_AT_ONCE = 2_500
_CASES_OF_ONE = 3
_STATES = {DraftState.APPROVED: 66, DraftState.PENDING: 4, DraftState.NO_REPLY: 15, DraftState.SUPERSEDED: 15}
_USED = ("unchanged",) * 6 + ("light",) * 3 + ("heavy",)
_INTENTS = ("order_late", "return_policy", "refund_status", "product_fault", "thanks")
_HOURS = {
    "time_zone": "Europe/London",
    "open": {day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")},
}
_TABLES = (
    ThreadRow, PostRow, CaseRow, DraftRow, DraftFactsRow, RestRow, DecisionRow, ApprovalRow, PublicationRow, AnswerRow,
    PromiseRow,
)  # fmt: skip
_TOLD = "My tent, which I bought in May, leaks at the seams. What can I do about it?"
_THANKS = "Thank you, that was quick!"
_ANSWER = "We are sorry to hear that. Tents have two years of warranty; send us a picture of the seam."
_CLAIM = {"part": "public", "sentence": _ANSWER, "kind": "policy", "evidence": ["E1"]}
_EVIDENCE = [
    {
        **{"id": f"E{number}", "kind": "policy", "source": "Warranty for tents", "ref": "policy:warranty#top"},
        **{"text": _ANSWER, "visibility": "public", "as_of": "2026-01-01T00:00:00+00:00"},
    }
    for number in range(1, 9)
]
_OURS = {"brand": "pine", "account": ACCOUNT}


async def fill(database: str, *, drafts: int, days: int, someone: str) -> None:
    """So many drafts of the last days, two thirds of them sent, with everything that hangs on them.

    Args:
        database: Where an account is, and nothing came in yet.
        drafts: How many.
        days: From when, until now.
        someone: Who decided on them all.
    """
    chance, now = random.Random(7), datetime.now(UTC)
    shuffled = random.Random(3).sample(range(drafts), drafts)  # whose cases they are
    engine = await open_database(database)
    try:
        for start in range(0, drafts, _AT_ONCE):
            made = await asyncio.to_thread(
                _chunk,
                [
                    (number, shuffled[number] // _CASES_OF_ONE, now - timedelta(days=days * (1 - number / drafts)))
                    for number in range(start, min(start + _AT_ONCE, drafts))
                ],
                chance,
                someone,
            )
            async with writing(engine) as session:
                connection = await session.connection()
                for kind, rows in made.items():
                    await connection.execute(insert(kind.__table__), rows)  # type: ignore[attr-defined]
        async with writing(engine) as session:
            connection = await session.connection()
            await connection.execute(text("UPDATE accounts SET hours = :hours"), {"hours": json.dumps(_HOURS)})
            # nothing of it is to be looked through for transcripts beside what is measured
            table = TranscriptProgressRow.__table__  # type: ignore[attr-defined]
            followed = {"id": 1, "position": await events.newest(session), "made_until": None}
            await connection.execute(insert(table), followed)
            if engine.dialect.name == "postgresql":  # which does by itself; SQLite never does
                await connection.execute(text("ANALYZE"))
    finally:
        await engine.dispose()


def _chunk(
    numbered: list[tuple[int, int, datetime]], chance: random.Random, someone: str
) -> dict[type[SQLModel], list[dict[str, Any]]]:
    made: dict[type[SQLModel], list[dict[str, Any]]] = {kind: [] for kind in _TABLES}
    defaults: dict[type[SQLModel], dict[str, Any]] = {kind: _defaults(kind) for kind in _TABLES}
    for number, person, at in numbered:
        for kind, values in _rows(number, person, at, chance, someone):
            made[kind].append(defaults[kind] | values)
    return made


def _defaults(kind: type[SQLModel]) -> dict[str, Any]:
    return {name: field.default for name, field in kind.model_fields.items() if not field.is_required()}


def _rows(number: int, person: int, at: datetime, chance: random.Random, someone: str) -> Made:
    """A customer's post in a thread of its own, the draft for it, and what became of that."""
    [state] = chance.choices([*_STATES], weights=[*_STATES.values()])
    sent, noise = state == DraftState.APPROVED, state == DraftState.NO_REPLY
    name = f"{number:08}"
    thread, post, case, draft = (f"{noun}_{name}" for noun in ("thread", "post", "case", "draft"))
    who = {"author": f"person{person}", "folded_author": f"person{person}"}
    yield ThreadRow, {"id": thread, "network_id": name, "created_at": at, **_OURS}
    of_post = {"id": post, "thread": thread, "network_id": name, "role": "customer"}
    yield PostRow, {**of_post, "text": _THANKS if noise else _TOLD, "sent_at": at, "received_at": at, **_OURS, **who}
    times = {"opened_at": at, "updated_at": at, "due_at": at}
    waits = noise or state == DraftState.PENDING
    yield CaseRow, {"id": case, "thread": thread, "open": waits, **times, **_OURS, **who}
    known = {"id": f"C-{person}", "known": "verified"} if number % 2 else {"id": None, "known": "unknown"}
    yield (
        DraftRow,
        {
            **{"id": draft, "case": case, "state": state, "target_post": post, "target_version": 1},
            **{"outcome": "no_reply" if noise else "draft"},
            **{"public_text": None if noise else _ANSWER, "claims": [] if noise else [_CLAIM], "findings": []},
            **{"reason_code": "thanks" if noise else None, "due_at": at, "language": "en", "written_by": "model"},
            **{"record": {"customer": known, "evidence": [] if noise else _EVIDENCE, "notes": []}},
            **{"created_at": at, "updated_at": at, **_OURS},
        },
    )
    yield (
        DraftFactsRow,
        {
            **{"draft": draft, "case": case, "post": post, "posted_at": at, "written_at": at, "outcome": "draft"},
            **{"proposed": True, "cost": 0.001, "tokens": 1500, "shown_at": at, "shown_to": someone},
            **{"intent": chance.choice(_INTENTS), "customer": f"C-{person}" if number % 2 else None},
            **{"used": chance.choice(_USED) if sent else None, **_OURS},
        },
    )
    if not noise:
        yield RestRow, {"draft": draft, "kind": "policy", "ref": f"policy-{number % 60}", "digest": "1"}
        yield RestRow, {"draft": draft, "kind": "order", "ref": f"P-{person}", "digest": "1"}
    decided = {"brand": "pine", "case": case, "draft": draft, "staff": someone, "at": at}
    for kind in ("finish", "approve"):
        reason = "known" if number % 50 == 0 else None
        yield DecisionRow, {"id": f"{kind}_{name}", "kind": kind, "reason": reason, **decided}
    if sent:
        yield from _sent(number, chance, at, someone)


def _sent(number: int, chance: random.Random, at: datetime, someone: str) -> Made:
    name, when = f"{number:08}", at + timedelta(minutes=chance.randrange(1, 60 * 24))
    publication, draft = f"publication_{name}", f"draft_{name}"
    of = {"brand": "pine", "case": f"case_{name}", "draft": draft}
    approval = {"id": f"approval_{name}", "brand": "pine", "draft": draft, "step": 1, "digest": name, "at": at}
    yield ApprovalRow, {**approval, "part": "public", "staff": someone}
    yield (
        PublicationRow,
        {
            **{"id": publication, "account": ACCOUNT, "part": "public", "text": _ANSWER, "digest": name, "key": name},
            **{"reply_to": name, "recipient": "somebody", "state": "sent", "send_after": when, "sent_at": when},
            **{"created_at": at, "updated_at": when, **of},
        },
    )
    yield (
        AnswerRow,
        {
            **{
                "publication": publication,
                "account": ACCOUNT,
                "post": f"post_{name}",
                "part": "public",
                "posted_at": at,
            },
            **{"sent_at": when, "holding": number % 100 == 0, "asked_in_private": False, "points_to": ["pine-form"]},
            **{"repeats": number % 40 == 0, "staff": someone, **of},
        },
    )
    if number % 4 == 0:
        due = when + timedelta(days=1)
        yield (
            PromiseRow,
            {
                **{
                    "id": f"promise_{name}",
                    "publication": publication,
                    "what": _ANSWER,
                    "said": _ANSWER,
                    "sentence": 0,
                },
                **{"made_at": when, "first_due": due, "due": due, "state": "kept", **of},
                **{"settled_at": when + timedelta(hours=chance.randrange(48))},
            },
        )
