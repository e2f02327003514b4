"""Which saved replies fit a draft, and putting one into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assistant.guidance import Language
from assistant.outcome import Part
from assistant.reading.blanks import find_blanks
from server.db import reading
from server.drafts.deciding import OpenDraft, read_draft
from server.drafts.threads import read_case
from server.errors import NotAllowed
from server.models import SavedReplyRow
from server.policies.calendar import Calendar
from server.saved_replies import repository
from server.saved_replies.entries import SavedReplyEntry, as_entry
from server.saved_replies.filling import Filled, Filling
from server.saved_replies.refusals import NoSuchSavedReply, NotHere, SavedReplyOver, SavedReplyRetired
from server.saved_replies.variables import VARIABLES
from server.service import Service
from server.staff.roles import Caller, Permission, who_may
from tools.records import Known

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
    """

    row: SavedReplyRow
    language: str | None
    text: str | None
    misfits: tuple[Misfit, ...]

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
    _refuse_strangers_to_cases(caller)
    async with reading(service.engine) as session:
        opened = await read_draft(session, caller, draft)
        today = _today(service, opened.draft.brand, now)
        rows = await repository.offered(session, opened.draft.brand, today, limit=MOST_OFFERED)
    found = [_offered(row, opened, part) for row in rows]
    return sorted(found, key=lambda one: (not one.usable, len(one.misfits)))


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
    _refuse_strangers_to_cases(caller)
    async with reading(service.engine) as session:
        opened = await read_draft(session, caller, draft)
        row = await repository.find(session, saved_reply, {opened.draft.brand} & caller.brands)
        if row is None:
            raise NoSuchSavedReply
        case = await read_case(session, opened.case)
    _refuse_ended(row, service, now)
    one = _offered(row, opened, part)
    if not one.usable or one.text is None or one.language is None:
        raise NotHere("this saved reply is for another channel, or has no text for this part")
    thread = case.thread if case else None
    filled = await Filling(service, caller, opened, thread, one.language, part).fill(one.text)
    return one, filled


def _refuse_strangers_to_cases(caller: Caller) -> None:
    """Refuse who may read saved replies alone: what fits a draft, and what fills it in, tells of its customer."""
    if not caller.may(Permission.READ_CASES):
        words = f"this tells of a case, which needs {Permission.READ_CASES}; {who_may(Permission.READ_CASES)} has it"
        raise NotAllowed(words, permission=str(Permission.READ_CASES))


def _refuse_ended(row: SavedReplyRow, service: Service, now: datetime) -> None:
    if row.retired_at is not None:
        raise SavedReplyRetired("this saved reply is retired; choose another", at=row.retired_at.isoformat())
    if row.expires_on is not None and row.expires_on < _today(service, row.brand, now):
        raise SavedReplyOver(f"this saved reply is over since {row.expires_on}; choose another")


def _today(service: Service, brand: str, now: datetime) -> date:
    return Calendar.of(service.desk.guidance.brands).day(brand, now)


def _offered(row: SavedReplyRow, opened: OpenDraft, part: Part) -> Offered:
    entry, channel = as_entry(row), opened.account.channel
    language = _language(entry, opened.draft.language, part)
    text = entry.texts[language].of(part) if language else None
    misfits = []
    if text is None:
        misfits.append(Misfit.PART)
    if entry.channels and channel not in entry.channels:
        misfits.append(Misfit.CHANNEL)
    if language is not None and opened.draft.language not in (None, language):
        misfits.append(Misfit.LANGUAGE)
    known = ((opened.draft.record or {}).get("customer") or {}).get("known")
    if text and known != Known.VERIFIED and any(_of_record(name) for name in find_blanks(text)):
        misfits.append(Misfit.NOT_VERIFIED)
    return Offered(row, language, text, tuple(misfits))


def _of_record(name: str) -> bool:
    return name in VARIABLES and VARIABLES[name].of_record


def _language(entry: SavedReplyEntry, wanted: str | None, part: Part) -> Language | None:
    """The draft's if it has a text in that, else English, else the first that it has."""
    having = [language for language, text in entry.texts.items() if text.of(part)]
    preferred = [language for language in (wanted, "en") if language in having]
    return next(iter([*preferred, *having]), None)
