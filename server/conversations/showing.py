"""A session's turns as they ended: for who opens it again, and for who has read a stream to its end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.conversations import repository
from server.conversations.asking import TurnNotFound
from server.conversations.live import ENDS
from server.conversations.opening import ConversationNotFound
from server.conversations.views import SuggestionView, TurnView
from server.models import TurnRow
from server.staff.naming import names_of

_READ = "evidence"
_TURNS = 20


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn with what its stream ended with, what was read for it, and what it suggested."""

    view: TurnView
    result: Mapping[str, Any] = field(default_factory=dict)
    read: Sequence[Mapping[str, Any]] = ()
    suggestions: Sequence[SuggestionView] = ()


async def show_turns(session: AsyncSession, conversation: str, brands: Collection[str]) -> list[ShownTurn]:
    """The latest turns of a session, the newest first.

    Raises:
        ConversationNotFound: There is none of this id, or it is none of these brands'.
    """
    if await repository.find_conversation(session, conversation, brands) is None:
        raise ConversationNotFound
    return await _shown(session, await repository.turns_of(session, conversation, limit=_TURNS))


async def show_turn(session: AsyncSession, conversation: str, turn: str, brands: Collection[str]) -> ShownTurn:
    """One turn of a session.

    Raises:
        TurnNotFound: There is none of this id in this session, or it is none of these brands'.
    """
    row = await repository.find_turn(session, conversation, turn, brands)
    if row is None:
        raise TurnNotFound
    [shown] = await _shown(session, [row])
    return shown


async def _shown(session: AsyncSession, rows: Sequence[TurnRow]) -> list[ShownTurn]:
    ids = [row.id for row in rows]
    parts = {(part.turn, part.kind): part.data for part in await repository.parts_of(session, ids, {_READ, *ENDS})}
    suggested = await repository.suggestions_of_turns(session, ids)
    names = await names_of(session, {row.staff for row in rows})
    return [
        ShownTurn(
            TurnView.of(row, names),
            parts.get((row.id, row.state), {}),
            parts.get((row.id, _READ), {}).get("evidence", ()),
            [SuggestionView.of(one) for one in suggested if one.turn == row.id],
        )
        for row in rows
    ]
