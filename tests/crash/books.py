"""What Deskside has written down, read from its database by who needs no process of it to be alive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.states import UNDER_WAY
from server.db import connect, reading
from server.drafts.digests import digest
from server.drafts.states import DraftState
from server.models import (
    ActionRow,
    ApprovalRow,
    CarriedOutRow,
    DraftRow,
    JobRow,
    PostRow,
    PublicationRow,
    RestRow,
)
from server.publications.states import PublicationState
from tests.crash.outside import Approval
from tests.fixtures.town import ACCOUNT

Row = TypeVar("Row", bound=SQLModel)

_TO_DECIDE = frozenset({DraftState.DRAFTING, DraftState.PENDING, DraftState.AWAITING_SECOND})
_UNDER_WAY = frozenset({PublicationState.HELD, PublicationState.QUEUED, PublicationState.SENDING})


@dataclass(frozen=True)
class Books:
    """Everything that matters here, as it stood at one moment."""

    posts: Sequence[PostRow]
    drafts: Sequence[DraftRow]
    rests: Sequence[RestRow]
    approvals: Sequence[ApprovalRow]
    publications: Sequence[PublicationRow]
    actions: Sequence[ActionRow]
    carried_out: Sequence[CarriedOutRow]
    running: Sequence[JobRow]
    dead: Sequence[JobRow]

    @property
    def intents(self) -> set[tuple[str, int]]:
        """The attempts, by publication and number, whose outcome is not written down."""
        return {(row.id, row.attempt) for row in self.publications if row.state == PublicationState.SENDING}

    def unsettled(self, on_network: Sequence[dict[str, object]]) -> list[str]:
        """What is still to be taken in, written, decided or sent."""
        known = {row.network_id for row in self.posts}
        return [
            *(f"post {post['id']} not taken in" for post in on_network if post["id"] not in known),
            *(f"{row.id} {row.state}" for row in self.drafts if row.state in _TO_DECIDE),
            *(f"{row.id} {row.state}, {row.error}" for row in self.publications if row.state in _UNDER_WAY),
            *(f"{row.id} {row.state}, {row.error}" for row in self.actions if row.state in UNDER_WAY),
        ]

    def digests(self, approval: Approval) -> set[str]:
        """What an approval of these texts binds to."""
        draft = next(row for row in self.drafts if row.id == approval.draft)
        target = next(row for row in self.posts if row.id == draft.target_post)
        return {
            digest(
                brand=draft.brand,
                account=ACCOUNT,
                reply_to=target.network_id,
                recipient=target.author,
                part=part,
                text=text,
            )
            for part, text in approval.texts.items()
        }


async def read_books(database: str) -> Books:
    """As it stands in the database at this moment."""
    engine = connect(database)
    try:
        async with reading(engine) as session:
            return Books(
                posts=await _all(session, PostRow),
                drafts=await _all(session, DraftRow),
                rests=await _all(session, RestRow),
                approvals=await _all(session, ApprovalRow),
                publications=await _all(session, PublicationRow),
                actions=await _all(session, ActionRow),
                carried_out=await _all(session, CarriedOutRow),
                running=await _jobs(session, "running"),
                dead=await _jobs(session, "dead"),
            )
    finally:
        await engine.dispose()


async def _all(session: AsyncSession, table: type[Row]) -> Sequence[Row]:
    return (await session.exec(select(table))).all()


async def _jobs(session: AsyncSession, state: str) -> Sequence[JobRow]:
    return (await session.exec(select(JobRow).where(col(JobRow.state) == state))).all()
