"""Which day it is for whom: a document begins and ends at midnight by its brand's clock."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from assistant.guidance import Brand


def utc_now() -> datetime:
    """This moment by the machine's clock."""
    return datetime.now(UTC)


class Calendar:
    """The brands' days. A brand that is not named has the `home` clock."""

    def __init__(
        self,
        zones: Mapping[str, tzinfo] | None = None,
        *,
        home: tzinfo = UTC,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._zones = dict(zones or {})
        self._home = home
        self._clock = clock

    @classmethod
    def of(cls, brands: Iterable[Brand], clock: Callable[[], datetime] = utc_now) -> "Calendar":
        """By the brands' own time zones; the default brand's is everybody else's."""
        known = tuple(brands)
        zones = {brand.id: ZoneInfo(brand.time_zone) for brand in known}
        home = next((zones[brand.id] for brand in known if brand.default), UTC)
        return cls(zones, home=home, clock=clock)

    def now(self) -> datetime:
        """This moment."""
        return self._clock()

    def day(self, brand: str | None, at: datetime) -> date:
        """The day that it is at that moment for a brand."""
        return at.astimezone(self._zone(brand)).date()

    def today(self, brand: str | None) -> date:
        """The day that it is now for a brand."""
        return self.day(brand, self._clock())

    def first_today(self, brands: Iterable[str] = (), at: datetime | None = None) -> date:
        """The earliest day that it is now, or at a moment, for any of these brands; of all of them if none is named."""
        moment = at or self._clock()
        return min(moment.astimezone(zone).date() for zone in self._zones_of(brands))

    @property
    def brands(self) -> frozenset[str]:
        """The brands whose clocks are known."""
        return frozenset(self._zones)

    def midnights(self, day: date, brands: Iterable[str] = ()) -> tuple[datetime, ...]:
        """The moments at which this day begins for these brands, or for all of them."""
        if day in (date.min, date.max):
            return ()  # in UTC it may begin on a day that there is not
        begin = (datetime.combine(day, time.min, zone).astimezone(UTC) for zone in self._zones_of(brands))
        return tuple(sorted(set(begin)))

    def _zones_of(self, brands: Iterable[str]) -> set[tzinfo]:
        return {self._zone(brand) for brand in brands} or {self._home, *self._zones.values()}

    def _zone(self, brand: str | None) -> tzinfo:
        return self._zones.get(brand or "", self._home)


def day_before(day: date) -> date:
    """The day before; the first day there is has none and stays."""
    return day - timedelta(days=1) if day > date.min else day
