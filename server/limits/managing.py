"""Reading and changing a brand's limits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.guidance import Guidance
from server.actions.rules import load_action_rules
from server.brand_settings.deciding import (
    Change,
    Standing,
    decide,
    decided,
    follow_files,
    refuse_other_brands,
    refuse_outdated,
    standing,
)
from server.drafts.rules import ReviewRules
from server.errors import Conflict, Unprocessable
from server.events.log import record
from server.faults import refuse_faulty
from server.limits import repository
from server.limits.faults import faults_of
from server.limits.holding import said_in
from server.limits.said import SUBJECT, Limits, limits_in_files
from server.models import ActionRow
from server.policies.yaml_files import write_entries
from server.staff.roles import Caller

_TOLD = 20


class LimitsNeeded(Conflict):
    """An action that waits for a decision could never be approved; the details name them."""


class NotLimits(Unprocessable):
    """They would count never, or be no limit; the details say which field is wrong, and why."""


async def standing_limits(
    session: AsyncSession, caller: Caller, guidance: Guidance, knowledge: Path, brand: str
) -> Standing[Limits]:
    """The limits of one of the caller's brands.

    Raises:
        NoSuchBrand: There is no such brand, or it is none of theirs.
    """
    refuse_other_brands(caller, guidance.brands, brand)
    return await standing(session, SUBJECT, brand, limits_in_files(knowledge, brand), said_in)


async def change_limits(
    session: AsyncSession, change: Change[Limits], guidance: Guidance, knowledge: Path
) -> Standing[Limits]:
    """Decide by these from now on, in every process, of what waits too.

    Raises:
        NoSuchBrand: There is no such brand, or it is none of theirs.
        NotLimits: They would count never, or be no limit.
        SettingChanged: They stand otherwise than the caller saw them.
        LimitsNeeded: Something that waits could never be approved.
    """
    before = await standing_limits(session, change.caller, guidance, knowledge, change.brand)
    refuse_outdated(SUBJECT, before, change)
    faults = faults_of(change.said, before.said, load_action_rules(knowledge), change.brand)
    refuse_faulty(faults, NotLimits)
    stuck = [row.id for row in await repository.waiting_actions(session, change.brand) if _is_stuck(row, change.said)]
    if stuck:
        words = f"{len(stuck)} waiting actions are in a currency that nobody could give any more; decide on them first"
        raise LimitsNeeded(words, actions=stuck[:_TOLD])
    row = await decide(session, SUBJECT, change, change.said.model_dump(mode="json", exclude_defaults=True))
    record(session, "limits.changed", row.brand, brand=row.brand, at=row.at, by=row.staff, version=row.number)
    return replace(before, said=change.said, row=row)


async def follow_file(session: AsyncSession, knowledge: Path, now: datetime) -> Sequence[str]:
    """Let the files decide again where they say what people have decided; for which brands they do from now on."""

    def same(brand: str, said: object) -> bool:
        return Limits.model_validate(said) == limits_in_files(knowledge, brand)

    return await follow_files(session, SUBJECT, same, now)


async def changed_file(session: AsyncSession) -> str | None:
    """limits.yaml as people have decided; None if nobody has."""
    rows = await decided(session, SUBJECT)
    if not rows:
        return None
    entries = [{"brand": brand, **row.said} for brand, row in sorted(rows.items())]
    return write_entries("limits", entries)


def _is_stuck(action: ActionRow, limits: Limits) -> bool:
    """Whether nobody could approve it, whatever it came to."""
    said = next((said for kind, said in limits.actions.items() if kind == action.kind), None)
    currency = action.currency or ""
    review = ReviewRules(amounts=limits.alone)
    nobody = all(review.limit(limit.role, currency) == 0 for limit in limits.alone)
    return nobody or (said is not None and bool(said.most) and currency not in said.most)
