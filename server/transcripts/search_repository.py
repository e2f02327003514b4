"""Finding transcripts in the index, the newest first: FTS5's and Postgres's ways of saying the same.

Everything a search is narrowed by stands in the index itself, and a transcript's number grows with its time. So the
first page is read off the end of the index, however much fits; nothing is sorted and nothing is found in vain.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import TranscriptRow, TranscriptTextRow
from server.transcripts.index_repository import is_postgres, tag
from server.transcripts.words import Term

_LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which transcripts: of these brands, with all of these terms, and all of these facts.

    Of each fact one of its values has to hold. `since` and `until` are about the last thing that happened in it.
    """

    brands: Collection[str]
    terms: Sequence[Term] = ()
    facts: Sequence[tuple[str, Sequence[str]]] = ()
    since: datetime | None = None
    until: datetime | None = None


async def find_places(session: AsyncSession, wanted: Wanted, *, before: int | None, limit: int) -> list[int]:
    """The numbers of the transcripts, the newest first, from behind the number `before`."""
    first = _first_of(wanted.since) if wanted.since else 0
    last = _first_of(wanted.until) if wanted.until else _LAST
    if before is not None:
        last = min(last, before)
    connection = await session.connection()
    values = {"first": first, "last": last, "limit": limit}
    if is_postgres(session):
        # the plan depends on how common the words are: one for all words would be wrong for most
        await connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
        found = await connection.execute(text(_POSTGRES), values | {"query": _tsquery(wanted)})
    else:
        found = await connection.execute(text(_SQLITE), values | {"query": _match(wanted)})
    return list(found.scalars())


async def transcripts_at(
    session: AsyncSession, places: Collection[int], brands: Collection[str]
) -> Sequence[TranscriptRow]:
    """The transcripts of these numbers, the newest first."""
    query = select(TranscriptRow).where(col(TranscriptRow.place).in_(places), col(TranscriptRow.brand).in_(brands))
    return (await session.exec(query.order_by(col(TranscriptRow.place).desc()))).all()


async def texts_in(session: AsyncSession, transcripts: Collection[str]) -> Sequence[TranscriptTextRow]:
    """The words of these transcripts, entry by entry."""
    query = select(TranscriptTextRow).where(col(TranscriptTextRow.transcript).in_(transcripts))
    return (await session.exec(query.order_by(col(TranscriptTextRow.at), col(TranscriptTextRow.id)))).all()


_SQLITE = """
    SELECT rowid FROM transcript_words
    WHERE transcript_words MATCH :query AND rowid >= :first AND rowid < :last
    ORDER BY rowid DESC LIMIT :limit
"""
_POSTGRES = """
    SELECT place FROM transcript_words
    WHERE words @@ CAST(CAST(:query AS text) AS tsquery) AND place >= :first AND place < :last
    ORDER BY place DESC LIMIT :limit
"""


def _first_of(moment: datetime) -> int:
    """The first number of this moment; of one far away, the first or the last there is."""
    return max(0, min(int(moment.timestamp() * 1000) << 20, _LAST))


def _tags(wanted: Wanted) -> list[list[str]]:
    """Of each group one tag has to stand there."""
    facts = [("brand", sorted(wanted.brands)), *wanted.facts]
    return [[tag(name, value) for value in values] for name, values in facts]


def _match(wanted: Wanted) -> str:
    """What FTS5 understands."""
    groups = [f"tags : ({' OR '.join(_quoted(each))})" for each in _tags(wanted)]
    asked = [f"words : {_phrase(term)}" for term in wanted.terms if not term.without]
    without = [f"words : {_phrase(term)}" for term in wanted.terms if term.without]
    said = " AND ".join(f"({part})" for part in (*asked, *groups))
    return f"({said}) NOT ({' OR '.join(f'({part})' for part in without)})" if without else said


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.prefix else ""}'


def _quoted(words: Iterable[str]) -> list[str]:
    return [f'"{word}"' for word in words]


def _tsquery(wanted: Wanted) -> str:
    """What Postgres understands."""
    groups = [" | ".join(f"'{word}'" for word in each) for each in _tags(wanted)]
    asked = [f"{'!' if term.without else ''}({_followed(term)})" for term in wanted.terms]
    return " & ".join([*asked, *(f"({each})" for each in groups)])


def _followed(term: Term) -> str:
    *firsts, last = term.words
    return " <-> ".join([*(f"'{word}'" for word in firsts), f"'{last}'{':*' if term.prefix else ''}"])
