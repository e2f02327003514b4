"""Which model writes, how it stands, and whether it answers."""

from datetime import UTC, datetime, time
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from server.chat_model import repository
from server.db import reading
from server.errors import Conflict
from server.service import Service
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed

router = APIRouter(prefix="/model", tags=["model"])

Operator = Annotated[Caller, Depends(allowed(Permission.TEST_MODEL))]
_OPENAI = "https://api.openai.com/v1"
_PATIENCE_S = 20.0
_STANDING = {"closed": "asked", "half_open": "trying", "open": "paused"}

Standing = Literal["asked", "trying", "paused"]


class NoModel(Conflict):
    """Nothing can be asked of a model where there is none."""

    def __init__(self) -> None:
        super().__init__("no model is configured: every draft is written without AI; DESKSIDE_MODEL names one")


class ModelView(BaseModel):
    """Which model writes, and how this process stands with it. Nothing secret."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "model": "gpt-4.1-mini",
                "at": "api.openai.com",
                "standing": "asked",
                "retry_in_seconds": 0.0,
                "in_use": 1,
                "places": 4,
                "waiting": 0,
                "cost_today": 1.84,
                "spent": 1.91,
                "cap": 20.0,
            }
        }
    )

    model: str | None = Field(description="null: none, and every draft is written without AI.")
    at: str | None = Field(description="The machine that is asked.")
    standing: Standing | None = Field(description="`paused`: it has failed too often, and is left alone for a while.")
    retry_in_seconds: float = 0.0
    in_use: int = Field(default=0, description="Calls under way from this process.")
    places: int = Field(default=0, description="How many may be.")
    waiting: int = Field(default=0, description="Calls that wait for a place.")
    cost_today: float = Field(description="What today's drafts of your brands have cost (UTC), by your prices.")
    spent: float = Field(default=0.0, description="What this process has spent today of what it may.")
    cap: float | None = Field(default=None, description="Of each process; beyond it drafts are written without AI.")


class ModelAnswer(BaseModel):
    """What came of asking for one sentence."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "answered": True,
                "text": "I am here and ready to write.",
                "seconds": 0.8,
                "cost": 0.0001,
                "code": None,
                "words": None,
            }
        }
    )

    answered: bool
    text: str | None
    seconds: float
    cost: float | None = Field(description="In the currency of your prices; null: it is not known.")
    code: str | None = Field(description="Why there is no answer, for programs.")
    words: str | None = Field(description="The same for people.")


@router.get("")
async def get_model(caller: Operator, service: ServiceDep, now: NowDep) -> ModelView:
    """Which model writes, and how it stands: what drafts cost today, and whether it is left alone for a while."""
    today = datetime.combine(now.astimezone(UTC).date(), time.min, UTC)
    async with reading(service.engine) as session:
        cost = await repository.cost_since(session, caller.brands, today)
    if service.model is None:
        return ModelView(model=None, at=None, standing=None, cost_today=cost)
    state, settings = service.model.state, service.model.settings
    return ModelView.model_validate(
        {
            "model": settings.model,
            "at": urlsplit(settings.base_url or _OPENAI).hostname,
            "standing": _STANDING[state.breaker],
            "retry_in_seconds": state.retry_in_s,
            "in_use": state.in_use,
            "places": settings.concurrency,
            "waiting": state.waiting,
            "cost_today": cost,
            "spent": state.spent_today,
            "cap": state.daily_cost_cap,
        }
    )


@router.post("/test")
async def ask_model(caller: Operator, service: ServiceDep) -> ModelAnswer:
    """Ask the model for one sentence, under the guards that drafts have. It is paid for as they are.

    What it does not answer is told here and is no error of this request. Nothing of a customer is sent.
    """
    del caller
    return await _asked(service)


async def _asked(service: Service) -> ModelAnswer:
    endpoint = service.model
    if endpoint is None:
        raise NoModel
    # its libraries take a second to load: they are here already if there is a model
    from assistant.failures import ModelFailure
    from assistant.probing import ask_for_a_sentence

    began = endpoint.clock()
    try:
        said = await ask_for_a_sentence(endpoint, patience_s=_PATIENCE_S)
    except ModelFailure as failure:
        return ModelAnswer(
            answered=False,
            text=None,
            seconds=endpoint.clock() - began,
            cost=None,
            code=failure.code,
            words=str(failure) or failure.code,
        )
    return ModelAnswer(answered=True, text=said.text, seconds=said.seconds, cost=said.cost, code=None, words=None)
