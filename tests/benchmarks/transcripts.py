"""What a search in transcripts costs, with as many entries as are asked for; eight make a transcript.

`python -m tests.benchmarks.transcripts [--entries 1000000] [sqlite] [postgres]` prints milliseconds over HTTP as JSON:
for words that nearly every transcript has, for those that few have, phrases, beginnings, and with filters.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from server.db import open_database, writing
from server.events import repository as events
from server.models import TranscriptProgressRow
from server.transcripts.documents import Document, Text
from server.transcripts.index_repository import put_in
from tests.benchmarks.serving import KINDS, Served, new_town, print_each, serving, spread

SMALL, LARGE = 40_000, 1_000_000
EACH = 8
ASKED = 40
_BRAND = "pine"
_AT_ONCE = 500
_COMMON = (
    "the", "tent", "order", "arrived", "late", "please", "help", "refund", "broken", "where", "parcel", "days",
    "return", "money", "box", "service",
)  # fmt: skip
_NOW = datetime.now(UTC).replace(microsecond=0)
_PEOPLE = 40
_CUSTOMERS = 20_000


async def measure(kind: str, *, entries: int) -> dict[str, Any]:
    """Milliseconds of a page, by what is looked for."""
    with tempfile.TemporaryDirectory() as folder:
        async with new_town(kind, Path(folder)) as town:
            began = time.perf_counter()
            await _fill(town.database, entries)
            filled = time.perf_counter() - began
            async with serving(town) as served:
                await _page(served, q="tent")
                asked = {name: spread([await _page(served, **one) for one in each]) for name, each in _asked()}
            return {"entries": entries, "filled_s": round(filled, 1), "search_ms": asked}


def _asked() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What is looked for, forty times something else each."""
    chance = random.Random(11)
    rare = [_rare(chance.randrange(200_000)) for _ in range(ASKED)]
    day = [_NOW - timedelta(days=chance.randrange(300)) for _ in range(ASKED)]
    some = [chance.choice(_COMMON) for _ in range(ASKED)]
    other = [chance.choice(_COMMON) for _ in range(ASKED)]
    yield "a_common_word", [{"q": word} for word in some]
    yield "a_rare_word", [{"q": word} for word in rare]
    yield "common_and_rare", [{"q": f"{word} {seldom}"} for word, seldom in zip(some, rare, strict=True)]
    yield "three_common_words", [{"q": f"{one} {two} money"} for one, two in zip(some, other, strict=True)]
    yield "a_phrase", [{"q": f'"{one} {two}"'} for one, two in zip(some, other, strict=True)]
    yield "a_beginning", [{"q": f"{seldom[:4]}*"} for seldom in rare]
    yield "without_a_word", [{"q": f"{one} -{two}"} for one, two in zip(some, other, strict=True) if one != two]
    yield "of_a_person", [{"q": word, "staff": f"staff_{number}"} for number, word in enumerate(some)]
    yield "of_a_customer", [{"customer": f"C-{chance.randrange(_CUSTOMERS)}"} for _ in range(ASKED)]
    yield (
        "of_a_day",
        [
            {"q": word, "since": at.isoformat(), "until": (at + timedelta(days=1)).isoformat()}
            for word, at in zip(some, day, strict=True)
        ],
    )
    yield "seldom_filters", [{"q": word, "rule": "no_promise", "has": "override"} for word in some]
    yield "a_score", [{"q": word, "human_from": 0, "human_to": 40} for word in some]
    yield "no_words", [{"outcome": "hand_over"} for _ in range(ASKED)]


async def _page(served: Served, **wanted: Any) -> float:
    began = time.perf_counter()
    await served.admin.get("/transcripts", **wanted)
    return (time.perf_counter() - began) * 1000


async def _fill(database: str, entries: int) -> None:
    """The same transcripts every time, put in as the index is made."""
    chance = random.Random(7)
    engine = await open_database(database)
    try:
        for start in range(0, entries // EACH, _AT_ONCE):
            made = [_document(number, chance) for number in range(start, min(start + _AT_ONCE, entries // EACH))]
            async with writing(engine) as session:
                await put_in(session, made)
        async with writing(engine) as session:
            newest = await events.newest(session)
            connection = await session.connection()
            table = TranscriptProgressRow.__table__  # type: ignore[attr-defined]
            await connection.execute(insert(table), {"id": 1, "position": newest, "made_until": None})
            # what a database that has grown by itself has long done
            await connection.execute(text("ANALYZE"))
    finally:
        await engine.dispose()


def _document(number: int, chance: random.Random) -> Document:
    at = _NOW - timedelta(seconds=chance.randrange(300 * 86_400))
    document = Document(f"case_{number:09}", _BRAND, "x", f"person{number}", at, at, beside=f"person{number}")
    document.customer = f"C-{chance.randrange(_CUSTOMERS)}"
    facts = {
        "channel": [chance.choice(("x", "mastodon", "bluesky"))],
        "staff": [f"staff_{chance.randrange(_PEOPLE)}"],
        "customer": [document.customer],
        "outcome": chance.choices(("draft", "clarify", "hand_over"), weights=(80, 15, 5)),
        "written_by": [chance.choice(("model", "composer"))],
        "policy": [f"policy-{chance.randrange(60)}"],
        "rule": ["no_promise"] if chance.random() < 0.02 else [],
        "has": ["override"] if chance.random() < 0.02 else ["promise"] if chance.random() < 0.2 else [],
        "human": [str(chance.randrange(101))] if chance.random() < 0.02 else [],
    }
    for name, values in facts.items():
        document.facts[name].update(values)
    document.texts = [
        Text(f"post_{number:09}_{place}", "post", at + timedelta(minutes=place), None, _said(chance))
        for place in range(EACH)
    ]
    document.last_at = document.texts[-1].at
    return document


def _said(chance: random.Random) -> str:
    """About as much as a post says: a third of it words that everybody uses, the rest as words are, few often."""
    words = chance.choices(_COMMON, k=8) + [_rare(int(200_000 * chance.random() ** 4)) for _ in range(16)]
    chance.shuffle(words)
    return " ".join(words)


def _rare(number: int) -> str:
    """A word of its own for each number."""
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, 21)
        letters += "bcdfghjklmnpqrstvwxyz"[rest] + "aeiou"[(number + rest) % 5]
    return letters


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=SMALL)
    parser.add_argument("kinds", nargs="*", default=KINDS)
    asked = parser.parse_args()
    asyncio.run(print_each(partial(measure, entries=asked.entries), asked.kinds))
