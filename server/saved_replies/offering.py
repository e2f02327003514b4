"""Which saved replies fit a draft or a session, and filling one in for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import regex

from assistant.guidance import Intent, Language
from assistant.outcome import Part
from assistant.reading.blanks import find_blanks
from server.db import reading
from server.drafts.deciding import read_draft
from server.drafts.threads import read_case
from server.errors import NotAllowed
from server.models import SavedReplyRow
from server.policies.calendar import Calendar
from server.saved_replies import repository
from server.saved_replies.entries import SavedReplyEntry, as_entry
from server.saved_replies.filling import Filled, Filling
from server.saved_replies.occasions import Occasion, of_draft
from server.saved_replies.refusals import NoSuchSavedReply, NotHere, SavedReplyOver, SavedReplyRetired
from server.saved_replies.variables import VARIABLES
from server.service import Service
from server.staff.roles import Caller, Permission, who_may

_WORD = regex.compile(r"[^\W_]+")
MOST_OFFERED = 300
"""Saved replies of a brand that are offered at once; somebody who searches sees them all."""


class Misfit(StrEnum):
    """Why a saved reply does not fit a draft; the codes that pages have words for."""

    LANGUAGE = "language"
    CHANNEL = "channel"
    PART = "part"
    NOT_VERIFIED = "not_verified"


@dataclass(frozen=True, slots=True)
class Offered:
    """A saved reply for a part of a draft: the text that would be used, and why it does not fit, the worst first.

    One that is in another language can be used all the same; one for other channels or for the other part cannot.
    `named`: so many of its tags name what the customer wants; `of_team`: it is of the team that sees to that.
    """

    row: SavedReplyRow
    part: Part
    language: str | None
    text: str | None
    misfits: tuple[Misfit, ...]
    named: int
    of_team: bool

    @property
    def usable(self) -> bool:
        """Whether it can be put in."""
        return self.text is not None and Misfit.CHANNEL not in self.misfits


async def offer(service: Service, caller: Caller, draft: str, part: Part, now: datetime) -> Sequence[Offered]:
    """The saved replies of a draft's brand, what fits first.

    Raises:
        DraftNotFound: There is no such draft of the caller's brands.
        NotAllowed: The caller may not read cases.
    """
    refuse_without(caller, Permission.READ_CASES, "this tells of a case")
    async with reading(service.engine) as session:
        occasion = of_draft(service, await read_draft(session, caller, draft))
    return await offer_on(service, occasion, (part,), now)


async def offer_on(service: Service, occasion: Occasion, parts: Sequence[Part], now: datetime) -> Sequence[Offered]:
    """A brand's saved replies for the first of these parts that each has a text for, what fits first."""
    async with reading(service.engine) as session:
        today = _today(service, occasion.brand, now)
        rows = await repository.offered(session, occasion.brand, today, limit=MOST_OFFERED)
    intent = next((one for one in service.desk.guidance.intents if one.id == occasion.intent), None)
    found = [_first([_offered(row, occasion, part, intent) for part in parts]) for row in rows]
    return sorted(found, key=_how_well)


def _how_well(one: Offered) -> tuple[bool, bool, int, bool, int]:
    return not one.usable, Misfit.LANGUAGE in one.misfits, -one.named, not one.of_team, len(one.misfits)


def _first(offered: Sequence[Offered]) -> Offered:
    return next((one for one in offered if one.text is not None), offered[0])


async def fill(
    service: Service, caller: Caller, saved_reply: str, draft: str, part: Part, now: datetime
) -> tuple[Offered, Filled]:
    """A saved reply's text for a part of a draft, filled in. Nothing is kept of it.

    Raises:
        DraftNotFound, NoSuchSavedReply: There is none of the caller's brands.
        SavedReplyRetired, SavedReplyOver: It is offered no more.
        NotHere: It is for other channels, or says nothing in this part.
        NotAllowed: The caller may not read cases.
    """
    refuse_without(caller, Permission.READ_CASES, "this tells of a case")
    async with reading(service.engine) as session:
        opened = await read_draft(session, caller, draft)
        case = await read_case(session, opened.case)
    occasion = of_draft(service, opened, case.thread if case else None)
    [found] = await fill_on(service, caller, saved_reply, occasion, (part,), now)
    return found


async def fill_on(
    service: Service, caller: Caller, saved_reply: str, occasion: Occasion, parts: Sequence[Part], now: datetime
) -> Sequence[tuple[Offered, Filled]]:
    """Its text for each of these parts that it has one for, filled in.

    Raises:
        NoSuchSavedReply: There is none of the occasion's brand and the caller's.
        SavedReplyRetired, SavedReplyOver: It is offered no more.
        NotHere: It is for other channels, or has a text for none of these parts.
    """
    async with reading(service.engine) as session:
        row = await repository.find(session, saved_reply, {occasion.brand} & caller.brands)
    if row is None:
        raise NoSuchSavedReply
    _refuse_ended(row, service, now)
    found: list[tuple[Offered, Filled]] = []
    for part in parts:
        one = _offered(row, occasion, part)
        if one.usable and one.text is not None and one.language is not None:
            found.append((one, await Filling(service, caller.name, occasion, one.language, part).fill(one.text)))
    if not found:
        raise NotHere("this saved reply is for another channel, or has no text for this part")
    return found


def refuse_without(caller: Caller, needed: Permission, why: str) -> None:
    """Refuse who may read saved replies alone: what fits somewhere, and what fills it in, tells of a customer.

    Raises:
        NotAllowed: They have not this permission.
    """
    if not caller.may(needed):
        raise NotAllowed(f"{why}, which needs {needed}; {who_may(needed)} has it", permission=str(needed))


def _refuse_ended(row: SavedReplyRow, service: Service, now: datetime) -> None:
    if row.retired_at is not None:
        raise SavedReplyRetired("this saved reply is retired; choose another", at=row.retired_at.isoformat())
    if row.expires_on is not None and row.expires_on < _today(service, row.brand, now):
        raise SavedReplyOver(f"this saved reply is over since {row.expires_on}; choose another")


def _today(service: Service, brand: str, now: datetime) -> date:
    return Calendar.of(service.desk.guidance.brands).day(brand, now)


def _offered(row: SavedReplyRow, occasion: Occasion, part: Part, intent: Intent | None = None) -> Offered:
    entry = as_entry(row)
    language = _language(entry, occasion.language, part)
    text = entry.texts[language].of(part) if language else None
    misfits = []
    if text is None:
        misfits.append(Misfit.PART)
    if entry.channels and occasion.channel not in entry.channels:
        misfits.append(Misfit.CHANNEL)
    if language is not None and occasion.language not in (None, language):
        misfits.append(Misfit.LANGUAGE)
    if text and not occasion.verified and any(_of_record(name) for name in find_blanks(text)):
        misfits.append(Misfit.NOT_VERIFIED)
    named = _named(row, intent) if intent else 0
    return Offered(row, part, language, text, tuple(misfits), named, intent is not None and row.team == intent.team)


def _named(row: SavedReplyRow, intent: Intent) -> int:
    about = _stems(intent.id, intent.title, intent.group, *intent.policies)
    return sum(_stems(tag) <= about for tag in row.tags)


def _stems(*texts: str) -> set[str]:
    """Their words, one or many of a thing alike."""
    return {word.removesuffix("s") for text in texts for word in _WORD.findall(text.casefold())}


def _of_record(name: str) -> bool:
    return name in VARIABLES and VARIABLES[name].of_record


def _language(entry: SavedReplyEntry, wanted: str | None, part: Part) -> Language | None:
    """The draft's if it has a text in that, else English, else the first that it has."""
    having = [language for language, text in entry.texts.items() if text.of(part)]
    preferred = [language for language in (wanted, "en") if language in having]
    return next(iter([*preferred, *having]), None)
