"""A row of every table for a person, with their names and words in every column that can hold any.

It is made from the tables themselves, so that a new table or column is filled, and has to be erased, without a change
here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading, writing
from server.models import metadata
from server.privacy.holdings import Fate, Holds
from server.privacy.tables import TABLES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHARED = {
    "imports", "accounts", "staff", "products", "incidents", "incident_texts", "pauses", "index_generation", "lanes",
    "policies", "policy_brands", "policy_versions", "policy_state", "transcript_progress", "questions", "question_days",
    "staff_brands", "sessions", "tokens", "failed_sign_ins", "samples",
}  # fmt: skip
NEVER = {"audit_rows", "audit_cuts", "erasures", "erased", "policy_state", "transcript_progress"}
MINE = {
    "case": "cases", "draft": "drafts", "conversation": "conversations", "turn": "turns", "post": "posts",
    "publication": "publications", "action": "actions", "transcript": "cases", "target_post": "posts",
    "link": "customer_links", "thread": "threads",
}  # fmt: skip
ENDED = {
    "drafts": "approved", "publications": "sent", "actions": "done", "turns": "checked", "promises": "kept",
    "incident_cases": "answered", "jobs": "done", "question_offers": "answered", "scorecards": "done",
    "suggestions": "copied", "attachments": "kept",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody, and the words that tell who it is; `tag` tells their rows from others'."""

    tag: str
    customer: str
    name: str
    email: str
    phone: str
    handle: str
    order: str
    network: str
    said: str

    @property
    def canaries(self) -> tuple[str, ...]:
        return (
            self.customer,
            self.name,
            self.email,
            self.phone,
            self.handle,
            self.order.casefold(),
            self.network,
            self.said,
        )

    def id_in(self, table: str) -> str:
        return f"{table}_{'1' if table in SHARED else self.tag}"

    def row(self, name: str) -> dict[str, Any]:
        values = {column.name: self._value(name, column) for column in metadata.tables[name].columns}
        return values | self._special(name)

    def _value(self, name: str, column: Column[Any]) -> Any:
        holds = TABLES[name].columns[column.name]
        if column.foreign_keys and holds is not Holds.CUSTOMER:
            [key] = column.foreign_keys
            return self._reference(name, key.column)
        match holds:
            case Holds.CUSTOMER:
                return self.customer
            case Holds.ORDER:
                return self.order
            case Holds.HANDLE:
                return self.handle
            case Holds.NETWORK:
                return self.network
            case Holds.WORDS:
                return self._words(column)
        return self._plain(name, column)

    def _reference(self, name: str, column: Column[Any]) -> Any:
        table = column.table.name
        if table == name:
            return None
        return 1 if isinstance(column.type, Integer) else self.id_in(table)

    def _words(self, column: Column[Any]) -> Any:
        if isinstance(column.type, JSON):
            return [{"text": self.said, "order": self.order}]
        if isinstance(column.type, LargeBinary):
            return self.said.encode()
        if isinstance(column.type, Date):
            return date(2020, 1, 1)
        return f"{self.name} says: {self.said}"

    def _plain(self, name: str, column: Column[Any]) -> Any:
        kind = column.type
        if column.name == "brand":
            return "pine"
        if column.name == "state" and name in ENDED:
            return ENDED[name]
        if column.name in MINE:
            return self.id_in(MINE[column.name])
        if isinstance(kind, JSON):
            return {}
        if isinstance(kind, Boolean):
            return False
        if isinstance(kind, Integer):
            return ord(self.tag) if column.primary_key and name not in SHARED and column.name != "import_id" else 1
        if isinstance(kind, Float):
            return 1.0
        if isinstance(kind, Date):
            return date(2026, 11, 20)
        if isinstance(getattr(kind, "impl", kind), DateTime):
            return None if column.name in ("deleted_at", "emptied_at", "unlinked_at", "voided_at") else NOW
        return self.id_in(name) if column.primary_key or column.unique else "x"

    def _special(self, name: str) -> dict[str, Any]:
        """What has to be as it is, for the row to be found."""
        return {
            "customers": {"name": self.name, "emails": [self.email], "phones": [self.phone]},
            "customer_handles": {"channel": "x", "folded_channel": "x", "known": "verified", "brand": None},
            "orders": {"folded_id": self.order.casefold()},
            "accounts": {"channel": "x"},
            "customer_links": {"channel": "x"},
            "posts": {"role": "customer", "in_reply_to": None, "private_to": None},
            "draft_rests": {"kind": "order"},
            "transcripts": {"id": self.id_in("cases")},
            "kept_turns": {"id": self.id_in("drafts")},
            "model_requests": {"turn": self.id_in("drafts")},
            "threads": {"network_id": self.network},
            "staff": {"id": "staff_1", "email": "staff@example.com"},
            "events": {"data": {"customer": self.customer, "order": self.order}, "position": ord(self.tag)},
            "jobs": {"payload": {"case": self.id_in("cases")}},
            "answered_requests": {"body": {"content": f'{{"text": "{self.said} of {self.handle}"}}'}},
            "attachments": {"file": self.tag},
            "sample_items": {"position": ord(self.tag)},
        }.get(name, {})


VICTIM = Person(
    tag="v",
    customer="C-7781-Q",
    name="Quillon Featherby",
    email="quillon@featherby.example",
    phone="+44 7700 900771",
    handle="quillfeather",
    order="ZX-99817",
    network="net-quill-1",
    said="my purple umbrella sings",
)
OTHER = Person(
    tag="o",
    customer="C-5502-M",
    name="Marjorie Oakenby",
    email="marjorie@oakenby.example",
    phone="+44 7700 900112",
    handle="marjoak",
    order="ZX-11002",
    network="net-marj-1",
    said="the blue kettle whistles",
)


async def fill(engine: AsyncEngine, *people: Person) -> None:
    """A row of every table for each."""
    async with writing(engine) as session:
        connection = await session.connection()
        for table in metadata.sorted_tables:
            if table.name in NEVER:
                continue
            for person in people[:1] if table.name in SHARED else people:
                await connection.execute(insert(table), [person.row(table.name)])
        for person in people:
            place = person.row("transcripts")["place"]
            words = f"{person.said} {person.handle}"
            if engine.dialect.name == "sqlite":
                statement = "INSERT INTO transcript_words (rowid, words, tags) VALUES (:place, :words, '')"
            else:
                statement = "INSERT INTO transcript_words (place, words) VALUES (:place, to_tsvector('simple', :words))"
            await connection.execute(text(statement), {"place": place, "words": words})


async def everything(engine: AsyncEngine) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    async with reading(engine) as session:
        connection = await session.connection()
        told = {}
        for table in metadata.sorted_tables:
            rows = (await connection.execute(table.select())).mappings()
            told[table.name] = sorted(repr(dict(row)) for row in rows)
        words = await connection.execute(text("SELECT * FROM transcript_words"))
        told["transcript_words"] = sorted(repr(tuple(row)) for row in words)
        return told


def tables_of_customers() -> set[str]:
    """Those whose rows are somebody's."""
    return {name for name, table in TABLES.items() if table.fate is not Fate.NOBODYS}
