"""Reading and changing a brand's voices."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.guidance import Brand, Guidance
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
from server.channels.repository import list_accounts
from server.errors import Unprocessable
from server.events.log import record
from server.faults import refuse_faulty
from server.staff.roles import Caller
from server.voices.faults import faults_of
from server.voices.said import (
    SUBJECT,
    Voices,
    as_file,
    as_said,
    load_voices,
    ordered,
    said_in,
    voices_in_file,
    voices_of,
)


class NotVoices(Unprocessable):
    """They would never sound, or spoil what they are put around; the details say which field is wrong, and why."""


async def standing_voices(
    session: AsyncSession, caller: Caller, guidance: Guidance, knowledge: Path, brand: str
) -> Standing[Voices]:
    """The voices of one of the caller's brands.

    Raises:
        NoSuchBrand: There is no such brand, or it is none of theirs.
    """
    refuse_other_brands(caller, guidance.brands, brand)
    return await standing(session, SUBJECT, brand, voices_in_file(knowledge, brand), said_in)


async def change_voices(
    session: AsyncSession, change: Change[Voices], guidance: Guidance, knowledge: Path
) -> Standing[Voices]:
    """Speak like this from the next draft on, in every process.

    Raises:
        NoSuchBrand: There is no such brand, or it is none of theirs.
        NotVoices: Something is wrong with them.
        SettingChanged: They stand otherwise than the caller saw them.
    """
    before = await standing_voices(session, change.caller, guidance, knowledge, change.brand)
    refuse_outdated(SUBJECT, before, change)
    brand = next(each for each in guidance.brands if each.id == change.brand)
    refuse_faulty(faults_of(change.said, brand, await networks_of(session, brand)), NotVoices)
    said = ordered(change.said)
    row = await decide(session, SUBJECT, change, as_said(said))
    record(session, "voices.changed", row.brand, brand=row.brand, at=row.at, by=row.staff, version=row.number)
    return replace(before, said=said, row=row)


async def networks_of(session: AsyncSession, brand: Brand) -> Collection[str]:
    """Where the brand has an account, in the database or by name."""
    return {*brand.accounts, *(row.channel for row in await list_accounts(session, brands=[brand.id]))}


async def follow_file(session: AsyncSession, knowledge: Path, now: datetime) -> Sequence[str]:
    """Let the file decide again where it says what people have decided; for which brands it does from now on."""

    def same(brand: str, said: object) -> bool:
        return voices_of(brand, said) == voices_in_file(knowledge, brand)

    return await follow_files(session, SUBJECT, same, now)


async def changed_file(session: AsyncSession, knowledge: Path) -> str | None:
    """voice.yaml as people have decided, the other brands as it has them; None if nobody has."""
    rows = await decided(session, SUBJECT)
    if not rows:
        return None
    filed = load_voices(knowledge)
    voices = {**filed, **{brand: said_in(row) for brand, row in sorted(rows.items())}}
    return as_file(one for said in voices.values() for one in said)
