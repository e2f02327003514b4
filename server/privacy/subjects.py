"""Whom it is about: a customer of the shop with all their names, or a handle that is nobody's we know."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit.seals import Seals
from server.errors import NotAllowed, NotFound
from server.privacy import repository
from server.privacy.elsewhere import Identifiers
from server.privacy.finding import Found, find_all
from server.shop.folding import fold_channel, fold_handle
from server.staff.roles import Caller
from tools.records import Known

Name = tuple[str, str, str | None]
"""A folded channel and handle, and the brand for which it is theirs; None: for every brand."""

# Shorter words would be found in everything.
_LEAST = 4


class NobodyToFind(NotFound):
    """There is no such customer and no such handle, or none of the caller's brands: the words are the same."""

    def __init__(self) -> None:
        super().__init__("nothing is known of this customer or handle")


class CustomerOfAllBrands(NotAllowed):
    """Who serves some of the brands would erase half of what is known."""

    def __init__(self) -> None:
        super().__init__("this customer is every brand's; who serves all of them can do this")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose records: a customer's of the shop, or a handle's on a channel, or both."""

    customer: str | None = None
    handles: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Subject:
    """Who was found, with every row that is theirs.

    `needles` are the words that tell who it is, in lower case; `everything` finds them as words, `identifiers` those of
    them that are theirs alone: not their name. `unsure` are handles only possibly theirs, whose posts are left.
    """

    brand: str
    pseudonym: str
    found: Found
    identifiers: Identifiers
    everything: Identifiers
    needles: set[str] = field(default_factory=set)
    unsure: list[str] = field(default_factory=list)


async def find_subject(session: AsyncSession, caller: Caller, asked: Asked, seals: Seals) -> Subject:
    """Everything of theirs.

    Raises:
        NobodyToFind: There is nothing of the caller's brands.
        CustomerOfAllBrands: The caller does not serve all of theirs.
    """
    found = Found()
    handles: set[Name] = {(fold_channel(channel), fold_handle(handle), None) for channel, handle in asked.handles}
    unsure: list[str] = []
    brand = ""
    if asked.customer is not None:
        found.ids["customers"].add(asked.customer)
        brand = await _brand_of(session, caller, asked.customer)
        named, unsure = await _handles_of(session, asked.customer)
        handles |= named
    found.named.update(handle for _, handle, _ in handles)
    for account in await repository.accounts_on(session, caller.brands):
        for channel, handle, only in handles:
            if fold_channel(account.channel) == channel and only in (None, account.brand):
                found.authors.add(("account", account.id, handle))
    await find_all(session, found, brands=caller.brands)
    if not any(found.rows.values()):
        raise NobodyToFind
    named_by = asked.customer or ",".join(sorted(handle for _, handle, _ in handles))
    pseudonym = seals.pseudonym("customer" if asked.customer else "handle", named_by)
    numbers, called = _numbers(found, asked), {handle for _, handle, _ in handles if len(handle) >= _LEAST}
    names = _names(found)
    identifiers, everything = Identifiers.of(numbers, called), Identifiers.of(numbers | names, called)
    brand = brand or _only(caller.brands)
    return Subject(brand, pseudonym, found, identifiers, everything, {*numbers, *called, *names}, unsure)


def _only(brands: Collection[str]) -> str:
    """The brand, if there is one alone; else it is the installation's."""
    return next(iter(brands)) if len(brands) == 1 else ""


async def _brand_of(session: AsyncSession, caller: Caller, customer: str) -> str:
    """The brand whose customer it is; "" for every brand's, or where the shop knows nobody of this id any more."""
    rows = await repository.rows_among(session, "customers", "id", {customer})
    brands = {row["brand"] for row in rows}
    if brands and not brands & {None, *caller.brands}:
        raise NobodyToFind
    if None in brands and {account.brand for account in await repository.accounts_on_any(session)} - caller.brands:
        raise CustomerOfAllBrands
    return next((brand for brand in brands if brand is not None), "")


async def _handles_of(session: AsyncSession, customer: str) -> tuple[set[Name], list[str]]:
    """Channel, handle and brand of each name that is theirs, by the shop's records and by staff's word."""
    shop = await repository.rows_among(session, "customer_handles", "customer", {customer})
    sure = [row for row in shop if row["known"] != Known.POSSIBLE]
    named = {(row["folded_channel"], row["folded_handle"], row["brand"]) for row in sure}
    links = await repository.rows_among(session, "customer_links", "customer", {customer})
    named |= {(row["channel"], row["folded_handle"], row["brand"]) for row in links if row["unlinked_at"] is None}
    unsure = {f"{row['channel']}:{row['handle']}" for row in shop if row["known"] == Known.POSSIBLE}
    return named, sorted(unsure)


def _numbers(found: Found, asked: Asked) -> set[str]:
    """Their id, orders, addresses and telephone numbers."""
    words = {asked.customer or "", *found.ids["orders"]}
    for row in found.rows["customers"].values():
        words |= {*row["emails"], *row["phones"]}
    return {word.casefold() for word in words if len(word) >= _LEAST}


def _names(found: Found) -> set[str]:
    names = {row["name"] for row in found.rows["customers"].values()}
    return {name.casefold() for name in names if len(name) >= _LEAST}
