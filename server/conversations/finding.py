"""Finding the customer that a rep has before them: by id, handle, e-mail address, order number, or a case."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from assistant.case import BETWEEN_TWO, is_between_two
from server.channels.repository import list_accounts
from server.conversations import repository
from server.db import reading
from server.errors import Conflict, NotFound, Unavailable, Unprocessable
from server.service import Service
from server.shop import repository as shop
from server.shop.folding import fold_channel
from server.staff.roles import Caller
from tools.ports import PortUnavailable
from tools.records import Customer, Known


class FoundBy(StrEnum):
    """What a customer was found with."""

    CUSTOMER = "customer"
    HANDLE = "handle"
    EMAIL = "email"
    ORDER = "order"
    CASE = "case"


class CustomerNotFound(NotFound):
    """Nobody of the caller's brands fits; the words say what else to ask for."""


class SeveralCustomers(Conflict):
    """More than one customer fits; the details hold their ids."""


class CaseOfSomebodyElse(Conflict):
    """The case that the session is said to be about is another customer's, or another brand's."""


class CustomersUnreachable(Unavailable):
    """The customers' records do not answer."""


class ChannelUnknown(Unprocessable):
    """Nobody speaks there: it is neither between two nor one that the caller's brands have an account on."""


class WhichBrand(Unprocessable):
    """The customer is of no brand, and the caller serves several."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a rep looks for somebody with: one of these. `channel` is where the customer speaks."""

    by: FoundBy
    value: str
    channel: str
    handle_channel: str | None = None
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Who it is, and how sure it is that they are who speaks. `case` is the one they were found with."""

    customer: Customer
    brand: str
    known: Known
    case: str | None = None


async def find_customer(service: Service, caller: Caller, sought: Sought) -> Found:
    """The one customer of the caller's brands who is meant.

    A number or an address can be named by anybody who has seen it: whoever names it is possibly the customer, until
    the rep has made sure. A handle on the channel where it speaks is as sure as the records are of it.

    Raises:
        CustomerNotFound: Nobody fits.
        SeveralCustomers: More than one does.
        ChannelUnknown: Nobody speaks on this channel.
        CustomersUnreachable: Nobody can be looked up now.
        WhichBrand: They are of no brand, and the caller did not say which speaks.
    """
    brands = caller.brands if sought.brand is None else caller.brands & {sought.brand}
    if not brands:
        raise CustomerNotFound("there is no such customer of your brands")
    async with reading(service.engine) as session:
        networks = {fold_channel(account.channel) for account in await list_accounts(session, brands=brands)}
    valid = [*BETWEEN_TWO, *sorted(networks)]
    if fold_channel(sought.channel) not in valid:
        raise ChannelUnknown(f"nobody speaks on “{sought.channel}”; channel is one of {', '.join(valid)}")
    try:
        if sought.by in (FoundBy.HANDLE, FoundBy.CASE):
            return await _by_handle(service, brands, sought, networks)
        return await _by_record(service, brands, sought)
    except PortUnavailable as away:
        raise CustomersUnreachable(f"{away}: nobody can be looked up now; try again in a moment") from away


async def refuse_others_case(service: Service, found: Found, case: str) -> None:
    """Refuse a case whose author is known to be somebody else: a reply in it would tell them what is this customer's.

    Raises:
        CaseOfSomebodyElse: It is, or it is another brand's.
        CustomersUnreachable: Whose it is cannot be looked up.
    """
    async with reading(service.engine) as session:
        author = await repository.author_of_case(session, case, {found.brand})
    if author is None:
        raise CaseOfSomebodyElse("there is no such case of this customer's brand")
    try:
        who = await service.desk.ports.customers.identify(
            brand=author.brand, channel=author.channel, handle=author.handle
        )
    except PortUnavailable as away:
        raise CustomersUnreachable(f"{away}: whose case it is cannot be looked up; try again in a moment") from away
    if who.customer is not None and who.customer != found.customer.id:
        raise CaseOfSomebodyElse("this case is with another customer; open a session for them, or leave `case` out")


async def _by_record(service: Service, brands: Collection[str], sought: Sought) -> Found:
    ids = {sought.value}
    if sought.by is not FoundBy.CUSTOMER:
        async with reading(service.engine) as session:
            lookup = shop.customers_of_email if sought.by is FoundBy.EMAIL else shop.customers_of_order
            ids = set(await lookup(session, sought.value))
    found = [who for id_ in sorted(ids) if (who := await service.desk.ports.customers.get(id_)) is not None]
    theirs = [who for who in found if who.brand is None or who.brand in brands]
    if not theirs:
        raise CustomerNotFound(_NOT_FOUND[sought.by])
    if len(theirs) > 1:
        raise SeveralCustomers(_SEVERAL[sought.by], customers=[who.id for who in theirs])
    return Found(theirs[0], _brand_of(theirs[0], brands), Known.POSSIBLE)


async def _by_handle(service: Service, brands: Collection[str], sought: Sought, networks: Collection[str]) -> Found:
    """By a handle where it speaks; who named no network is looked for on each that the brands have an account on."""
    named, handle, case = fold_channel(sought.handle_channel or sought.channel), sought.value, None
    channels = sorted(networks) if is_between_two(named) else [named]
    if sought.by is FoundBy.CASE:
        async with reading(service.engine) as session:
            read = await repository.author_of_case(session, sought.value, brands)
        if read is None:
            raise CustomerNotFound("there is no such case")
        case, brands, channels, handle = sought.value, {read.brand}, [read.channel], read.handle
    identities = [
        (brand, await service.desk.ports.customers.identify(brand=brand, channel=channel, handle=handle))
        for brand in sorted(brands)
        for channel in channels
    ]
    ids = {identity.customer for _, identity in identities if identity.customer is not None}
    if not ids:
        raise CustomerNotFound(_NOT_FOUND[FoundBy.HANDLE])
    if len(ids) > 1:
        words = _ON_SEVERAL_NETWORKS if len(channels) > 1 else _SEVERAL[FoundBy.HANDLE]
        raise SeveralCustomers(words, customers=sorted(ids))
    [id_] = ids
    known = next(identity.known for _, identity in identities if identity.customer == id_)
    customer = await service.desk.ports.customers.get(id_)
    if customer is None:
        raise CustomerNotFound(_NOT_FOUND[FoundBy.HANDLE])
    # whoever rings up and names a handle has only named it
    speaks_there = case is not None or channels == [fold_channel(sought.channel)]
    sure = known if speaks_there else Known.POSSIBLE
    serving = {brand for brand, identity in identities if identity.customer == id_}
    return Found(customer, _brand_of(customer, serving), sure, case)


def _brand_of(customer: Customer, brands: Collection[str]) -> str:
    if customer.brand is not None:
        return customer.brand
    if len(brands) > 1:
        raise WhichBrand("this customer buys from several of your brands: say as which one you speak (`brand`)")
    return next(iter(brands))


_NOT_FOUND = {
    FoundBy.CUSTOMER: "there is no such customer of your brands; try their e-mail address or an order number",
    FoundBy.EMAIL: "no customer of your brands has this e-mail address; ask for an order number",
    FoundBy.ORDER: "no order of your brands has this number; check it with them, or ask for their e-mail address",
    FoundBy.HANDLE: "nobody is known for certain by this handle; ask for an order number or their e-mail address",
}
_ON_SEVERAL_NETWORKS = "this handle belongs to different customers on several networks; say on which (`handle_channel`)"
_SEVERAL = {
    FoundBy.EMAIL: "several customers have this e-mail address; ask for an order number",
    FoundBy.ORDER: "this number is on orders of several customers; ask for their e-mail address",
    FoundBy.HANDLE: "this handle belongs to different customers of your brands; say which brand (`brand`)",
}
