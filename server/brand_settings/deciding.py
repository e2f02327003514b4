"""How a brand decides about itself: one version after the other, each by somebody and with a reason.

A subject is a name, "limits", "voices"; what a version says of it is the subject's own, as JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.guidance import Brand
from server.brand_settings import repository
from server.errors import Conflict, NotFound
from server.models import BrandSettingRow
from server.staff.roles import Caller

Said = TypeVar("Said")
_FROM_FILES = "the knowledge folder says the same"


class NoSuchBrand(NotFound):
    """There is no such brand, or it is none of the caller's."""

    def __init__(self) -> None:
        super().__init__("there is no such brand")


class SettingChanged(Conflict):
    """Somebody changed it since it was read; the details hold the version that stands."""

    def __init__(self, subject: str, version: int) -> None:
        super().__init__(f"these {subject} were changed since you read them; look at them again", version=version)


@dataclass(frozen=True, slots=True)
class Standing(Generic[Said]):
    """What holds at a brand, what the files say, and the version that was decided last, or None."""

    said: Said
    in_files: Said
    row: BrandSettingRow | None

    @property
    def version(self) -> int:
        """Its number; 0: nobody has changed what the files say."""
        return self.row.number if self.row is not None else 0


@dataclass(frozen=True, slots=True)
class Change(Generic[Said]):
    """What shall hold: whose, made on which version, by whom, when and why."""

    brand: str
    said: Said
    version: int
    caller: Caller
    why: str
    now: datetime


async def decided(session: AsyncSession, subject: str) -> Mapping[str, BrandSettingRow]:
    """What holds at the brands whose people have decided about a subject; at all others the files decide."""
    return {brand: row for brand, row in (await repository.newest(session, subject)).items() if not row.from_file}


async def decided_by(session: AsyncSession, subject: str, brand: str) -> BrandSettingRow | None:
    """The same of one brand; None: the files decide."""
    row = (await repository.newest(session, subject, [brand])).get(brand)
    return None if row is None or row.from_file else row


async def standing(
    session: AsyncSession, subject: str, brand: str, in_files: Said, said_in: Callable[[BrandSettingRow], Said]
) -> Standing[Said]:
    """What holds at a brand about a subject."""
    row = (await repository.newest(session, subject, [brand])).get(brand)
    return Standing(in_files if row is None or row.from_file else said_in(row), in_files, row)


def refuse_other_brands(caller: Caller, brands: Sequence[Brand], brand: str) -> None:
    """Refuse what is none of the caller's.

    Raises:
        NoSuchBrand: There is no such brand, or it is none of theirs.
    """
    if brand not in caller.brands or brand not in {each.id for each in brands}:
        raise NoSuchBrand


def refuse_outdated(subject: str, before: Standing[Said], change: Change[Said]) -> None:
    """Refuse a change of what is another by now.

    Raises:
        SettingChanged: It is.
    """
    if before.version != change.version:
        raise SettingChanged(subject, before.version)


async def decide(session: AsyncSession, subject: str, change: Change[Said], said: object) -> BrandSettingRow:
    """Add a version that says so. Whoever has it added tells of it.

    Raises:
        SettingChanged: Another of this number stands there by now.
    """
    row = BrandSettingRow(
        brand=change.brand,
        subject=subject,
        number=change.version + 1,
        said=said,
        from_file=False,
        staff=change.caller.id,
        at=change.now,
        why=change.why,
    )
    if not await repository.add_version(session, row):
        raise SettingChanged(subject, row.number)
    return row


async def follow_files(
    session: AsyncSession, subject: str, same: Callable[[str, Any], bool], now: datetime
) -> Sequence[str]:
    """Let the files decide again where they say the `same` as people have decided; for which brands they do now."""
    again = []
    for brand, row in (await decided(session, subject)).items():
        if same(brand, row.said):
            filed = row.model_dump() | {"number": row.number + 1, "from_file": True, "staff": None, "at": now}
            if await repository.add_version(session, BrandSettingRow(**filed | {"why": _FROM_FILES})):
                again.append(brand)
    return again
