"""What is looked for in transcripts, as the page's address names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from server.transcripts.words import LONGEST_QUERY

_Value = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of the form, empty where nothing was asked for. `since` and `until` are days (UTC), both looked at."""

    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = ""
    brand: _Value = ""
    channel: _Value = ""
    staff: _Value = ""
    customer: _Value = ""
    since: _Value = ""
    until: _Value = ""
    outcome: _Value = ""
    written_by: _Value = ""
    rule: _Value = ""
    policy: _Value = ""
    has: Annotated[Sequence[str], Query(max_length=3)] = ()
    human_from: _Value = ""
    human_to: _Value = ""
    automatic_from: _Value = ""
    automatic_to: _Value = ""

    @property
    def given(self) -> Mapping[str, Any]:
        """What is asked for."""
        return {name: value for name, value in self._fields().items() if value}

    @property
    def rare(self) -> bool:
        """Whether something is asked for that few look for."""
        return bool(self.given.keys() - {"q", "brand", "channel", "staff", "since", "until", "has"})

    def filters(self) -> dict[str, Any]:
        """The same in the API's words; what is no day or number is left for it to refuse."""
        asked = dict(self.given)
        for name, later in (("since", 0), ("until", 1)):
            if name in asked:
                asked[name] = _moment(asked[name], later)
        return asked

    def address(self, **others: str) -> str:
        """The end of an address under which the same is found."""
        return _said(dict(self.given) | others)

    def for_the_api(self, **others: str) -> str:
        """The same for the API's own addresses."""
        return _said(self.filters() | others)

    def without(self, name: str) -> str:
        """The end of an address under which one thing less is asked for."""
        return _said({other: value for other, value in self.given.items() if other != name})

    def _fields(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


AskedDep = Annotated[Asked, Depends(Asked)]


def _said(named: Mapping[str, Any]) -> str:
    return f"?{urlencode(named, doseq=True)}" if named else ""


def _moment(day: str, later: int) -> str:
    """The first moment of a day, or of a `later` one."""
    try:
        return (datetime.combine(date.fromisoformat(day), time(), UTC) + timedelta(days=later)).isoformat()
    except (ValueError, OverflowError):
        return day
