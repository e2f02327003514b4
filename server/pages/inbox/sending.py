"""What keeps texts from being sent, and what is sent later: shown above the queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.channels.repository import list_accounts
from server.db import reading
from server.models import AccountRow
from server.pages.visit import Visit
from server.publications.endpoints import list_held, list_pauses, list_publications
from server.publications.states import PublicationState
from server.publications.views import HeldView, PauseView, PublicationView
from server.staff.roles import Permission
from server.web.paging import LARGEST_PAGE


@dataclass(frozen=True, slots=True)
class StandingPause:
    """A pause with what it holds. `lifts`: the viewer may resume; `held` is read for those alone, all of it."""

    pause: PauseView
    account: AccountRow | None
    lifts: bool
    held: Sequence[HeldView]


@dataclass(frozen=True, slots=True)
class SendingPart:
    """The pauses that stand and the texts that are scheduled, the next first."""

    pauses: Sequence[StandingPause]
    scheduled: Sequence[PublicationView]
    accounts: Mapping[str, AccountRow]
    brands: Sequence[str]
    pauses_sending: bool
    takes_back: bool

    @property
    def channels(self) -> Sequence[str]:
        """The networks there are accounts on."""
        return sorted({account.channel for account in self.accounts.values()})


async def read_sending(visit: Visit) -> SendingPart:
    """What is held back and what is to come, of the viewer's brands."""
    caller, service, request = visit.caller, visit.service, visit.request
    async with reading(service.engine) as session:
        accounts = {row.id: row for row in await list_accounts(session, brands=caller.brands)}
    pauses = await list_pauses(caller, service, request, limit=LARGEST_PAGE)
    states = [PublicationState.HELD, PublicationState.QUEUED]
    unsent = await list_publications(caller, service, request, state=states, limit=LARGEST_PAGE)
    coming = [one for one in unsent.items if one.scheduled and one.send_after > visit.now]
    return SendingPart(
        [await _standing(visit, pause, accounts) for pause in pauses.items],
        sorted(coming, key=lambda one: one.send_after),
        accounts,
        sorted(caller.brands),
        caller.may(Permission.PAUSE),
        caller.may(Permission.STOP_SENDING),
    )


async def _standing(visit: Visit, pause: PauseView, accounts: Mapping[str, AccountRow]) -> StandingPause:
    account = accounts.get(pause.scope.partition(":")[2]) if pause.scope.startswith("account:") else None
    lifts = visit.caller.may(Permission.PAUSE) and pause.brand is not None
    return StandingPause(pause, account, lifts, await _held(visit, pause.id) if lifts else ())


async def _held(visit: Visit, pause: str) -> list[HeldView]:
    """Everything that it holds: whoever resumes names all of it."""
    held: list[HeldView] = []
    cursor: str | None = None
    while True:
        caller, service, request = visit.caller, visit.service, visit.request
        page = await list_held(pause, caller, service, request, visit.now, limit=LARGEST_PAGE, cursor=cursor)
        held += page.items
        cursor = page.next
        if cursor is None:
            return held
