"""Figures of single people, where a house has decided to look at them."""

from collections import Counter, defaultdict

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import NotAllowed
from server.insights import repository
from server.insights.changes import Used
from server.insights.scope import Scope
from server.insights.views import PersonView
from server.settings import Settings
from server.staff.naming import Named, names_of


class NotPerPerson(NotAllowed):
    """This house does not look at single people's figures."""


def refuse_per_person(settings: Settings) -> None:
    """Refuse where it was not decided that single people are looked at.

    Raises:
        NotPerPerson: It was not.
    """
    if not settings.insights_per_person:
        words = "figures of single people are off; whoever runs Deskside can set DESKSIDE_INSIGHTS_PER_PERSON"
        raise NotPerPerson(words, setting="DESKSIDE_INSIGHTS_PER_PERSON")


async def measure_people(session: AsyncSession, scope: Scope) -> list[PersonView]:
    """What each person sent in the span, the busiest first."""
    used: dict[str, dict[str, str | None]] = defaultdict(dict)
    repeated: Counter[str] = Counter()
    for staff, draft, how, repeats in await repository.sent_by_person(session, scope):
        repeated[staff] += repeats and draft not in used[staff]
        used[staff][draft] = how
    names = await names_of(session, used)
    return [
        _person(Named(id=staff, name=names.get(staff)), drafts, repeated[staff])
        for staff, drafts in sorted(used.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _person(person: Named, drafts: dict[str, str | None], repeated: int) -> PersonView:
    counts = Counter(drafts.values())
    return PersonView(
        person=person,
        sent=len(drafts),
        unchanged=counts[Used.UNCHANGED],
        light=counts[Used.LIGHT],
        heavy=counts[Used.HEAVY],
        saved_reply=counts[Used.SAVED_REPLY],
        no_draft=counts[Used.NONE],
        advice_repeated=repeated,
    )
