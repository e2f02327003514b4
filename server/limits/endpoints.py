"""What a brand's people may approve alone and what customers may be given, and who changes it."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.kinds import ActionKind
from server.brand_settings.deciding import Change, Standing
from server.brand_settings.views import DecidedView, decided_fields
from server.db import reading, writing
from server.limits.managing import change_limits, standing_limits
from server.limits.said import SUBJECT, Limits
from server.staff.roles import Caller, Permission, Role
from server.web.dependencies import NowDep, ServiceDep, allowed

router = APIRouter(prefix="/limits", tags=["limits"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_POLICIES))]
Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_LIMITS))]
Brand = Annotated[str, Path(max_length=100)]
Amount = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
Amounts = Annotated[
    dict[Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")], Amount],
    Field(max_length=50, description="Minor units by currency.", examples=[{"GBP": 2500, "EUR": 3000}]),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RoleLimit(_Body):
    """What a role may approve alone."""

    role: Role
    most: Amounts = Field(default_factory=dict)
    unlimited: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.unlimited == bool(self.most):
            raise ValueError("name either `most` or `unlimited: true`")
        return self


class CustomerMost(_Body):
    """What one customer may be given within some days."""

    days: Annotated[int, Field(strict=True, ge=1, le=3660)] = 30
    times: Annotated[int | None, Field(strict=True, ge=1, le=10_000)] = None
    most: Amounts = Field(default_factory=dict)


class ActionLimits(_Body):
    """What actions of a kind may come to."""

    most: Annotated[Amounts, Field(description="One action.")] = Field(default_factory=dict)
    per_customer: CustomerMost | None = None
    per_month: Annotated[Amounts, Field(description="All customers in a calendar month.")] = Field(default_factory=dict)
    checked_above: Annotated[Amounts, Field(description="An order worth more needs a second person.")] = Field(
        default_factory=dict
    )


class _Fields(_Body):
    alone: Annotated[
        list[RoleLimit], Field(max_length=10, description="A role that is not named may give nothing alone.")
    ]
    reach_above: Annotated[
        int | None, Field(ge=0, le=10_000_000_000, description="Readers of a post from which on a second person looks.")
    ] = None
    actions: dict[ActionKind, ActionLimits] = Field(default_factory=dict)


class ChangedLimits(_Fields):
    """A brand's limits as they hold from now on, whole."""

    version: Annotated[int, Field(ge=0, description="Of the limits as you read them.", examples=[0])]
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]

    def limits(self) -> Limits:
        """As they are decided by."""
        return Limits.model_validate(self.model_dump(mode="json", exclude={"version", "why"}))


class LimitsView(DecidedView, _Fields):
    """A brand's limits as they hold."""


@router.get("/{brand}")
async def get_limits(brand: Brand, caller: Reader, service: ServiceDep) -> LimitsView:
    """What a brand's people may approve alone and what customers may be given, and who has decided so."""
    async with reading(service.engine) as session:
        standing = await standing_limits(session, caller, service.desk.guidance, service.settings.knowledge, brand)
        return await _view(session, brand, standing)


@router.put("/{brand}")
async def put_limits(
    brand: Brand, body: ChangedLimits, caller: Manager, service: ServiceDep, now: NowDep
) -> LimitsView:
    """Decide by these from now on, of what waits too. What would be no limit is refused, field by field."""
    change = Change(brand, body.limits(), body.version, caller, body.why, now)
    async with writing(service.engine) as session:
        standing = await change_limits(session, change, service.desk.guidance, service.settings.knowledge)
        return await _view(session, brand, standing)


async def _view(session: AsyncSession, brand: str, standing: Standing[Limits]) -> LimitsView:
    told = await decided_fields(session, SUBJECT, brand, standing)
    return LimitsView.model_validate({**standing.said.model_dump(mode="json"), **told})
