"""Taking what tells who was erased out of what we have made of others' cases: their questions, the transcripts' index.

What others have written stays as they wrote it, and is counted. By numbers, addresses and handles alone: a name is
another person's, too.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Self

from sqlmodel.ext.asyncio.session import AsyncSession

from server.privacy import repository
from server.transcripts import search_repository
from server.transcripts.documents import Document
from server.transcripts.following import make_anew
from server.transcripts.words import Term, words_of

ERASED = "(erased)"
"""What stands where they were named."""

_PIECE = re.compile(r"[^\W_]+")
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What is theirs alone. A handle that is a word of the language like any other counts where it has its `@`."""

    written: tuple[str, ...]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, numbers: Collection[str], handles: Collection[str]) -> Self:
        """Of ids, orders, addresses and telephone numbers, and of handles without their `@`."""
        unlike = {handle for handle in handles if not handle.isalpha()}
        written = sorted({*numbers, *handles})
        ways = [_way(one) for one in sorted({*numbers, *unlike}, key=len, reverse=True)]
        ways += [f"@{re.escape(handle)}" for handle in sorted(handles, key=len, reverse=True)]
        either = "|".join(way for way in ways if way)
        return cls(tuple(written), re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])" if either else r"(?!)", re.I))

    def are_in(self, text: str) -> bool:
        """Whether one of them stands there."""
        return self.pattern.search(text) is not None

    def without(self, text: str) -> str:
        """The text, and something else where one of them stands."""
        return self.pattern.sub(ERASED, text)


async def mask_elsewhere(session: AsyncSession, theirs: Identifiers, brands: Collection[str]) -> dict[str, int]:
    """Take them out; how many rows of which table, and how many transcripts. Nobody may be following (`hold`)."""
    questions = await repository.questions_naming(session, _longest(theirs.written), brands)
    changes = {
        repository.key_of("missing_policies", row): {"words": theirs.without(row["words"])}
        for row in questions
        if theirs.are_in(row["words"])
    }
    await repository.change_rows(session, "missing_policies", changes)
    named = await _transcripts_naming(session, theirs, brands)
    await make_anew(session, named, lambda document: _masked(document, theirs))
    return {"missing_policies": len(changes), "transcripts": len(named)}


async def _transcripts_naming(session: AsyncSession, theirs: Identifiers, brands: Collection[str]) -> set[str]:
    """Those of the brands whose index tells one of them, found by the index itself."""
    named = set()
    for words in {tuple(words_of(one)) for one in theirs.written if brands} - {()}:
        wanted = search_repository.Wanted(brands, (Term(words),))
        before: int | None = None
        while places := await search_repository.find_places(session, wanted, before=before, limit=_AT_ONCE):
            found = {row.id: row for row in await search_repository.transcripts_at(session, places, brands)}
            texts = await search_repository.texts_in(session, list(found))
            named |= {row.transcript for row in texts if theirs.are_in(row.text)}
            named |= {id_ for id_, row in found.items() if any(map(theirs.are_in, _told(row.facts)))}
            before = places[-1]
    return named


def _masked(document: Document, theirs: Identifiers) -> Document:
    document.beside = theirs.without(document.beside)
    document.texts = [replace(one, words=theirs.without(one.words)) for one in document.texts]
    for values in document.facts.values():
        values -= {value for value in values if theirs.are_in(value)}
    return document


def _told(facts: dict[str, list[str]]) -> Iterable[str]:
    return (value for values in facts.values() for value in values)


def _way(written: str) -> str:
    """However it is spaced: “FH-10423” is “fh 10423”, too."""
    return r"[\W_]{0,2}".join(map(re.escape, _PIECE.findall(written)))


def _longest(written: Iterable[str]) -> set[str]:
    """Of each the piece that says most, to look for."""
    return {max(pieces, key=len).casefold() for one in written if (pieces := _PIECE.findall(one))}
