"""How a brand sounds, language by language, and who changes it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.guidance import Language, Voice
from server.brand_settings.deciding import Change, Standing
from server.brand_settings.views import DecidedView, decided_fields
from server.db import reading, writing
from server.staff.roles import Caller, Permission
from server.voices.managing import change_voices, standing_voices
from server.voices.said import SUBJECT, Voices, as_said
from server.web.dependencies import NowDep, ServiceDep, allowed

router = APIRouter(prefix="/voices", tags=["voices"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_POLICIES))]
Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_POLICIES))]
Brand = Annotated[str, Path(max_length=100)]
_Sentence = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class SaidVoice(BaseModel):
    """How the brand sounds in a language on a channel."""

    model_config = ConfigDict(extra="forbid")

    language: Language
    channel: Annotated[
        str, StringConstraints(max_length=50), Field(description='"*": any that has none of its own.')
    ] = "*"
    greeting: Annotated[_Sentence, Field(description="A whole sentence; empty: none.", examples=["Hi there."])] = ""
    sign_off: Annotated[_Sentence, Field(description="The same at the end.", examples=["Your Fernhollow team"])] = ""
    formal: Annotated[bool, Field(description="“Sie”, “usted”, “vous” in what is written with AI.")] = False
    avoid: Annotated[list[_Word], Field(max_length=300, description="Words that texts do not use.")] = Field(
        default_factory=list, examples=[["unfortunately"]]
    )


class _Fields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    voices: Annotated[list[SaidVoice], Field(max_length=100)]


class ChangedVoices(_Fields):
    """A brand's voices as they hold from now on, all of them."""

    version: Annotated[int, Field(ge=0, description="Of the voices as you read them.", examples=[0])]
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class VoicesView(DecidedView, _Fields):
    """A brand's voices as they hold."""


@router.get("/{brand}")
async def get_voices(brand: Brand, caller: Reader, service: ServiceDep) -> VoicesView:
    """How a brand greets, signs off and addresses customers, which words it avoids, and who has decided so."""
    async with reading(service.engine) as session:
        standing = await standing_voices(session, caller, service.desk.guidance, service.settings.knowledge, brand)
        return await _view(session, brand, standing)


@router.put("/{brand}")
async def put_voices(
    brand: Brand, body: ChangedVoices, caller: Manager, service: ServiceDep, now: NowDep
) -> VoicesView:
    """Sound like this from the next draft on. What would never sound or spoil a text is refused, field by field."""
    said = tuple(Voice(brand=brand, **one.model_dump()) for one in body.voices)
    change = Change(brand, said, body.version, caller, body.why, now)
    async with writing(service.engine) as session:
        standing = await change_voices(session, change, service.desk.guidance, service.settings.knowledge)
        return await _view(session, brand, standing)


async def _view(session: AsyncSession, brand: str, standing: Standing[Voices]) -> VoicesView:
    told = await decided_fields(session, SUBJECT, brand, standing)
    return VoicesView.model_validate({"voices": as_said(standing.said), **told})
