"""Reading what belongs to a transcript, from the tables that hold it, in one order."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, true
from sqlalchemy.orm import aliased, defer
from sqlmodel import col, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from assistant.case import Role
from server.drafts.states import Move
from server.models import (
    ActionDecisionRow,
    ActionRow,
    ApprovalRow,
    CaseRow,
    ConversationRow,
    DecisionRow,
    DraftRow,
    KeptTurnRow,
    ModelRequestRow,
    NoteRow,
    PostRow,
    PostVersionRow,
    PromiseRow,
    PublicationRow,
    SuggestionRow,
    TurnRow,
)

Place = tuple[datetime, str]
"""A place in a time line: the moment, and the entry's id."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time line from a place on: behind it, or with it (`including`), or `back` from it towards the beginning."""

    since: Place | None = None
    including: bool = False
    back: bool = False

    def where(self, at: Any, id_: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns
        """What a row of this span fulfils."""
        if self.since is None:
            return true()
        place = tuple_(at, id_)
        if self.back:
            return place < self.since
        return place >= self.since if self.including else place > self.since

    def order(self, at: Any, id_: Any) -> tuple[Any, Any]:  # noqa: ANN401 - columns
        """The nearest to where it begins first."""
        return (at.desc(), id_.desc()) if self.back else (at, id_)


ALL = Span()


@dataclass(frozen=True, slots=True)
class Source:
    """A table whose rows are entries: of what kind, since when, and where their case or conversation is named.

    `beside` leaves some of them out; what is `unread` stays in the database.
    """

    kind: str
    table: Any
    at: str
    of: str
    beside: ColumnElement[bool] | None = None
    unread: tuple[Any, ...] = ()


_UNREAD = tuple(defer(getattr(DraftRow, name), raiseload=True) for name in ("record",))
OF_CASES = (
    # what a turn saw stands in what was kept of it
    Source("draft", DraftRow, "created_at", "case", unread=_UNREAD),
    # that a draft was finished is the draft's own entry
    Source("decision", DecisionRow, "at", "case", col(DecisionRow.kind) != Move.FINISH.value),
    Source("action", ActionRow, "proposed_at", "case"),
    Source("publication", PublicationRow, "created_at", "case"),
    Source("promise", PromiseRow, "made_at", "case"),
    Source("note", NoteRow, "at", "case"),
)
OF_CONVERSATIONS = (
    Source("conversation", ConversationRow, "opened_at", "id"),
    Source("turn", TurnRow, "started_at", "conversation"),
    Source("suggestion", SuggestionRow, "offered_at", "conversation"),
)


async def find_case(session: AsyncSession, case: str, brands: Collection[str]) -> CaseRow | None:
    """The case of this id, of these brands."""
    query = select(CaseRow).where(CaseRow.id == case, col(CaseRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def find_conversation(session: AsyncSession, one: str, brands: Collection[str]) -> ConversationRow | None:
    """The rep's session of this id, of these brands."""
    query = select(ConversationRow).where(ConversationRow.id == one, col(ConversationRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def conversations_of(session: AsyncSession, cases: Collection[str]) -> Sequence[ConversationRow]:
    """The sessions that name one of these cases."""
    query = select(ConversationRow).where(col(ConversationRow.case).in_(cases))
    return (await session.exec(query.order_by(col(ConversationRow.opened_at), col(ConversationRow.id)))).all()


async def rows_of(
    session: AsyncSession,
    source: Source,
    of: Collection[str],
    *,
    span: Span = ALL,
    limit: int | None = None,
) -> Sequence[Any]:
    """The rows of these cases or conversations in this span, the nearest to where it begins first."""
    table = source.table
    query = select(table).where(col(getattr(table, source.of)).in_(of))
    if source.beside is not None:
        query = query.where(source.beside)
    place = col(getattr(table, source.at)), col(table.id)
    query = query.where(span.where(*place)).order_by(*span.order(*place))
    return (await session.exec(query.limit(limit).options(*source.unread))).all()


async def row_of(session: AsyncSession, source: Source, of: Collection[str], id_: str) -> Any:  # noqa: ANN401 - any table's
    """The row of this id, if it is one of these cases or conversations."""
    table = source.table
    query = select(table).where(table.id == id_, col(getattr(table, source.of)).in_(of))
    if source.beside is not None:
        query = query.where(source.beside)
    return (await session.exec(query.options(*source.unread))).first()


async def posts_of(
    session: AsyncSession,
    cases: Collection[str],
    *,
    span: Span = ALL,
    limit: int | None = None,
) -> Sequence[tuple[str, PostRow]]:
    """What the author of each case wrote, and what we wrote to them without Deskside; each with its case.

    What others wrote in the thread belongs to cases of their own; what was sent by Deskside is a publication.
    """
    place = col(PostRow.sent_at), col(PostRow.id)
    query = _posts(cases).where(span.where(*place)).order_by(*span.order(*place))
    return (await session.exec(query.limit(limit))).all()


async def post_of_case(session: AsyncSession, case: str, post: str) -> PostRow | None:
    """The post of this id, if it is one of the case's."""
    found = (await session.exec(_posts([case]).where(PostRow.id == post))).first()
    return found[1] if found else None


def _posts(cases: Collection[str]) -> Select[str, PostRow]:
    asked = aliased(PostRow)
    to_them = or_(
        col(PostRow.private_to) == CaseRow.folded_author,
        exists().where(
            col(asked.thread) == PostRow.thread,
            col(asked.network_id) == PostRow.in_reply_to,
            col(asked.folded_author) == CaseRow.folded_author,
        ),
    )
    sent = exists().where(
        col(PublicationRow.case) == CaseRow.id,
        col(PublicationRow.network_id) == PostRow.network_id,
    )
    theirs = and_(col(PostRow.role) == Role.CUSTOMER, col(PostRow.folded_author) == CaseRow.folded_author)
    return (
        select(CaseRow.id, PostRow)
        .join(PostRow, col(PostRow.thread) == CaseRow.thread)
        .where(col(CaseRow.id).in_(cases), or_(theirs, and_(col(PostRow.role) == Role.BRAND, to_them, ~sent)))
    )


async def versions_of(session: AsyncSession, posts: Collection[str]) -> Mapping[str, Sequence[PostVersionRow]]:
    """What these posts said before, by post, the oldest first."""
    found: dict[str, list[PostVersionRow]] = defaultdict(list)
    if posts:
        query = select(PostVersionRow).where(col(PostVersionRow.post).in_(posts))
        for row in await session.exec(query.order_by(col(PostVersionRow.version))):
            found[row.post].append(row)
    return found


async def kept_of(session: AsyncSession, ids: Collection[str]) -> Mapping[str, KeptTurnRow]:
    """What was kept of these drafts and turns."""
    if not ids:
        return {}
    return {row.id: row for row in await session.exec(select(KeptTurnRow).where(col(KeptTurnRow.id).in_(ids)))}


async def first_edits_of(session: AsyncSession, drafts: Collection[str]) -> Mapping[str, DecisionRow]:
    """The first edit of each of these drafts, if there was one: it tells what stood there before."""
    if not drafts:
        return {}
    query = select(DecisionRow).where(col(DecisionRow.draft).in_(drafts), DecisionRow.kind == Move.EDIT.value)
    found: dict[str, DecisionRow] = {}
    for row in await session.exec(query.order_by(col(DecisionRow.at), col(DecisionRow.id))):
        found.setdefault(row.draft or "", row)
    return found


async def drafts_of(session: AsyncSession, ids: Collection[str]) -> Mapping[str, DraftRow]:
    """These drafts, without what their turns saw."""
    if not ids:
        return {}
    query = select(DraftRow).where(col(DraftRow.id).in_(ids)).options(*_UNREAD)
    return {row.id: row for row in await session.exec(query)}


async def publications_of(session: AsyncSession, ids: Collection[str]) -> Sequence[PublicationRow]:
    """These publications."""
    if not ids:
        return ()
    return (await session.exec(select(PublicationRow).where(col(PublicationRow.id).in_(ids)))).all()


async def approvals_of(session: AsyncSession, drafts: Collection[str]) -> Sequence[ApprovalRow]:
    """Every approval of these drafts' texts, standing or not, the first first."""
    if not drafts:
        return ()
    query = select(ApprovalRow).where(col(ApprovalRow.draft).in_(drafts))
    return (await session.exec(query.order_by(col(ApprovalRow.at), col(ApprovalRow.step)))).all()


async def moves_of(session: AsyncSession, actions: Collection[str]) -> Mapping[str, Sequence[ActionDecisionRow]]:
    """What was done to these actions, by action, the first first."""
    found: dict[str, list[ActionDecisionRow]] = defaultdict(list)
    if actions:
        query = select(ActionDecisionRow).where(col(ActionDecisionRow.action).in_(actions))
        for row in await session.exec(query.order_by(col(ActionDecisionRow.at), col(ActionDecisionRow.id))):
            found[row.action].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the model endpoint, without its body."""

    turn: str
    number: int
    digest: str
    size: int


async def requests_of(session: AsyncSession, turns: Collection[str]) -> Mapping[str, Sequence[Asked]]:
    """Which requests these drafts and turns sent."""
    found: dict[str, list[Asked]] = defaultdict(list)
    if turns:
        size = func.length(col(ModelRequestRow.body))
        query = (
            select(ModelRequestRow.turn, ModelRequestRow.number, ModelRequestRow.digest, size)
            .where(col(ModelRequestRow.turn).in_(turns))
            .order_by(col(ModelRequestRow.turn), col(ModelRequestRow.number))
        )
        for values in await session.exec(query):
            found[values[0]].append(Asked(*values))
    return found


async def find_request(
    session: AsyncSession, turn: str, number: int, brands: Collection[str]
) -> ModelRequestRow | None:
    """A request with its body, of these brands."""
    query = select(ModelRequestRow).where(
        ModelRequestRow.turn == turn, ModelRequestRow.number == number, col(ModelRequestRow.brand).in_(brands)
    )
    return (await session.exec(query)).first()
