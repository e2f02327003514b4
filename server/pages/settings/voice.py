"""How a brand sounds: a card per language, with what differs on a network, and how a short answer looks with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.case import BETWEEN_TWO
from assistant.guidance import Brand
from server.brand_settings.deciding import NoSuchBrand
from server.channels.repository import list_accounts
from server.db import reading
from server.drafts.signing import signed
from server.models import AccountRow
from server.pages.rendering import show
from server.pages.settings.sections import VOICE, Section, sections_for
from server.pages.visit import Visit, visiting
from server.staff.roles import Permission
from server.voices import endpoints
from server.voices.endpoints import SaidVoice, VoicesView
from server.voices.said import ANY_CHANNEL, as_file, voices_in_file

router = APIRouter(prefix="/settings/voice")

VisitDep = Annotated[Visit, Depends(visiting(Permission.READ_POLICIES))]

_ANSWERS = {
    "en": ("You have 60 days to send it back.", "You have 60 days to send it back."),
    "de": ("Du hast 60 Tage Zeit, sie zurückzuschicken.", "Sie haben 60 Tage Zeit, sie zurückzuschicken."),
    "es": ("Tienes 60 días para devolverla.", "Tiene 60 días para devolverla."),
    "fr": ("Tu as 60 jours pour la renvoyer.", "Vous avez 60 jours pour la renvoyer."),
}
"""A short answer in each language, as to a friend and as to somebody else."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A voice and its place among all. `own`: it addresses and avoids otherwise than its language does elsewhere.

    `signature` are the viewer's initials where texts end with them.
    """

    at: int
    voice: SaidVoice
    own: bool
    signature: str


@dataclass(frozen=True, slots=True)
class Card:
    """A language: how it sounds on any network, what differs on some, and on which others it could.

    `answers` are a short answer as to a friend and as to somebody else; they are the same where a language has no two
    ways of addressing people.
    """

    language: str
    anywhere: Sounding
    exceptions: Sequence[Sounding]
    others: Mapping[str, str]
    answers: tuple[str, str]


@dataclass(frozen=True, slots=True)
class VoicePage:
    """One brand's voices, as they hold and as they were; `in_file` is what the file says, where it differs."""

    sections: Sequence[Section]
    brands: Sequence[str]
    voices: VoicesView
    cards: Sequence[Card]
    in_file: str | None
    manages: bool
    between_two: Sequence[str] = BETWEEN_TWO


@router.get("")
async def first_page(visit: VisitDep) -> RedirectResponse:
    """The first brand's."""
    known = _brands(visit)
    if not known:
        raise NoSuchBrand
    return RedirectResponse(f"/settings/voice/{known[0].id}", status_code=303)


@router.get("/{brand}")
async def voice_page(brand: endpoints.Brand, visit: VisitDep) -> HTMLResponse:
    """One brand's."""
    voices = await endpoints.get_voices(brand, visit.caller, visit.service)
    known = _brands(visit)
    async with reading(visit.service.engine) as session:
        accounts = await list_accounts(session, brands=[brand])
    [speaks] = [one for one in known if one.id == brand]
    knowledge = visit.service.settings.knowledge
    context = VoicePage(
        sections_for(visit.caller, VOICE),
        [one.id for one in known],
        voices,
        _cards(voices, speaks, _signatures(speaks, accounts, visit.caller.initials)),
        as_file(voices_in_file(knowledge, brand)) if voices.file_differs else None,
        visit.caller.may(Permission.MANAGE_POLICIES),
    )
    return show(visit.request, "settings/voice", context)


def _brands(visit: Visit) -> Sequence[Brand]:
    return [brand for brand in visit.service.desk.guidance.brands if brand.id in visit.caller.brands]


def _signatures(brand: Brand, accounts: Sequence[AccountRow], initials: str) -> Mapping[str, str]:
    """How the viewer's texts would end, by network; empty where they are not signed."""
    ends = {account.channel: signed(initials, account.initials) for account in accounts}
    return {**dict.fromkeys((*sorted(brand.accounts), *BETWEEN_TWO), ""), **ends}


def _cards(voices: VoicesView, brand: Brand, signatures: Mapping[str, str]) -> Sequence[Card]:
    """In the order of the brand's languages; the places count on from card to card, as they are sent."""
    cards: list[Card] = []
    at = 0
    for language in brand.languages:
        said = {one.channel: one for one in voices.voices if one.language == language}
        anywhere = said.pop(ANY_CHANNEL, SaidVoice(language=language))
        free = {channel: end for channel, end in signatures.items() if channel not in said}
        first = Sounding(at, anywhere, own=False, signature=_shared(free))
        exceptions = [
            Sounding(at + number, one, _is_own(one, anywhere), signatures.get(one.channel, ""))
            for number, one in enumerate(said.values(), start=1)
        ]
        cards.append(Card(language, first, exceptions, free, _ANSWERS[language]))
        at += 1 + len(exceptions)
    return cards


def _is_own(voice: SaidVoice, anywhere: SaidVoice) -> bool:
    return (voice.formal, voice.avoid) != (anywhere.formal, anywhere.avoid)


def _shared(ends: Mapping[str, str]) -> str:
    """How texts end on those networks that have no voice of their own, where it is the same on all."""
    found: Collection[str] = {end for channel, end in ends.items() if channel not in BETWEEN_TWO}
    return next(iter(found)) if len(found) == 1 else ""
