"""The demo shop's parcels: promised days, carriers' events and numbers that agree with one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from server.shop.invented.world import NOW, Country, Json, at_hour, workdays_after, write

_DISPATCHED = "Collected from the warehouse"


@dataclass(frozen=True, slots=True)
class Way:
    """How parcels travel to one city."""

    random: Random
    country: Country
    city: str
    carrier: Mapping[str, Any]

    def planned(self, shipment: str, lines: Sequence[str], leaves: datetime) -> Json:
        """A parcel that has not left."""
        return {"id": shipment, "lines": list(lines), **self._service(leaves)}

    def sent(self, shipment: str, lines: Sequence[str], leaves: datetime, *, late_by: int = 0) -> Json:
        """A parcel that left then and has come as far as it can by now, or was held up on the way."""
        parcel = self.planned(shipment, lines, leaves)
        parcel["tracking"] = [self._number()]
        parcel["shipped_at"] = write(leaves)
        events = [(leaves, _DISPATCHED, self.country.warehouse)]
        depot = self.random.choice(self.carrier["depots"][1:])
        arrival = at_hour(workdays_after(leaves, self._workdays() + late_by), self.random, 9, 18)
        on_the_way = at_hour(workdays_after(leaves, 1), self.random, 4, 8)
        if on_the_way < arrival:
            events.append((on_the_way, "Arrived at the depot", depot))
        if late_by:
            held = at_hour(workdays_after(leaves, 2), self.random, 18, 22)
            events.append((held, "Delayed at the depot", depot))
        out = arrival.replace(hour=7)
        if out > events[-1][0]:
            events.append((out, "Out for delivery", depot))
        if arrival <= NOW:
            events.append((arrival, "Delivered", self.city))
            parcel["delivered_at"] = write(arrival)
        parcel["events"] = [_event(*event) for event in events if event[0] <= NOW]
        return parcel

    def lost(self, shipment: str, lines: Sequence[str], leaves: datetime) -> Json:
        """A parcel that was seen at a depot and never again; the carrier has confirmed it if it is long ago."""
        parcel = self.planned(shipment, lines, leaves)
        depot = self.random.choice(self.carrier["depots"][1:])
        seen = at_hour(workdays_after(leaves, 1), self.random, 19, 23)
        given_up = at_hour(workdays_after(leaves, 10), self.random, 9, 12)
        events = [(leaves, _DISPATCHED, self.country.warehouse), (seen, "Arrived at the depot", depot)]
        if given_up <= NOW:
            events.append((given_up, "Confirmed lost by the carrier", None))
        parcel |= {"tracking": [self._number()], "shipped_at": write(leaves)}
        parcel["events"] = [_event(*event) for event in events]
        return parcel

    def _service(self, leaves: datetime) -> Json:
        promised = workdays_after(leaves, max(self.country.days)).date()
        return {"carrier": self.carrier["name"], "service": "standard", "promised": write(promised)}

    def _workdays(self) -> int:
        return self.random.randint(*self.country.days)

    def _number(self) -> str:
        digits = self.carrier.get("digits", 8)
        number = self.random.randrange(10 ** (digits - 1), 10**digits)
        return f"{self.carrier['prefix']}{number}{self.carrier.get('suffix', '')}"


def leaves_warehouse(placed: datetime, random: Random, *, after: int = 1) -> datetime:
    """The afternoon on which an order leaves, so many working days after it was placed."""
    return at_hour(workdays_after(placed + timedelta(hours=1), after), random, 14, 18)


def _event(at: datetime, what: str, where: str | None) -> Json:
    return {"at": write(at), "what": what, **({"where": where} if where else {})}
