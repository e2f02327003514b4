"""The rules as they hold at this moment, with the limits that the brand's people have decided.

Whoever decides reads them in the transaction of the decision: a change holds at once, in every process.
"""

from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.rules import ActionRules, load_action_rules
from server.drafts.rules import ReviewRules, load_rules
from server.limits import repository
from server.limits.said import Limits, actions_with, limits_in_files, load_limits, review_with
from server.models import BrandSettingRow


async def review_rules(session: AsyncSession, knowledge: Path, brand: str) -> ReviewRules:
    """When a second person must approve what this brand says and gives."""
    decided = (await repository.newest(session, [brand])).get(brand)
    limits = said_in(decided) if holds(decided) else limits_in_files(knowledge, brand)
    return review_with(load_rules(knowledge), limits)


async def action_rules(session: AsyncSession, knowledge: Path) -> ActionRules:
    """What is allowed at each brand."""
    decided = {brand: said_in(row) for brand, row in (await repository.newest(session)).items() if holds(row)}
    return actions_with(load_action_rules(knowledge), {**load_limits(knowledge), **decided})


def holds(row: BrandSettingRow | None) -> bool:
    """Whether the database decides: somebody has changed the limits since it said what the files say."""
    return row is not None and not row.from_file


def said_in(row: BrandSettingRow | None) -> Limits:
    """What a version says."""
    assert row is not None
    return Limits.model_validate(row.said)
