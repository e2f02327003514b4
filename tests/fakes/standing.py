"""Where every case stands: in the queue, in an incident, answered or put aside with a reason; in one of them."""

from collections import Counter, defaultdict

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from server.db import reading
from server.drafts.endpoints import WAITING
from server.drafts.states import DraftState
from server.incidents.states import InIncident
from server.models import CaseRow, DraftRow, IncidentCaseRow, PostRow, PublicationRow
from server.publications.states import PublicationState

_ASIDE = frozenset({DraftState.NO_REPLY, DraftState.REJECTED, DraftState.EXPIRED})
_BELONGS = frozenset({InIncident.LISTED, InIncident.CONFIRMED})
_LEAVES = _BELONGS | {InIncident.RELEASED}


class Lost(AssertionError):
    """A case stands nowhere, or in two places."""


async def where_all_stand(engine: AsyncEngine, *, settled: bool = True) -> Counter[str]:
    """How many cases stand where.

    Args:
        engine: The database.
        settled: Every job that was due is done. Else what was released a moment ago may still be held: the job that
            puts it back into the queue is committed with the release.

    Raises:
        Lost: One stands nowhere, or in two places.
    """
    async with reading(engine) as session:
        cases = (await session.exec(select(CaseRow))).all()
        drafts = defaultdict[str, list[DraftRow]](list)
        for draft in await session.exec(select(DraftRow).order_by(col(DraftRow.created_at), col(DraftRow.id))):
            drafts[draft.case].append(draft)
        listings = {row.draft: row.state for row in await session.exec(select(IncidentCaseRow))}
        out = defaultdict[str, set[str]](set)
        for publication in await session.exec(select(PublicationRow)):
            out[publication.draft].add(publication.state)
        standing = set(await session.exec(select(PostRow.thread).where(col(PostRow.deleted_at).is_(None))))
    counts: Counter[str] = Counter()
    belongs = {draft for draft, state in listings.items() if state in (_BELONGS if settled else _LEAVES)}
    for case in cases:
        places = {place for draft in drafts[case.id] for place in _places(draft, belongs, out[draft.id])}
        current = places - {"answered", "aside"} or places
        if case.thread not in standing:
            current = {"deleted"}
        if len(current) != 1:
            told = [(draft.state, draft.due_at, listings.get(draft.id), out[draft.id]) for draft in drafts[case.id]]
            raise Lost(f"{case.author} stands in {sorted(current) or 'nothing'}: {told}")
        counts[current.pop()] += 1
    return counts


def _places(draft: DraftRow, belongs: set[str | None], out: set[str]) -> set[str]:
    """Where a draft is seen: every way of looking is asked, none is left out because another has found it."""
    places = set()
    if draft.state == DraftState.DRAFTING or (draft.state in WAITING and draft.due_at is not None):
        places.add("queue")
    if draft.state == DraftState.HELD and draft.due_at is None and draft.id in belongs:
        places.add("incident")
    if draft.state == DraftState.APPROVED and out - {PublicationState.WITHDRAWN}:
        places.add("answered")
    if draft.state in _ASIDE and draft.reason_words is not None:
        places.add("aside")
    return places
