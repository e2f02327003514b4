"""What networks tell us over webhooks; accounts; and the bytes of what came with posts."""

import secrets
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels import accounts, repository, signatures
from server.channels.accounts import NoSuchAccount
from server.channels.addresses import Reach
from server.channels.arrivals import Arrivals, Told
from server.channels.health import AccountHealth, health_of
from server.channels.link_endpoints import incidents_router, links_router
from server.channels.media_types import EXTENSIONS, SHOWN
from server.channels.polling import start_polling
from server.channels.views import AccountView, ChangedHours, ChangedInitials, NewAccount, RowId, Taken
from server.channels.wire import events_schema
from server.db import reading, writing
from server.errors import NotFound
from server.models import AccountRow
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Cursors, Limit, Page, cursors_of

webhooks_router = APIRouter(prefix="/webhooks", tags=["webhooks"])
accounts_router = APIRouter(prefix="/accounts", tags=["accounts"])
attachments_router = APIRouter(prefix="/attachments", tags=["attachments"])
routers = (webhooks_router, accounts_router, links_router, incidents_router, attachments_router)

Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_ACCOUNTS))]

_SIGNED_EVENTS = {
    "parameters": [
        {
            "name": signatures.HEADER,
            "in": "header",
            "required": True,
            "schema": {"type": "string", "maxLength": signatures.LONGEST},
            "example": "t=1795176000,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd",
        }
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": events_schema()}}},
    "security": [],
}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {type_: {"schema": {"type": "string", "format": "binary"}} for type_ in EXTENSIONS}}
}


class NoSuchBrand(NotFound):
    """There is no such brand, or it is none of the caller's."""


class NoSuchAttachment(NotFound):
    """There is no such attachment, none of the caller's brands, or its bytes are not kept."""


@webhooks_router.post("/{account}", status_code=202, openapi_extra=_SIGNED_EVENTS)
async def take_in(account: RowId, request: Request, service: ServiceDep, now: NowDep) -> Taken:
    """Tell what has happened on a network. When this answers, it is stored; telling it again changes nothing.

    The body is signed in the header `X-Deskside-Signature: t=<unix seconds>,v1=<hex>` with the HMAC-SHA256 of
    `<t>.<body>` under the account's secret. A signature counts for five minutes and once: sign again to send again.
    """
    body = await request.body()
    arrivals: Arrivals = request.app.state.arrivals
    row = await arrivals.account(service, account)
    if row is None:
        # whoever has no secret does not learn which accounts there are
        signatures.check(secrets.token_hex(), signatures.header_of(request.headers), body, now=now)
        raise NoSuchAccount(f"no account {account}")
    channel = service.channel(row)
    channel.verify(request.headers, body, now=now)
    told = Told(row, signatures.digest_of(request.headers, body), channel.receive(body))
    taken = await arrivals.store(service, told)
    return Taken(taken=taken, known=len(told.events) - taken)


@accounts_router.get("")
async def list_accounts(
    caller: Annotated[Caller, Depends(allowed(Permission.READ_ACCOUNTS))],
    service: ServiceDep,
    request: Request,
    now: NowDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AccountView]:
    """The accounts of your brands, by their ids."""
    async with reading(service.engine) as session:
        items, following = await _page(session, caller, cursors_of(request, "accounts"), limit, cursor)
    return Page(items=[AccountView.of(row, now) for row in items], next=following)


@accounts_router.get("/health")
async def list_health(
    caller: Annotated[Caller, Depends(allowed(Permission.READ_ACCOUNTS))],
    service: ServiceDep,
    request: Request,
    now: NowDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AccountHealth]:
    """How the accounts of your brands do, by their ids: whether their networks answer, what came in, what failed."""
    async with reading(service.engine) as session:
        items, following = await _page(session, caller, cursors_of(request, "accounts-health"), limit, cursor)
        return Page(items=await health_of(session, items, now), next=following)


async def _page(
    session: AsyncSession, caller: Caller, cursors: Cursors, limit: int, cursor: str | None
) -> tuple[Sequence[AccountRow], str | None]:
    """The accounts of one page, and the cursor of the next."""
    place = cursors.read(cursor)
    after = place[0] if place else None
    found = await repository.list_accounts(session, brands=caller.brands, after=after, limit=limit + 1)
    return cursors.page(found, limit, lambda row: [row.id])


@accounts_router.post("", status_code=201)
async def add_account(body: NewAccount, caller: Manager, service: ServiceDep, now: NowDep) -> AccountView:
    """Speak as another account of one of your brands from now on. `deskside channels secret` prints its secret."""
    if body.brand not in caller.brands:
        raise NoSuchBrand(f"no brand {body.brand}")
    await accounts.check_address(body, Reach.of(service.settings.private_hosts))
    async with writing(service.engine) as session:
        row = await accounts.add_account(session, body, now)
        await start_polling(session, [row], now)
    return AccountView.of(row, now)


@accounts_router.put("/{account}/hours")
async def change_hours(
    account: RowId, body: ChangedHours, caller: Manager, service: ServiceDep, now: NowDep
) -> AccountView:
    """Answer an account at other times from now on. What is due already stays due when it was."""
    async with writing(service.engine) as session:
        row = await accounts.change_hours(
            session, account, body.hours, was=body.was, now=now, by=caller.id, brands=caller.brands
        )
        return AccountView.of(row, now)


@accounts_router.put("/{account}/initials")
async def change_initials(
    account: RowId, body: ChangedInitials, caller: Manager, service: ServiceDep, now: NowDep
) -> AccountView:
    """Have texts end with the initials of who approves them, or not. What is approved already is sent as it was."""
    async with writing(service.engine) as session:
        row = await accounts.change_initials(
            session, account, body.initials, now=now, by=caller.id, brands=caller.brands
        )
        return AccountView.of(row, now)


@accounts_router.delete("/{account}", status_code=204)
async def remove_account(account: RowId, caller: Manager, service: ServiceDep, now: NowDep) -> None:
    """Take nothing in and send nothing out for it any more. What there is stays to be read."""
    async with writing(service.engine) as session:
        await accounts.remove_account(session, account, now, brands=caller.brands)


@attachments_router.get("/{attachment}", response_class=FileResponse, responses=_BYTES)
async def get_attachment(
    attachment: RowId, caller: Annotated[Caller, Depends(allowed(Permission.READ_CASES))], service: ServiceDep
) -> FileResponse:
    """The bytes of something that came with a post, as we fetched them; a browser runs nothing of it."""
    async with reading(service.engine) as session:
        row = await repository.find_attachment(session, attachment, brands=caller.brands)
    if row is None or row.state != "kept" or row.file is None or row.media_type is None:
        raise NoSuchAttachment(f"no attachment {attachment}")
    file = service.settings.attachments / row.file
    if not file.is_file():
        raise NoSuchAttachment(f"no attachment {attachment}")
    shown = "inline" if row.media_type in SHOWN else "attachment"
    return FileResponse(
        file,
        media_type=row.media_type,
        headers={
            "Content-Disposition": f'{shown}; filename="{row.id}.{EXTENSIONS[row.media_type]}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, max-age=300",
        },
    )
