"""Filling in a saved reply for one draft or session, from what is known there and from nothing else."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import regex

from assistant.focus import order_numbers
from assistant.outcome import Part
from assistant.reading.blanks import fill_blanks, find_blanks
from server.db import reading
from server.saved_replies import repository
from server.saved_replies.occasions import Occasion
from server.saved_replies.status_words import STATUS_WORDS
from server.saved_replies.variables import LINK, VARIABLES
from server.service import Service
from tools.ports import PortUnavailable
from tools.records import Known, Order

_SIGNED = regex.compile(
    r"(?:\n\s*[–—-]?|[–—]|\b(?i:thanks|thank you|cheers|regards|best|danke|grüße|gruß|gracias|saludos|merci)\b[,.!]?)"
    r"\s*(?P<name>\p{Lu}\p{Ll}{1,19})(?:\s\p{Lu}\p{Ll}*\.?)?\s*[.!]?$"
)
_NO_NAMES = frozenset(
    {"thanks", "thank", "cheers", "regards", "please", "help", "hello", "hi", "sorry", "why"}
    | {"danke", "grüße", "gruß", "bitte", "hilfe", "warum", "gracias", "merci"}
)
"""What else stands where people sign."""


class Unknown(Exception):
    """A variable cannot be filled in; the words say why."""


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A variable that stays as it stands, and why."""

    variable: str
    words: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A text as it is put into a field; with something unfilled it cannot be sent."""

    text: str
    unfilled: tuple[Unfilled, ...]


@dataclass(frozen=True)
class Filling:
    """What something is filled in for: who says it (`agent`, their name), where, in which language and part."""

    service: Service
    agent: str
    occasion: Occasion
    language: str
    part: Part

    async def fill(self, text: str) -> Filled:
        """The text with what is known."""
        values: dict[str, str] = {}
        unfilled: list[Unfilled] = []
        for name in find_blanks(text):
            try:
                values[name] = await self._value(name)
            except Unknown as reason:
                unfilled.append(Unfilled(name, str(reason)))
            except PortUnavailable as outage:
                unfilled.append(Unfilled(name, str(outage)))
        return Filled(fill_blanks(text, values), tuple(unfilled))

    async def _value(self, name: str) -> str:
        variable = VARIABLES.get(name)
        if variable is None:
            raise Unknown("there is no such variable")
        if name.startswith(LINK):
            return await self._link(name.removeprefix(LINK))
        if variable.of_record and self.part is Part.PUBLIC:
            raise Unknown("it is the customer's own and told in private alone")
        return await _FILLERS[name](self)

    @cached_property
    def _said(self) -> list[str]:
        """What the customer wrote, the newest first; in public nothing of what they wrote to us alone."""
        posts = self.occasion.posts
        return [post.text for post in posts if self.part is Part.PRIVATE or not post.private][::-1]

    async def _first_name(self) -> str:
        """As they sign their own posts; in private to a verified customer as their record has it.

        A name from the record has no place in public, whoever reads it.
        """
        for text in self._said:
            signed = _SIGNED.search(text.strip())
            if signed is not None and signed["name"].casefold() not in _NO_NAMES:
                return signed["name"]
        if self.part is Part.PRIVATE:
            identity = await self.occasion.identify()
            if identity.known is Known.VERIFIED and identity.customer is not None:
                customer = await self.service.desk.ports.customers.get(identity.customer)
                if customer is not None and customer.name.split():
                    return customer.name.split()[0]
        raise Unknown("they have not signed with a name")

    async def _handle(self) -> str:
        if self.occasion.handle is None:
            raise Unknown("they have no name on this channel that is known")
        return f"@{self.occasion.handle.removeprefix('@')}"

    async def _brand_name(self) -> str:
        brand = self.occasion.brand
        return next((one.name for one in self.service.desk.guidance.brands if one.id == brand), brand)

    async def _agent_name(self) -> str:
        if not self.agent.split():
            raise Unknown("your profile has no name")
        return self.agent.split()[0]

    async def _product(self) -> str:
        """A product as the customer wrote it; which one they own is not looked at."""
        async with reading(self.service.engine) as session:
            titles = await repository.product_titles(session, self.occasion.brand)
        for text in self._said:
            folded = text.casefold()
            named = [title for title in titles if title.casefold() in folded]
            if named:
                longest = max(named, key=len)
                begins = folded.index(longest.casefold())
                written = text[begins : begins + len(longest)]
                return written if written.casefold() == longest.casefold() else longest
        raise Unknown("they have named no product")

    async def _link(self, kind: str) -> str:
        desk, occasion = self.service.desk, self.occasion
        place = await desk.ports.destinations.find(
            kind,
            brand=occasion.brand,
            channel=occasion.channel,
            language=self.language,
            region=occasion.region or desk.region,
        )
        if place is None:
            raise Unknown("there is no such destination here")
        return place.target

    async def _order_number(self) -> str:
        return (await self._order()).id

    async def _order_status(self) -> str:
        order = await self._order()
        words = STATUS_WORDS.get(self.language, {}).get(order.status)
        if words is None:
            raise Unknown("what is to be said of this order needs words of your own")
        return words

    async def _order(self) -> Order:
        """The one order that it is about, of a verified customer."""
        identity = await self.occasion.identify()
        if identity.known is not Known.VERIFIED or identity.customer is None:
            raise Unknown("it is not certain enough who writes")
        orders = self.service.desk.ports.orders
        for numbers in (self._named(), self.occasion.orders):
            found = [order for number in numbers if (order := await orders.get(identity.customer, number))]
            if len({order.id for order in found}) == 1:
                return found[0]
        raise Unknown("it is not certain which order they mean")

    def _named(self) -> list[str]:
        return [number for text in self._said for number in order_numbers(text)]


_FILLERS: Mapping[str, Callable[[Filling], Awaitable[str]]] = {
    "customer_first_name": Filling._first_name,
    "customer_handle": Filling._handle,
    "brand_name": Filling._brand_name,
    "product": Filling._product,
    "agent_name": Filling._agent_name,
    "order_number": Filling._order_number,
    "order_status": Filling._order_status,
}
