"""Whatever is written and whatever is looked for: both databases find what reading every word would find."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading, writing
from server.transcripts.documents import Document, Text
from server.transcripts.index_repository import put_in, take_out
from server.transcripts.search_repository import Wanted, find_places, transcripts_at
from server.transcripts.words import CannotBeSearched, Term, read_query, words_of
from tests.fixtures.databases import Databases

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PIECES = ("Tent", "tents", "GRÖSSE", "größe", "café", "cafe", "FH-10423", "it's", "“no”", "日本語", "\\'", "&|!", "x")
saying = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map(" ".join)
entries = st.lists(saying, min_size=1, max_size=3)
term = st.tuples(
    st.sampled_from(("", "-")), st.one_of(st.sampled_from(PIECES), saying.map(lambda said: f'"{said}"')), st.booleans()
).map(lambda asked: f"{asked[0]}{asked[1]}{'*' if asked[2] else ''}")
query = st.one_of(st.lists(term, min_size=1, max_size=3).map(" ".join), st.text(max_size=20))


def _holds(term: Term, said: Sequence[str]) -> bool:
    """Whether a term stands in one of these texts, read word by word."""
    for text in said:
        words = words_of(text)
        for place in range(len(words) - len(term.words) + 1):
            found = words[place : place + len(term.words)]
            last = found[-1].startswith(term.words[-1]) if term.prefix else found[-1] == term.words[-1]
            if last and tuple(found[:-1]) == term.words[:-1]:
                return True
    return False


def _document(number: int, brand: str, said: Sequence[str]) -> Document:
    at = NOW + timedelta(minutes=number)
    document = Document(f"case_{number}", brand, "x", None, at, at)
    document.texts = [Text(f"post_{number}_{place}", "post", at, None, text) for place, text in enumerate(said)]
    return document


async def _found(engine: AsyncEngine, terms: Sequence[Term], brands: set[str]) -> list[str]:
    async with reading(engine) as session:
        places = await find_places(session, Wanted(brands, terms), before=None, limit=100)
        return [row.id for row in await transcripts_at(session, places, brands)]


async def _expect_what_is_there(engine: AsyncEngine, said: Sequence[Sequence[str]], asked: str) -> None:
    try:
        terms = read_query(asked)
    except CannotBeSearched:
        return
    documents = [_document(number, "a" if number % 3 else "b", each) for number, each in enumerate(said)]
    async with writing(engine) as session:
        await put_in(session, documents)
    for brands in ({"a"}, {"b"}, {"a", "b"}):
        wanted = [
            one.id
            for one in reversed(documents)
            if one.brand in brands
            and all(_holds(each, [text.words for text in one.texts]) != each.without for each in terms)
        ]
        assert await _found(engine, terms, brands) == wanted
    async with writing(engine) as session:
        await take_out(session, [one.id for one in documents])
    assert await _found(engine, (), {"a", "b"}) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_what_is_found_is_what_is_there(databases: Databases, kind: str):
    loop = asyncio.get_running_loop()
    async with databases.opened(kind) as engine:

        @settings(max_examples=60, deadline=None)
        @given(st.lists(entries, min_size=1, max_size=5), query)
        def any_query(said: list[list[str]], asked: str) -> None:
            asyncio.run_coroutine_threadsafe(_expect_what_is_there(engine, said, asked), loop).result()

        await asyncio.to_thread(any_query)


async def test_of_what_is_too_long_the_newest_is_found(engine: AsyncEngine):
    said = [" ".join(f"{number:03}w{place:05}" for place in range(30_000)) for number in range(5)]
    async with writing(engine) as session:
        await put_in(session, [_document(1, "a", said)])
    assert await _found(engine, read_query("004w29999"), {"a"}) == ["case_1"]
    assert await _found(engine, read_query("000w00000"), {"a"}) == []
