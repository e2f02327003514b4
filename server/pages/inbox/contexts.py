"""What the pages of the inbox hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from assistant.guidance import LANGUAGES, Intent
from server.conversations.views import OverviewView
from server.drafts.case_views import NoteView
from server.drafts.filters import Filters
from server.drafts.views import DraftView, QueuedDraft
from server.models import AccountRow
from server.promises.views import PromiseView
from server.publications.states import PublicationState
from server.publications.views import PublicationView
from server.queue.views import Counts, SavedView
from server.staff.views import ColleagueView
from tools.proposals import TEAMS
from tools.records import Known


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the queue is shown: what the address filters, or what a view that it names does."""

    filters: Filters
    view: SavedView | None = None

    @property
    def everything(self) -> bool:
        """Whether every draft that waits is shown."""
        return not any(self.filters.named())

    def address(self, **others: str) -> str:
        """The end of an address under which the same drafts are shown."""
        own = [("view", self.view.id)] if self.view else _in_address(self.filters)
        named = [*own, *others.items()]
        return f"?{urlencode(named)}" if named else ""

    def only(self, **filters: str) -> bool:
        """Whether this alone is filtered."""
        return self.view is None and sorted(_in_address(self.filters)) == sorted(filters.items())


def _in_address(filters: Filters) -> list[tuple[str, str]]:
    """As the address names them: what has several values is named as often."""
    return [
        (name, str(one).lower() if isinstance(one, bool) else str(one))
        for name, value in filters.named()
        for one in (value if isinstance(value, tuple) else (value,))
    ]


@dataclass(frozen=True, slots=True)
class QueuePart:
    """The queue. `chosen` is the draft that stands open beside it; `next` leads to what follows."""

    items: Sequence[QueuedDraft]
    accounts: Mapping[str, AccountRow]
    shown: Shown
    chosen: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class CountsPart:
    """How much waits, in all and in each view."""

    counts: Counts
    views: Sequence[SavedView]
    shown: Shown


@dataclass(frozen=True, slots=True)
class FilterPart:
    """What the queue can be filtered by. `shares`: the brands with which the viewer may share a view."""

    shown: Shown
    accounts: Mapping[str, AccountRow]
    channels: Sequence[str]
    intents: Sequence[Intent]
    shares: Sequence[str]
    languages: Sequence[str] = LANGUAGES
    teams: Sequence[str] = TEAMS
    waits: Sequence[int] = (1, 4, 12, 24, 72)


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
class CaseNotes:
    """What colleagues wrote about a case, the oldest first, and what was promised in it, the first due first."""

    notes: Sequence[NoteView]
    promises: Sequence[PromiseView]


@dataclass(frozen=True, slots=True)
class CasePart:
    """A case with the draft that answers it.

    `blocked`: a check says that it must not be sent; `sends`: the viewer is one of those who send; `unread`: the
    language it is in, where the viewer does not read that; `translates`: they can have it translated.
    """

    draft: DraftView
    file: CaseNotes
    account: AccountRow | None
    texts: Sequence[TextPart]
    sources: Sources
    notes: Sequence[str]
    blocked: bool
    sends: bool
    unread: str | None
    translates: bool
    sent: Sequence[PublicationView]
    colleagues: Sequence[ColleagueView]
    teams: Sequence[str] = TEAMS

    @property
    def never_out(self) -> Sequence[PublicationView]:
        """What was taken back before anybody could read it."""
        return [one for one in self.sent if one.state == PublicationState.WITHDRAWN and one.sent_at is None]

    @property
    def out(self) -> Sequence[PublicationView]:
        """What was sent, or is on its way."""
        never = self.never_out
        return [one for one in self.sent if one not in never]


@dataclass(frozen=True, slots=True)
class CustomerPart:
    """Who is answered: how sure that is, and if it is, what there is to know of them."""

    known: Known
    customer: str | None
    overview: OverviewView | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The page: the queue, and the case that was chosen."""

    counts: CountsPart
    filter: FilterPart
    queue: QueuePart
    case: CasePart | None
    undo_seconds: float
