"""The index's own tables, on SQLite and on Postgres: what is in them, and how it is put in, found and taken out.

Both are given words that were cut before (server/transcripts/words.py), and beside them tags: a word with a dot in it,
such as "brand.fernhollow", by which a search is narrowed within the index itself.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any
from zlib import crc32

from sqlalchemy import insert, text
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import insert_into
from server.models import (
    AccountRow,
    CaseRow,
    ConversationRow,
    ScorecardRow,
    TranscriptProgressRow,
    TranscriptRow,
    TranscriptTextRow,
)
from server.transcripts.documents import Document
from server.transcripts.words import words_of

_APART = "."
"""Stands between entries, so that no phrase reaches from one into the next."""
_MOST_BYTES = 800_000
"""Of the words of one transcript; Postgres takes no vector of more than a megabyte."""
_NEAR = 4  # of a million numbers for each millisecond, several next to one another are hardly ever taken
_PLACED = 4  # bytes beside each
_FARTHEST = 16_383
"""The last position of a word that Postgres tells from those behind it."""


async def cases_of(session: AsyncSession, ids: Collection[str]) -> Sequence[tuple[CaseRow, str]]:
    """Those of these ids that are cases, with their channels."""
    query = select(CaseRow, AccountRow.channel).join(AccountRow, col(AccountRow.id) == CaseRow.account)
    return (await session.exec(query.where(col(CaseRow.id).in_(ids)))).all()


async def conversations_alone(session: AsyncSession, ids: Collection[str]) -> Sequence[ConversationRow]:
    """Those of these ids that are sessions which name no case."""
    query = select(ConversationRow).where(col(ConversationRow.id).in_(ids), col(ConversationRow.case).is_(None))
    return (await session.exec(query)).all()


async def cases_named_by(session: AsyncSession, conversations: Collection[str]) -> Mapping[str, str]:
    """The cases that these sessions name, by session."""
    query = select(ConversationRow.id, ConversationRow.case).where(
        col(ConversationRow.id).in_(conversations), col(ConversationRow.case).is_not(None)
    )
    return {conversation: case for conversation, case in await session.exec(query) if case}


async def cases_in(session: AsyncSession, threads: Collection[str]) -> Sequence[str]:
    """The cases of these threads."""
    return (await session.exec(select(CaseRow.id).where(col(CaseRow.thread).in_(threads)))).all()


async def scores_of(session: AsyncSession, ids: Collection[str]) -> Sequence[ScorecardRow]:
    """The scorecards of these transcripts."""
    return (await session.exec(select(ScorecardRow).where(col(ScorecardRow.transcript).in_(ids)))).all()


async def next_ids(session: AsyncSession, after: str, *, limit: int) -> list[str]:
    """The next cases by their ids, and behind the last of them the sessions."""
    found: list[str] = []
    for name, table in (("1", CaseRow), ("2", ConversationRow)):
        if len(found) < limit and after < f"{name}~":
            last = after[1:] if after.startswith(name) else ""
            ids = select(table.id).where(col(table.id) > last).order_by(col(table.id))
            found += [f"{name}{id_}" for id_ in await session.exec(ids.limit(limit - len(found)))]
    return found


async def lock_progress(session: AsyncSession) -> TranscriptProgressRow | None:
    """How far the index has followed; locked, so that one at a time follows. None: somebody else does, or none is."""
    query = select(TranscriptProgressRow).with_for_update(skip_locked=True)
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def hold(session: AsyncSession) -> None:
    """Let nobody follow until this transaction ends; whoever is at it comes to the end of their own first."""
    await session.exec(select(TranscriptProgressRow.id).with_for_update())


async def begin_progress(session: AsyncSession, position: int) -> None:
    """Begin to follow from this position on, if nobody has begun."""
    begun = insert_into(session, TranscriptProgressRow)
    row = {"id": 1, "position": position, "made_until": ""}
    await (await session.connection()).execute(begun.on_conflict_do_nothing(), row)


async def read_progress(session: AsyncSession) -> TranscriptProgressRow | None:
    """The same, only to look."""
    return (await session.exec(select(TranscriptProgressRow))).first()


async def take_out(session: AsyncSession, ids: Collection[str]) -> None:
    """Take these transcripts out of the index."""
    query = select(TranscriptRow.place).where(col(TranscriptRow.id).in_(ids)).order_by(col(TranscriptRow.id))
    places = (await session.exec(query.with_for_update())).all()
    connection = await session.connection()
    if places:
        number = "place" if is_postgres(session) else "rowid"
        statement = text(f"DELETE FROM transcript_words WHERE {number} = :place")
        await connection.execute(statement, [{"place": place} for place in places])
    await session.exec(delete(TranscriptRow).where(col(TranscriptRow.id).in_(ids)))
    await session.exec(delete(TranscriptTextRow).where(col(TranscriptTextRow.transcript).in_(ids)))


async def put_in(session: AsyncSession, documents: Sequence[Document]) -> None:
    """Put these in; none of them may be in the index."""
    if not documents:
        return
    taken = await _places(session, documents)
    connection = await session.connection()
    postgres = is_postgres(session)
    await connection.execute(
        insert(TranscriptRow), [_row(document, place) for document, place in zip(documents, taken, strict=True)]
    )
    texts = [row for document in documents for row in _text_rows(document)]
    if texts:
        await connection.execute(insert(TranscriptTextRow), texts)
    if postgres:
        vector = "CAST(CAST(:words AS text) AS tsvector)"
        statement = text(f"INSERT INTO transcript_words (place, words) VALUES (:place, {vector})")
        rows = [{"place": place, "words": _vector(one)} for one, place in zip(documents, taken, strict=True)]
    else:
        statement = text("INSERT INTO transcript_words (rowid, words, tags) VALUES (:place, :words, :tags)")
        rows = [
            {"place": place, "words": " ".join(_words(one)), "tags": " ".join(_tags(one))}
            for one, place in zip(documents, taken, strict=True)
        ]
    await connection.execute(statement, rows)


def tag(name: str, value: str) -> str:
    """The word by which transcripts of this fact are found: ASCII, the same on both databases."""
    safe = (letter if letter.isascii() and letter.isalnum() else f"_{ord(letter):x}_" for letter in value.lower())
    return f"{name}.{''.join(safe)}"


def is_postgres(session: AsyncSession) -> bool:
    """Whether this is a session with Postgres."""
    return session.get_bind().dialect.name == "postgresql"


async def _places(session: AsyncSession, documents: Sequence[Document]) -> list[int]:
    """A number for each that grows with its last moment; no two have the same."""
    wanted = [int(one.last_at.timestamp() * 1000) << 20 | crc32(one.id.encode()) & 0xFFFFF for one in documents]
    near = [place + step for place in wanted for step in range(_NEAR)]
    used = set(await session.exec(select(TranscriptRow.place).where(col(TranscriptRow.place).in_(near))))
    places: list[int] = []
    for place in wanted:
        free = next(number for number in count(place) if number not in used)
        used.add(free)
        places.append(free)
    return places


def _row(document: Document, place: int) -> dict[str, Any]:
    return {
        "place": place,
        "id": document.id,
        "brand": document.brand,
        "channel": document.channel,
        "customer": document.customer,
        "author": document.author,
        "opened_at": document.opened_at,
        "last_at": document.last_at,
        "facts": {name: sorted(values) for name, values in document.facts.items()},
    }


def _text_rows(document: Document) -> Iterator[dict[str, Any]]:
    for one in document.texts:
        yield {
            "id": one.entry,
            "brand": document.brand,
            "transcript": document.id,
            "kind": one.kind,
            "at": one.at,
            "staff": one.staff,
            "text": one.words,
        }


def _tags(document: Document) -> list[str]:
    facts = ((name, value) for name, values in document.facts.items() for value in values)
    return [tag("brand", document.brand), *(tag(name, value) for name, value in sorted(facts))]


def _words(document: Document) -> list[str]:
    """Every word, with a sign between entries; of what is too long the newest entries."""
    found: list[list[str]] = []
    room = _MOST_BYTES
    for said in (document.beside, *(one.words for one in reversed(document.texts))):
        words = words_of(said)
        room -= sum(len(word.encode()) + _PLACED for word in words)
        if room < 0:
            break
        found.append(words)
    beside, *entries = found
    return [word for words in (beside, *reversed(entries)) for word in (*words, _APART)]


def _vector(document: Document) -> str:
    """The words with their places, as Postgres reads a tsvector; tags have none."""
    placed = (
        f"'{word}':{min(place, _FARTHEST)}" for place, word in enumerate(_words(document), start=1) if word != _APART
    )
    return " ".join([*placed, *_quoted(_tags(document))])


def _quoted(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield f"'{word}'"
