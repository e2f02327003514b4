"""The sections of the settings, and whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.staff.roles import Caller, Permission

FIRST_STEPS, YOU, PEOPLE, CHANNELS, LIMITS, VOICE, MODEL, OPERATING = (
    "first-steps",
    "you",
    "people",
    "channels",
    "limits",
    "voice",
    "model",
    "operating",
)
_NEEDED = {
    FIRST_STEPS: Permission.MANAGE_STAFF,
    YOU: Permission.READ_CASES,
    PEOPLE: Permission.MANAGE_STAFF,
    CHANNELS: Permission.READ_ACCOUNTS,
    LIMITS: Permission.READ_POLICIES,
    VOICE: Permission.READ_POLICIES,
    MODEL: Permission.TEST_MODEL,
    OPERATING: Permission.READ_METRICS,
}


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the settings in the list beside them."""

    name: str
    here: bool

    @property
    def address(self) -> str:
        """Where it is."""
        return f"/settings/{self.name}"


def sections_for(caller: Caller, here: str) -> Sequence[Section]:
    """Those that the caller may open; `here` is the one that is shown."""
    return [Section(name, name == here) for name, needed in _NEEDED.items() if caller.may(needed)]


def brands_of(caller: Caller) -> Sequence[str]:
    """The caller's brands, in the order in which pages list them."""
    return sorted(caller.brands)
