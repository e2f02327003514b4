"""What the pages of the inbox hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from server.conversations.views import OverviewView
from server.drafts.case_views import CaseFileView
from server.drafts.views import DraftView, QueuedDraft
from server.models import AccountRow
from server.publications.views import PublicationView
from server.staff.views import ColleagueView
from tools.proposals import TEAMS
from tools.records import Known


@dataclass(frozen=True, slots=True)
class Filters:
    """Of the queue, as the address names them."""

    brand: str | None
    account: str | None
    mine: bool
    team: str | None
    danger: bool

    @property
    def none(self) -> bool:
        """Whether every draft that waits is shown."""
        return not any(self._named().values())

    def address(self, **others: str) -> str:
        """The end of an address under which the same drafts are shown."""
        named = {name: str(value).lower() if value is True else value for name, value in self._named().items() if value}
        return f"?{urlencode(named | others)}" if named or others else ""

    def _named(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class QueuePart:
    """The queue. `chosen` is the draft that stands open beside it; `next` leads to what follows."""

    items: Sequence[QueuedDraft]
    accounts: Mapping[str, AccountRow]
    filters: Filters
    chosen: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text with what the checks say of it, and the numbers of its sources."""

    text: str
    problems: Sequence[Mapping[str, Any]]
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class TextPart:
    """One of a draft's texts: `public` is seen by everyone, `private` by the customer alone.

    `signature` is what is sent after it.
    """

    name: str
    text: str
    signature: str
    sentences: Sequence[Sentence]


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read for a draft: what its statements rest on, and the rest."""

    used: Sequence[Mapping[str, Any]]
    others: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class CasePart:
    """A case with the draft that answers it.

    `blocked`: a check says that it must not be sent; `sends`: the viewer is one of those who send.
    """

    draft: DraftView
    file: CaseFileView
    account: AccountRow | None
    texts: Sequence[TextPart]
    sources: Sources
    notes: Sequence[str]
    blocked: bool
    sends: bool
    sent: Sequence[PublicationView]
    colleagues: Sequence[ColleagueView]
    teams: Sequence[str] = TEAMS


@dataclass(frozen=True, slots=True)
class CustomerPart:
    """Who is answered: how sure that is, and if it is, what there is to know of them."""

    known: Known
    customer: str | None
    overview: OverviewView | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The page: the queue, and the case that was chosen."""

    queue: QueuePart
    case: CasePart | None
    undo_seconds: float
