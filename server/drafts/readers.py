"""Who of those on duty reads a language: what nobody can read, nobody can answer for."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.guidance import Guidance
from assistant.outcome import Part
from server.drafts.deciding import OpenDraft
from server.drafts.staff_repository import people_at_work
from server.staff.colleagues import ON_DUTY
from server.staff.roles import Caller

_UNLESS_TOLD = ("en",)


async def languages_on_duty(session: AsyncSession, brand: str, caller: Caller, now: datetime) -> frozenset[str]:
    """The languages that the caller or somebody else at work for this brand reads."""
    others = await people_at_work(session, brand, since=now - ON_DUTY)
    return frozenset(language for known in (caller.languages, *others) for language in _read(known))


def reads(caller: Caller, language: str | None) -> bool:
    """Whether this person reads the language; a text whose language is not known is taken for one they do."""
    return language is None or language in _read(caller.languages)


def is_holding_text(opened: OpenDraft, guidance: Guidance) -> bool:
    """Whether the draft says nothing but words that are approved for everybody in this language."""
    draft = opened.draft
    approved = {
        text
        for holding in guidance.holdings
        if holding.brand in (None, draft.brand)
        for language, text in holding.text.items()
        if language == draft.language
    }
    texts = opened.texts
    return Part.PRIVATE not in texts and texts.get(Part.PUBLIC) in approved


def _read(known: Sequence[str]) -> Sequence[str]:
    return known or _UNLESS_TOLD
