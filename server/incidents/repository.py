"""Queries of incidents, their texts and their cases."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, delete, func, not_, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import REASON
from server.drafts.states import DraftState
from server.incidents.states import IncidentState, InIncident
from server.models import (
    AccountRow,
    CaseRow,
    DraftRow,
    IncidentCaseRow,
    IncidentRow,
    PostRow,
    PublicationRow,
)
from server.publications.states import UNSENT, PublicationState

_CHUNK = 500


async def find_incident(
    session: AsyncSession, incident: str, brands: Collection[str] | None = None, *, lock: bool = False
) -> IncidentRow | None:
    """The incident of this id; with `brands`, only if it is one of theirs; locked, if wanted, until the commit."""
    query = select(IncidentRow).where(IncidentRow.id == incident)
    if brands is not None:
        query = query.where(col(IncidentRow.brand).in_(brands))
    if lock:
        query = query.with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def open_incidents(session: AsyncSession, brand: str) -> Sequence[IncidentRow]:
    """The brand's open incidents, the oldest first."""
    query = select(IncidentRow).where(IncidentRow.brand == brand, IncidentRow.state == IncidentState.OPEN)
    return (await session.exec(query.order_by(col(IncidentRow.opened_at), col(IncidentRow.id)))).all()


async def list_incidents(
    session: AsyncSession, brands: Collection[str], *, state: str | None, before: str | None, limit: int
) -> Sequence[IncidentRow]:
    """Incidents of these brands, the newest first, older than the one of the id `before`."""
    query = select(IncidentRow).where(col(IncidentRow.brand).in_(brands))
    if state is not None:
        query = query.where(IncidentRow.state == state)
    if before is not None:
        query = query.where(IncidentRow.id < before)
    return (await session.exec(query.order_by(col(IncidentRow.id).desc()).limit(limit))).all()


async def posts_of_brand(session: AsyncSession, brand: str, posts: Collection[str]) -> Sequence[PostRow]:
    """Those of these posts that customers wrote to the brand and that still stand."""
    query = select(PostRow).where(
        col(PostRow.id).in_(posts),
        PostRow.brand == brand,
        PostRow.role == "customer",
        col(PostRow.deleted_at).is_(None),
    )
    return (await session.exec(query.order_by(col(PostRow.id)))).all()


async def account_ids(session: AsyncSession, brand: str) -> set[str]:
    """The accounts that the brand uses."""
    query = select(AccountRow.id).where(AccountRow.brand == brand, col(AccountRow.removed_at).is_(None))
    return set(await session.exec(query))


async def left_by(session: AsyncSession, case: str, incidents: Collection[str]) -> set[str]:
    """Those of these incidents that a case is done with: released, or answered and the answer was not stopped."""
    query = (
        select(IncidentCaseRow.incident)
        .join(PublicationRow, col(PublicationRow.id) == IncidentCaseRow.publication, isouter=True)
        .where(IncidentCaseRow.case == case, col(IncidentCaseRow.incident).in_(incidents), _is_done_with())
    )
    return set(await session.exec(query))


def _is_done_with() -> ColumnElement[bool]:
    stopped = and_(col(PublicationRow.state) == PublicationState.WITHDRAWN, col(PublicationRow.sent_at).is_(None))
    answered = and_(
        col(IncidentCaseRow.state) == InIncident.ANSWERED, or_(col(PublicationRow.id).is_(None), not_(stopped))
    )
    return or_(col(IncidentCaseRow.state) == InIncident.RELEASED, answered)


async def answered_by_us(session: AsyncSession, posts: Sequence[PostRow]) -> bool:
    """Whether an answer of ours stands under one of these posts of one author."""
    if not posts:
        return False
    query = select(PostRow.id).where(
        PostRow.account == posts[0].account,
        PostRow.thread == posts[0].thread,
        PostRow.role == "brand",
        col(PostRow.in_reply_to).in_([post.network_id for post in posts]),
        col(PostRow.deleted_at).is_(None),
    )
    return (await session.exec(query.limit(1))).first() is not None


async def waiting_drafts(
    session: AsyncSession, brand: str, states: Collection[DraftState], *, after: str, limit: int
) -> Sequence[DraftRow]:
    """The brand's drafts in one of these states, by their ids, from the one `after`."""
    query = select(DraftRow).where(DraftRow.brand == brand, col(DraftRow.state).in_(states), DraftRow.id > after)
    return (await session.exec(query.order_by(col(DraftRow.id)).limit(limit))).all()


async def count_being_written(session: AsyncSession, brand: str, *, most: int) -> int:
    """How many drafts of the brand wait to be written, counted up to `most`."""
    waiting = select(DraftRow.id).where(DraftRow.brand == brand, DraftRow.state == DraftState.DRAFTING).limit(most)
    return (await session.exec(select(func.count()).select_from(waiting.subquery()))).one()


async def case_in(session: AsyncSession, incident: str, case: str) -> IncidentCaseRow | None:
    """The row of this case in this incident, read anew and locked."""
    query = select(IncidentCaseRow).where(IncidentCaseRow.incident == incident, IncidentCaseRow.case == case)
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def is_in_another(session: AsyncSession, incident: str, case: str) -> bool:
    """Whether a case waits for the text of another open incident already."""
    query = (
        select(IncidentCaseRow.id)
        .join(IncidentRow, col(IncidentRow.id) == IncidentCaseRow.incident)
        .where(
            IncidentCaseRow.case == case,
            IncidentCaseRow.incident != incident,
            col(IncidentCaseRow.state).in_([InIncident.LISTED, InIncident.CONFIRMED]),
            IncidentRow.state == IncidentState.OPEN,
            _still_stands(),
        )
    )
    return (await session.exec(query.limit(1))).first() is not None


async def forget_listing(session: AsyncSession, row: IncidentCaseRow) -> None:
    """Take a row out, so that its case can be listed anew."""
    await session.exec(delete(IncidentCaseRow).where(col(IncidentCaseRow.id) == row.id))
    session.expunge(row)


async def count_cases(session: AsyncSession, incident: str) -> Mapping[str, int]:
    """How many cases stand where; what was listed and is not any more, as its customer has written again, nowhere."""
    query = select(IncidentCaseRow.state, func.count()).where(IncidentCaseRow.incident == incident, _still_stands())
    return dict((await session.exec(query.group_by(col(IncidentCaseRow.state)))).all())


def _still_stands() -> ColumnElement[bool]:
    """Whether what the incident's text is to answer still waits: nobody has decided on it, and it was not replaced."""
    own = aliased(DraftRow)  # queries that read the drafts, too, must not be taken for this one
    waiting = select(own.id).where(
        own.id == col(IncidentCaseRow.draft), col(own.state).in_([DraftState.PENDING, DraftState.HELD])
    )
    return or_(col(IncidentCaseRow.state).not_in([InIncident.LISTED, InIncident.CONFIRMED]), waiting.exists())


async def count_publications(session: AsyncSession, incident: str) -> Mapping[str, int]:
    """How many of the incident's texts stand where on their way out."""
    query = (
        select(PublicationRow.state, func.count())
        .join(IncidentCaseRow, col(IncidentCaseRow.publication) == PublicationRow.id)
        .where(IncidentCaseRow.incident == incident)
    )
    return dict((await session.exec(query.group_by(col(PublicationRow.state)))).all())


async def confirm_listed(
    session: AsyncSession, incident: str, listings: Collection[str], *, by: str, now: datetime
) -> int:
    """Confirm those of these listings that still stand as they were seen; how many."""
    done, wanted = 0, sorted(listings)
    for start in range(0, len(wanted), _CHUNK):
        query = (
            update(IncidentCaseRow)
            .where(
                col(IncidentCaseRow.incident) == incident,
                col(IncidentCaseRow.id).in_(wanted[start : start + _CHUNK]),
                col(IncidentCaseRow.state) == InIncident.LISTED,
                _still_stands(),
            )
            .values(state=InIncident.CONFIRMED, confirmed_by=by, confirmed_at=now)
            .execution_options(synchronize_session=False)
        )
        done += (await session.exec(query)).rowcount
    return done


async def count_listings(session: AsyncSession, incident: str, listings: Collection[str]) -> int:
    """How many of these are listings of this incident, wherever they stand."""
    found, wanted = 0, sorted(listings)
    for start in range(0, len(wanted), _CHUNK):
        query = select(func.count()).where(
            col(IncidentCaseRow.incident) == incident, col(IncidentCaseRow.id).in_(wanted[start : start + _CHUNK])
        )
        found += (await session.exec(query)).one()
    return found


async def page_of_cases(
    session: AsyncSession, incident: str, *, state: str | None, after: str | None, limit: int
) -> Sequence[tuple[IncidentCaseRow, CaseRow, DraftRow | None, PostRow]]:
    """The incident's cases with what is known of them, in the order in which they were listed."""
    query = (
        select(IncidentCaseRow, CaseRow, DraftRow, PostRow)
        .join(CaseRow, col(CaseRow.id) == IncidentCaseRow.case)
        .join(PostRow, col(PostRow.id) == IncidentCaseRow.post)
        .join(DraftRow, col(DraftRow.id) == IncidentCaseRow.draft, isouter=True)
        .where(IncidentCaseRow.incident == incident, _still_stands())
    )
    if state is not None:
        query = query.where(IncidentCaseRow.state == state)
    if after is not None:
        query = query.where(IncidentCaseRow.id > after)
    return (await session.exec(query.order_by(col(IncidentCaseRow.id)).limit(limit))).all()


async def confirmed_in(
    session: AsyncSession, incident: str, draft_state: DraftState, *, after: str = "", limit: int
) -> Sequence[IncidentCaseRow]:
    """Confirmed cases whose draft is in this state, by their cases, from the one `after`."""
    query = (
        select(IncidentCaseRow)
        .join(DraftRow, col(DraftRow.id) == IncidentCaseRow.draft)
        .where(
            IncidentCaseRow.incident == incident,
            IncidentCaseRow.state == InIncident.CONFIRMED,
            DraftRow.state == draft_state,
            IncidentCaseRow.case > after,
        )
    )
    return (await session.exec(query.order_by(col(IncidentCaseRow.case)).limit(limit))).all()


async def release_listed(session: AsyncSession, incident: str, listings: Collection[str] | None, *, why: str) -> int:
    """Release those of these listings (None: of all) that nobody has answered yet; how many."""
    unanswered = [InIncident.LISTED, InIncident.CONFIRMED]
    done, wanted = 0, sorted(listings) if listings is not None else [None]
    for start in range(0, len(wanted), _CHUNK):
        query = update(IncidentCaseRow).where(
            col(IncidentCaseRow.incident) == incident, col(IncidentCaseRow.state).in_(unanswered)
        )
        if listings is not None:
            query = query.where(col(IncidentCaseRow.id).in_(wanted[start : start + _CHUNK]))
        query = query.values(state=InIncident.RELEASED, why=why).execution_options(synchronize_session=False)
        done += (await session.exec(query)).rowcount
    return done


async def where_they_stand(
    session: AsyncSession, incident: str, listings: Collection[str]
) -> Sequence[tuple[str, str]]:
    """Those of these that are listings of this incident, with where they stand."""
    found: list[tuple[str, str]] = []
    wanted = sorted(set(listings))
    for start in range(0, len(wanted), _CHUNK):
        query = select(IncidentCaseRow.id, IncidentCaseRow.state).where(
            col(IncidentCaseRow.incident) == incident, col(IncidentCaseRow.id).in_(wanted[start : start + _CHUNK])
        )
        found += (await session.exec(query)).all()
    return found


async def release_unsent(session: AsyncSession, incident: str, listings: Collection[str] | None, *, why: str) -> int:
    """Release those of these listings (None: of all) whose answer has not left yet; how many."""
    unsent = select(PublicationRow.id).where(
        col(PublicationRow.state).in_(UNSENT), col(PublicationRow.id) == IncidentCaseRow.publication
    )
    done, wanted = 0, sorted(listings) if listings is not None else [None]
    for start in range(0, len(wanted), _CHUNK):
        query = update(IncidentCaseRow).where(
            col(IncidentCaseRow.incident) == incident,
            col(IncidentCaseRow.state) == InIncident.ANSWERED,
            unsent.exists(),
        )
        if listings is not None:
            query = query.where(col(IncidentCaseRow.id).in_(wanted[start : start + _CHUNK]))
        query = query.values(state=InIncident.RELEASED, why=why).execution_options(synchronize_session=False)
        done += (await session.exec(query)).rowcount
    return done


async def released_to_let_go(session: AsyncSession, incident: str, *, limit: int) -> Sequence[IncidentCaseRow]:
    """Released cases whose draft is still held for the incident, or still to be sent for it; by their cases."""
    query = (
        select(IncidentCaseRow)
        .join(DraftRow, col(DraftRow.id) == IncidentCaseRow.draft)
        .where(
            IncidentCaseRow.incident == incident,
            IncidentCaseRow.state == InIncident.RELEASED,
            col(DraftRow.state).in_([DraftState.HELD, DraftState.APPROVED]),
            DraftRow.reason_code == REASON,
        )
    )
    return (await session.exec(query.order_by(col(IncidentCaseRow.case)).limit(limit))).all()


async def count_unsent(session: AsyncSession, incident: str) -> int:
    """How many of the incident's answers have not left yet."""
    counts = await count_publications(session, incident)
    return sum(count for state, count in counts.items() if state in UNSENT)


async def newest_incidents(
    session: AsyncSession, *, brand: str | None, closed: bool, limit: int
) -> Sequence[IncidentRow]:
    """The newest incidents, of this brand or of every one; closed ones among them only if wanted."""
    query = select(IncidentRow)
    if brand is not None:
        query = query.where(IncidentRow.brand == brand)
    if not closed:
        query = query.where(IncidentRow.state == IncidentState.OPEN)
    return (await session.exec(query.order_by(col(IncidentRow.id).desc()).limit(limit))).all()
