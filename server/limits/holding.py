"""The rules as they hold at this moment, with the limits that the brand's people have decided.

Whoever decides reads them in the transaction of the decision: a change holds at once, in every process.
"""

from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.rules import ActionRules, load_action_rules
from server.brand_settings.deciding import decided, decided_by
from server.drafts.rules import ReviewRules, load_rules
from server.limits.said import SUBJECT, Limits, actions_with, limits_in_files, load_limits, review_with
from server.models import BrandSettingRow


async def review_rules(session: AsyncSession, knowledge: Path, brand: str) -> ReviewRules:
    """When a second person must approve what this brand says and gives."""
    row = await decided_by(session, SUBJECT, brand)
    limits = said_in(row) if row is not None else limits_in_files(knowledge, brand)
    return review_with(load_rules(knowledge), limits)


async def action_rules(session: AsyncSession, knowledge: Path) -> ActionRules:
    """What is allowed at each brand."""
    said = {brand: said_in(row) for brand, row in (await decided(session, SUBJECT)).items()}
    return actions_with(load_action_rules(knowledge), {**load_limits(knowledge), **said})


def said_in(row: BrandSettingRow) -> Limits:
    """What a version says."""
    return Limits.model_validate(row.said)
