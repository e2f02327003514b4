"""Accounts on channels: how each does, when it is answered, adding and removing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from server.channels import endpoints
from server.channels.accounts import NoSuchAccount
from server.channels.adapters import ADAPTERS
from server.channels.health import AccountHealth, health_of
from server.channels.hours import DAYS, Hours
from server.channels.repository import find_account
from server.channels.views import AccountView, RowId
from server.db import reading
from server.pages.rendering import show
from server.pages.settings.sections import CHANNELS, Section, brands_of, sections_for
from server.pages.visit import Visit, visiting
from server.staff.roles import Permission
from server.web.paging import LARGEST_PAGE, Cursor

router = APIRouter(prefix="/settings/channels")

VisitDep = Annotated[Visit, Depends(visiting(Permission.READ_ACCOUNTS))]

COUNTED = ("x", "bluesky", "mastodon", "instagram", "webhook")
"""Networks that are suggested; any name is taken."""

SIGNED = ("^{initials}", "-{initials}", "– {initials}", "/{initials}", "({initials})")
"""How texts can be signed with a click; the API takes others."""


@dataclass(frozen=True, slots=True)
class ChannelsPage:
    """The accounts and how they do, by their ids."""

    sections: Sequence[Section]
    accounts: Sequence[AccountView]
    health: Mapping[str, AccountHealth]
    next: str | None
    manages: bool
    brands: Sequence[str]
    adapters: Sequence[str] = tuple(ADAPTERS)
    channels: Sequence[str] = COUNTED


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One of them. `hours` are as they were read, whole; `forms` how its texts can end with initials."""

    sections: Sequence[Section]
    account: AccountView
    health: AccountHealth
    hours: Hours
    manages: bool
    forms: Sequence[str]
    days: Sequence[str] = DAYS


@router.get("")
async def channels_page(visit: VisitDep, cursor: Cursor = None) -> HTMLResponse:
    """Every account of the viewer's brands."""
    caller, service, request = visit.caller, visit.service, visit.request
    page = await endpoints.list_accounts(caller, service, request, visit.now, limit=LARGEST_PAGE, cursor=cursor)
    health = await endpoints.list_health(caller, service, request, visit.now, limit=LARGEST_PAGE)
    context = ChannelsPage(
        sections_for(caller, CHANNELS),
        page.items,
        {one.account: one for one in health.items},
        page.next,
        caller.may(Permission.MANAGE_ACCOUNTS),
        brands_of(caller),
    )
    return show(request, "settings/channels", context)


@router.get("/{account}")
async def account_page(account: RowId, visit: VisitDep) -> HTMLResponse:
    """One of them, with its hours."""
    async with reading(visit.service.engine) as session:
        row = await find_account(session, account)
        if row is None or row.brand not in visit.caller.brands:
            raise NoSuchAccount(f"no account {account}")
        [health] = await health_of(session, [row], visit.now)
    context = AccountPage(
        sections_for(visit.caller, CHANNELS),
        AccountView.of(row, visit.now),
        health,
        Hours.model_validate(row.hours),
        visit.caller.may(Permission.MANAGE_ACCOUNTS),
        list(dict.fromkeys((*SIGNED, row.initials) if row.initials else SIGNED)),
    )
    return show(visit.request, "settings/account", context)
