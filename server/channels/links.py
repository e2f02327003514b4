"""Staff's word on who a handle is: given with a reason, taken back with one; and what taking it back means."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.unlinking import void_said_by
from server.channels import link_repository
from server.drafts.voiding import void_resting_on
from server.errors import Conflict, NotFound, Unprocessable
from server.events.log import record
from server.models import LinkRow, PrivacyIncidentRow
from server.models.ids import new_id
from server.promises.repository import nobody_we_know
from server.shop import repository as shop
from server.shop.folding import fold_channel, fold_handle
from server.staff.roles import Caller
from tools.records import Known

LINK = "link"


class AlreadyLinked(Conflict):
    """The handle is a customer's already; the details show the link."""


class KnownAsAnother(Conflict):
    """The shop's own records say that the handle is somebody else."""


class NoSuchCustomer(NotFound):
    """There is no such customer, or none of the brand's."""


class NoSuchLink(NotFound):
    """There is no such link, or none of the caller's brands."""


class AlreadyUnlinked(Conflict):
    """Somebody has taken the link back before."""


class NoSuchIncident(NotFound):
    """There is no such privacy incident, or none of the caller's brands."""


class IncidentClosed(Conflict):
    """Somebody has closed the incident before; the details show how."""


class ReasonMissing(Unprocessable):
    """Nobody could tell later why it was done."""


@dataclass(frozen=True, slots=True)
class Claim:
    """That a handle on a channel is a customer of a brand's."""

    brand: str
    channel: str
    handle: str
    customer: str


async def link_customer(session: AsyncSession, caller: Caller, claim: Claim, *, reason: str, now: datetime) -> LinkRow:
    """A handle is a customer from now on: their records are read when it writes, and never told in public.

    Raises:
        NoSuchCustomer: The customer or the brand is not the caller's.
        AlreadyLinked: The handle has a link; it has to be taken back first.
        KnownAsAnother: The shop has verified that it is somebody else.
        ReasonMissing: There is no reason, or no handle.
    """
    if not reason.strip() or not fold_handle(claim.handle):
        raise ReasonMissing("name the handle, and say how you know that it is this customer's")
    await _refuse_what_cannot_be(session, caller, claim)
    row = LinkRow(
        id=new_id("link"),
        brand=claim.brand,
        channel=fold_channel(claim.channel),
        handle=claim.handle.strip().removeprefix("@"),
        folded_handle=fold_handle(claim.handle),
        customer=claim.customer,
        linked_by=caller.id,
        linked_at=now,
        reason=reason.strip(),
    )
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise AlreadyLinked("somebody else has linked the handle at this moment; look again") from None
    record(session, "customer.linked", row.id, brand=row.brand, at=now, customer=row.customer, by=caller.id)
    return row


async def _refuse_what_cannot_be(session: AsyncSession, caller: Caller, claim: Claim) -> None:
    customer = await shop.find_customer(session, claim.customer)
    if claim.brand not in caller.brands or customer is None or customer.brand not in (None, claim.brand):
        raise NoSuchCustomer(f"no customer {claim.customer}")
    where = {"brand": claim.brand, "channel": claim.channel, "handle": claim.handle}
    standing = await link_repository.standing_link(session, **where)
    if standing is not None:
        details = {"link": standing.id, "customer": standing.customer}
        raise AlreadyLinked("the handle is linked already; unlink it first", **details)
    for other, how in await shop.customers_of_handle(session, **where):
        if other != claim.customer and how is not Known.POSSIBLE:
            raise KnownAsAnother("the shop knows this handle as another customer's; correct it there")


async def unlink_customer(
    session: AsyncSession, caller: Caller, link: str, *, reason: str, now: datetime
) -> PrivacyIncidentRow:
    """The handle is not this customer, or is not known to be: what rests on it is void, and somebody has to look.

    Every draft that was written with the link, and what was sent of them, stands on the incident: it may have been told
    to the wrong person.

    Raises:
        NoSuchLink: None of the caller's.
        AlreadyUnlinked: It was taken back before.
        ReasonMissing: There is no reason.
    """
    if not reason.strip():
        raise ReasonMissing("say why the handle is not this customer's")
    row = await link_repository.lock_link(session, link, brands=caller.brands)
    if row is None:
        raise NoSuchLink(f"no link {link}")
    if row.unlinked_at is not None:
        raise AlreadyUnlinked(
            "the link was taken back before", unlinked_by=row.unlinked_by, at=row.unlinked_at.isoformat()
        )
    row.unlinked_by, row.unlinked_at, row.unlink_reason = caller.id, now, reason.strip()
    session.add(row)
    await session.flush()
    await void_said_by(session, row, f"whoever said yes is not known to be this customer: {reason.strip()}", now)
    drafts = await link_repository.drafts_resting_on(session, link)
    await nobody_we_know(session, drafts)
    await void_resting_on(session, LINK, link, f"the handle is no longer linked to a customer: {reason.strip()}", now)
    incident = PrivacyIncidentRow(
        id=new_id("incident"),
        brand=row.brand,
        link=link,
        opened_by=caller.id,
        opened_at=now,
        reason=reason.strip(),
        drafts=list(drafts),
        publications=list(await link_repository.publications_out(session, drafts)),
    )
    session.add(incident)
    record(session, "customer.unlinked", link, brand=row.brand, at=now, by=caller.id, incident=incident.id)
    record(session, "privacy_incident.opened", incident.id, brand=row.brand, at=now, drafts=len(drafts))
    return incident


async def close_incident(
    session: AsyncSession, caller: Caller, incident: str, *, outcome: str, now: datetime
) -> PrivacyIncidentRow:
    """Somebody has looked, and says what came of it.

    Raises:
        NoSuchIncident: None of the caller's.
        IncidentClosed: It was closed before.
        ReasonMissing: There is no outcome.
    """
    if not outcome.strip():
        raise ReasonMissing("say what came of it: who was told what, and what was done")
    row = await link_repository.lock_incident(session, incident, brands=caller.brands)
    if row is None:
        raise NoSuchIncident(f"no privacy incident {incident}")
    if row.closed_at is not None:
        raise IncidentClosed("the incident was closed before", closed_by=row.closed_by, outcome=row.outcome)
    row.closed_by, row.closed_at, row.outcome = caller.id, now, outcome.strip()
    session.add(row)
    record(session, "privacy_incident.closed", incident, brand=row.brand, at=now, by=caller.id)
    return row
