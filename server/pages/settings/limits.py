"""A brand's limits: what people may approve alone and what customers may be given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from babel import numbers
from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from server.actions.kinds import GESTURES, ActionKind
from server.actions.rules import ONLY_FOR, load_action_rules
from server.brand_settings.deciding import NoSuchBrand
from server.limits import endpoints
from server.limits.endpoints import ActionLimits, Brand, CustomerMost, LimitsView
from server.pages.rendering import show
from server.pages.settings.sections import LIMITS, Section, sections_for
from server.pages.visit import Visit, visiting
from server.staff.roles import Permission, Role, roles_with

router = APIRouter(prefix="/settings/limits")

VisitDep = Annotated[Visit, Depends(visiting(Permission.READ_POLICIES))]

USUAL = ("GBP", "EUR", "USD")
"""Currencies that amounts can be written in besides those that the limits name."""
_AMOUNTS = ("most", "per_month", "checked_above")


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency and how many places its amounts have: GBP has two, JPY none."""

    code: str
    places: int

    def written(self, amounts: Mapping[str, int]) -> str:
        """The amount in it as it is typed; nothing if none is named."""
        amount = amounts.get(self.code)
        return "" if amount is None else f"{amount / 10**self.places:.{self.places}f}"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """What a role may approve alone."""

    role: Role
    most: Mapping[str, int]
    unlimited: bool


@dataclass(frozen=True, slots=True)
class ActionRow:
    """What actions of a kind may come to. `amounts` are those that say something for it, by name."""

    kind: ActionKind
    amounts: Mapping[str, Mapping[str, int]]
    per_customer: CustomerMost | None
    limits_customers: bool


@dataclass(frozen=True, slots=True)
class LimitsPage:
    """One brand's limits, as they hold and as they were."""

    sections: Sequence[Section]
    brands: Sequence[str]
    limits: LimitsView
    roles: Sequence[RoleRow]
    actions: Sequence[ActionRow]
    currencies: Sequence[Currency]
    manages: bool


@router.get("")
async def first_page(visit: VisitDep) -> RedirectResponse:
    """The first brand's."""
    known = _brands(visit)
    if not known:
        raise NoSuchBrand
    return RedirectResponse(f"/settings/limits/{known[0]}", status_code=303)


@router.get("/{brand}")
async def limits_page(brand: Brand, visit: VisitDep) -> HTMLResponse:
    """One brand's."""
    limits = await endpoints.get_limits(brand, visit.caller, visit.service)
    context = LimitsPage(
        sections_for(visit.caller, LIMITS),
        _brands(visit),
        limits,
        _roles(limits),
        _actions(visit, limits),
        _currencies(limits),
        visit.caller.may(Permission.MANAGE_LIMITS),
    )
    return show(visit.request, "settings/limits", context)


def _brands(visit: Visit) -> Sequence[str]:
    return [brand.id for brand in visit.service.desk.guidance.brands if brand.id in visit.caller.brands]


def _roles(limits: LimitsView) -> Sequence[RoleRow]:
    said = {one.role: one for one in limits.alone}
    return [
        RoleRow(role, said[role].most, said[role].unlimited) if role in said else RoleRow(role, {}, unlimited=False)
        for role in roles_with(Permission.APPROVE_ACTIONS)
    ]


def _actions(visit: Visit, limits: LimitsView) -> Sequence[ActionRow]:
    """The kinds that have limits, and the gestures that are allowed and could have some."""
    rules = load_action_rules(visit.service.settings.knowledge)
    could = [kind for kind in ActionKind if kind in GESTURES and rules.rule(kind, limits.brand) is not None]
    rows = []
    for kind in dict.fromkeys((*limits.actions, *could)):
        said = limits.actions.get(kind, ActionLimits())
        amounts = {name: getattr(said, name) for name in _AMOUNTS if kind in ONLY_FOR.get(name, {kind})}
        rows.append(ActionRow(kind, amounts, said.per_customer, kind in ONLY_FOR["per_customer"]))
    return rows


def _currencies(limits: LimitsView) -> Sequence[Currency]:
    named = [role.most for role in limits.alone]
    for action in limits.actions.values():
        named += [action.most, action.per_month, action.checked_above]
        named += [action.per_customer.most] if action.per_customer else []
    codes = dict.fromkeys((*USUAL, *sorted({code for amounts in named for code in amounts})))
    return [Currency(code, numbers.get_currency_precision(code)) for code in codes]
