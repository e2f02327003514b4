"""Reading and changing a brand's limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.guidance import Guidance
from server.actions.rules import load_action_rules
from server.drafts.rules import ReviewRules
from server.errors import Conflict, NotFound, Unprocessable
from server.events.log import record
from server.limits import repository
from server.limits.faults import faults_of
from server.limits.holding import holds, said_in
from server.limits.said import Limits, limits_in_files
from server.models import ActionRow, BrandSettingRow
from server.staff.roles import Caller

_FROM_FILES = "the knowledge folder says the same"
_TOLD = 20


class NoSuchLimits(NotFound):
    """There is no such brand, or it is none of the caller's."""

    def __init__(self) -> None:
        super().__init__("there is no such brand")


class LimitsChanged(Conflict):
    """Somebody changed them since they were read; the details hold the version that stands."""


class LimitsNeeded(Conflict):
    """An action that waits for a decision could never be approved; the details name them."""


class NotLimits(Unprocessable):
    """They would count never, or be no limit; the details say which field is wrong, and why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A brand's limits as they hold, as the files say them, and the version that people decided last, or None."""

    limits: Limits
    in_files: Limits
    row: BrandSettingRow | None

    @property
    def version(self) -> int:
        """Its number; 0: nobody has changed what the files say."""
        return self.row.number if self.row is not None else 0


@dataclass(frozen=True, slots=True)
class Change:
    """New limits: whose, made on which version, by whom, when and why."""

    brand: str
    limits: Limits
    version: int
    caller: Caller
    why: str
    now: datetime


async def standing_limits(
    session: AsyncSession, caller: Caller, guidance: Guidance, knowledge: Path, brand: str
) -> Standing:
    """The limits of one of the caller's brands.

    Raises:
        NoSuchLimits: There is no such brand, or it is none of theirs.
    """
    if brand not in caller.brands or brand not in {each.id for each in guidance.brands}:
        raise NoSuchLimits
    row = (await repository.newest(session, [brand])).get(brand)
    filed = limits_in_files(knowledge, brand)
    return Standing(said_in(row) if holds(row) else filed, filed, row)


async def change_limits(session: AsyncSession, change: Change, guidance: Guidance, knowledge: Path) -> Standing:
    """Decide by these from now on, in every process, of what waits too.

    Raises:
        NoSuchLimits: There is no such brand, or it is none of theirs.
        NotLimits: They would count never, or be no limit.
        LimitsChanged: They stand otherwise than the caller saw them.
        LimitsNeeded: Something that waits could never be approved.
    """
    before = await standing_limits(session, change.caller, guidance, knowledge, change.brand)
    if before.version != change.version:
        raise _changed(before.version)
    _check(change, before.limits, knowledge)
    stuck = [row.id for row in await repository.waiting_actions(session, change.brand) if _is_stuck(row, change.limits)]
    if stuck:
        words = f"{len(stuck)} waiting actions are in a currency that nobody could give any more; decide on them first"
        raise LimitsNeeded(words, actions=stuck[:_TOLD])
    row = BrandSettingRow(
        brand=change.brand,
        subject=repository.LIMITS,
        number=change.version + 1,
        said=change.limits.model_dump(mode="json", exclude_defaults=True),
        from_file=False,
        staff=change.caller.id,
        at=change.now,
        why=change.why,
    )
    if not await repository.add_version(session, row):
        raise _changed(row.number)
    record(
        session,
        "limits.changed",
        change.brand,
        brand=change.brand,
        at=change.now,
        by=change.caller.id,
        version=row.number,
    )
    return Standing(change.limits, before.in_files, row)


async def follow_files(session: AsyncSession, knowledge: Path, now: datetime) -> Sequence[str]:
    """Let the files decide again where they say what people have decided; for which brands they do from now on."""
    again = []
    for brand, row in (await repository.newest(session)).items():
        if holds(row) and said_in(row) == limits_in_files(knowledge, brand):
            same = row.model_dump() | {"number": row.number + 1, "from_file": True, "staff": None, "at": now}
            if await repository.add_version(session, BrandSettingRow(**same | {"why": _FROM_FILES})):
                again.append(brand)
    return again


async def changed_file(session: AsyncSession) -> str | None:
    """limits.yaml as people have decided; None if nobody has."""
    decided = {brand: row for brand, row in sorted((await repository.newest(session)).items()) if holds(row)}
    if not decided:
        return None
    entries = [{"brand": brand, **row.said} for brand, row in decided.items()]
    return yaml.safe_dump({"limits": entries}, allow_unicode=True, sort_keys=False, width=120)


def _changed(version: int) -> LimitsChanged:
    return LimitsChanged("these limits were changed since you read them; look at them again", version=version)


def _check(change: Change, before: Limits, knowledge: Path) -> None:
    faults = list(faults_of(change.limits, before, load_action_rules(knowledge), change.brand))
    if faults:
        told = [{"field": fault.field, "words": fault.words} for fault in faults]
        raise NotLimits(f"{faults[0].field}: {faults[0].words}", faults=told)


def _is_stuck(action: ActionRow, limits: Limits) -> bool:
    """Whether nobody could approve it, whatever it came to."""
    said = next((said for kind, said in limits.actions.items() if kind == action.kind), None)
    currency = action.currency or ""
    review = ReviewRules(amounts=limits.alone)
    nobody = all(review.limit(limit.role, currency) == 0 for limit in limits.alone)
    return nobody or (said is not None and bool(said.most) and currency not in said.most)
