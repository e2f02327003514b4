"""Searching transcripts: which ones, and where in them the words stand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import TranscriptRow, TranscriptTextRow
from server.transcripts import search_repository as repository
from server.transcripts.search_repository import Wanted
from server.transcripts.words import Run, Term, found_in, snippet

_HITS = 3
_OPENING = 160


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry in which the words were found, and the part of it that shows them."""

    entry: TranscriptTextRow
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Found:
    """A transcript that was found, and the entries that show it best, in the order of time."""

    transcript: TranscriptRow
    hits: Sequence[Hit]


async def search(session: AsyncSession, wanted: Wanted, *, before: int | None, limit: int) -> list[Found]:
    """Transcripts that fit, the newest first, from behind the number `before`."""
    places = await repository.find_places(session, wanted, before=before, limit=limit)
    rows = await repository.transcripts_at(session, places, wanted.brands) if places else ()
    texts: dict[str, list[TranscriptTextRow]] = defaultdict(list)
    if rows:
        for row in await repository.texts_in(session, [row.id for row in rows]):
            texts[row.transcript].append(row)
    return [Found(row, _hits(texts[row.id], wanted.terms)) for row in rows]


def _hits(texts: Sequence[TranscriptTextRow], terms: Sequence[Term]) -> list[Hit]:
    """The entries with the most of what was looked for; where nothing was, how the transcript begins."""
    if not any(not term.without for term in terms):
        return [Hit(row, snippet(row.text, (), longest=_OPENING)) for row in texts[:1]]
    found = [(found_in(row.text, terms), row) for row in texts]
    best = sorted((each for each in found if each[0]), key=lambda each: -each[0])[:_HITS]
    return [Hit(row, snippet(row.text, terms)) for _, row in sorted(best, key=lambda each: (each[1].at, each[1].id))]
