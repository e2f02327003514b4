"""People who review, and what they do in a word."""

from assistant.outcome import Part
from server.db import writing
from server.drafts import review
from server.drafts.approvals import Terms
from server.models import DraftRow
from server.staff.roles import Caller, Role
from tests.fakes.cases import STRANGER, CaseWorld, person

LATE = "Where is my order FH-10423? It is so late."
RETURNS = "Can I return unused goods after 50 days?"
DANGER = "The stove exploded and burned my hand, I am in hospital"
REP = person("rep", Role.REP)
SOCIAL = person("social", Role.SOCIAL)
BOSS = person("supervisor", Role.SUPERVISOR)
OTHER_BOSS = person("supervisor-2", Role.SUPERVISOR)
ADMIN = person("admin", Role.ADMIN)
LOOKED = Terms(confirmed=True)


async def approve(
    world: CaseWorld, draft: str, by: Caller = REP, terms: Terms = LOOKED, **texts: str | None
) -> DraftRow:
    words = {Part(part): text for part, text in texts.items()}
    return await review.approve(world.service, by, draft, await world.seen(draft), terms, words)


async def edit(world: CaseWorld, draft: str, by: Caller = REP, **texts: str | None) -> DraftRow:
    words = {Part(part): text for part, text in texts.items()}
    return await review.edit(world.service, by, draft, await world.seen(draft), words)


async def otherwise(world: CaseWorld, text: str = RETURNS, **columns: object) -> DraftRow:
    """A draft that is otherwise than it was written."""
    draft = await world.drafted(text, STRANGER)
    async with writing(world.engine) as session:
        row = await session.get_one(DraftRow, draft.id)
        for name, value in columns.items():
            setattr(row, name, value)
    return await world.draft(draft.id)
