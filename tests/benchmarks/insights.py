"""What a month's figures cost with 100,000 drafts of a quarter of a year in the database, two thirds of them sent.

`python -m tests.benchmarks.insights` prints milliseconds over HTTP as JSON for SQLite and Postgres: every figure of a
month at once, each by itself, and a page of what was counted.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from server.db import open_database, writing
from server.drafts.states import DraftState
from server.insights.definitions import FigureName
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
)
from tests.benchmarks.serving import KINDS, Served, new_town, print_each, serving, spread
from tests.fixtures.town import ACCOUNT

DRAFTS = 100_000
DAYS, MONTH = 90, 30
TRIES = 12
_CHUNK = 2_500
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


async def measure(kind: str) -> dict[str, Any]:
    """Milliseconds of the figures, by what is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        async with new_town(kind, Path(folder)) as town:
            await _fill(town.database, someone=next(iter(town.tokens.values()))[0])
            async with serving(town) as served:
                await _ask(served, "")
                month = [await _ask(served, "") for _ in range(TRIES)]
                took: dict[str, Any] = {"drafts": DRAFTS, "month_ms": spread(month)}
                for name in FigureName:
                    took[f"{name}_ms"] = spread([await _ask(served, f"/{name}") for _ in range(TRIES // 3)])
                page = [await _ask(served, "/solved/records", part="solved") for _ in range(TRIES // 3)]
                return took | {"records_ms": spread(page)}


async def _ask(served: Served, what: str, **more: Any) -> float:
    begin = (datetime.now(UTC) - timedelta(days=MONTH + 10)).isoformat()
    end = (datetime.now(UTC) - timedelta(days=10)).isoformat()
    began = time.perf_counter()
    await served.admin.get(f"/insights{what}", **{"from": begin, "to": end, **more})
    return (time.perf_counter() - began) * 1000


async def _fill(database: str, *, someone: str) -> None:
    """As many drafts as there are to be, with everything that hangs on them; the same ones every time."""
    chance, now = random.Random(7), datetime.now(UTC)
    engine = await open_database(database)
    try:
        async with writing(engine) as session:
            await (await session.connection()).execute(
                text("UPDATE accounts SET hours = :hours"), {"hours": json.dumps(_HOURS)}
            )
        for start in range(0, DRAFTS, _CHUNK):
            made: dict[Any, list[dict[str, Any]]] = {row: [] for row in _TABLES}
            for number in range(start, start + _CHUNK):
                for row in _rows(number, chance, now, someone):
                    made[type(row)].append(row.model_dump())
            async with writing(engine) as session:
                connection = await session.connection()
                for kind, rows in made.items():
                    if rows:
                        await connection.execute(insert(kind.__table__), rows)
        async with writing(engine) as session:
            await (await session.connection()).execute(text("ANALYZE"))
    finally:
        await engine.dispose()


def _rows(number: int, chance: random.Random, now: datetime, someone: str) -> Iterator[Any]:
    """A customer's post in a thread of its own, the draft for it, and what became of that."""
    at = now - timedelta(minutes=chance.randrange(60 * 24 * DAYS))
    [state] = chance.choices([*_STATES], weights=[*_STATES.values()])
    ours = {"brand": "pine", "account": ACCOUNT}
    name = f"{number:08}"
    thread, post, case, draft = (f"{noun}_{name}" for noun in ("thread", "post", "case", "draft"))
    who = {"author": f"person{number // 3}", "folded_author": f"person{number // 3}"}  # three cases of each person
    yield ThreadRow(id=thread, network_id=name, created_at=at, **ours)
    yield PostRow(
        id=post, thread=thread, network_id=name, role="customer", text=_TOLD, sent_at=at, received_at=at, **ours, **who
    )
    yield CaseRow(
        id=case, thread=thread, opened_at=at, updated_at=at, open=state == "pending", due_at=at, **ours, **who
    )
    yield DraftRow(
        id=draft, case=case, state=state, target_post=post, target_version=1, outcome="draft", public_text=_ANSWER,
        claims=[{"sentence": _ANSWER, "evidence": ["E1"]}], findings=[], created_at=at, updated_at=at,
        reason_code="thanks" if state == "no_reply" else None, record=_RECORD, **ours,
    )  # fmt: skip
    sent = state == "approved"
    yield DraftFactsRow(
        draft=draft, case=case, post=post, posted_at=at, written_at=at, outcome="draft", proposed=True, cost=0.001,
        intent=chance.choice(_INTENTS), customer=f"C-{number // 3}" if number % 2 else None, tokens=1500, shown_at=at,
        shown_to=someone, used=chance.choice(_USED) if sent else None, **ours,
    )  # fmt: skip
    yield RestRow(draft=draft, kind="policy", ref=f"policy-{number % 60}", digest="1")
    yield RestRow(draft=draft, kind="order", ref=f"P-{number // 6}", digest="1")
    for kind in ("finish", "approve"):
        reason = "known" if number % 50 == 0 else None
        yield DecisionRow(
            id=f"{kind}_{name}", brand="pine", case=case, draft=draft, kind=kind, staff=someone, at=at, reason=reason
        )
    if sent:
        yield from _sent(number, chance, at, someone)


def _sent(number: int, chance: random.Random, at: datetime, someone: str) -> Iterator[Any]:
    name, when = f"{number:08}", at + timedelta(minutes=chance.randrange(1, 60 * 24))
    of = {"brand": "pine", "case": f"case_{name}", "draft": f"draft_{name}"}
    publication = f"publication_{name}"
    yield ApprovalRow(
        id=f"approval_{name}", brand="pine", draft=of["draft"], part="public", step=1, digest=name, staff=someone, at=at
    )
    yield PublicationRow(
        id=publication, account=ACCOUNT, part="public", text=_ANSWER, digest=name, key=name, reply_to=name,
        recipient="somebody", state="sent", send_after=when, sent_at=when, created_at=at, updated_at=when, **of,
    )  # fmt: skip
    yield AnswerRow(
        publication=publication, account=ACCOUNT, post=f"post_{name}", part="public", posted_at=at, sent_at=when,
        holding=number % 100 == 0, asked_in_private=False, points_to=["pine-form"], repeats=number % 40 == 0,
        staff=someone, **of,
    )  # fmt: skip
    if number % 4 == 0:
        yield PromiseRow(
            id=f"promise_{name}", publication=publication, what=_ANSWER, said=_ANSWER, sentence=0, made_at=when,
            first_due=when + timedelta(days=1), due=when + timedelta(days=1), state="kept",
            settled_at=when + timedelta(hours=chance.randrange(48)), **of,
        )  # fmt: skip


_TOLD = "My tent, which I bought in May, leaks at the seams. What can I do about it?"
_ANSWER = "We are sorry to hear that. Tents have two years of warranty; send us a picture of the seam."
_RECORD = {"events": [{"kind": "step", "words": _TOLD} for _ in range(20)]}


if __name__ == "__main__":
    asyncio.run(print_each(measure, sys.argv[1:] or KINDS))
