"""What the API tells about a rep's sessions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant.told import Told, Value, known
from assistant.troubles import say_day, say_items
from server.conversations.finding import FoundBy
from server.conversations.overview import Contact, OpenOrder, Overview
from server.conversations.states import SuggestionState, TurnKind, TurnState
from server.models import ConversationRow, CustomerRow, SuggestionRow, TurnRow
from server.shop.search_repository import By, Match
from server.staff.naming import Named, Names
from tools.records import Customer, Known, Order, PastPost, Promise

_SURE = {
    Known.VERIFIED: "certain",
    Known.LINKED: "a colleague says so; nothing private is told before you have confirmed it",
    Known.POSSIBLE: "anybody could have named this; nothing private is told before you have confirmed who speaks",
}
_FOUND = {
    FoundBy.CUSTOMER: "found by customer id",
    FoundBy.HANDLE: "found by handle",
    FoundBy.EMAIL: "found by e-mail address",
    FoundBy.ORDER: "found by order number",
    FoundBy.CASE: "found by the case's author",
}

_CONVERSATION: dict[str, JsonValue] = {
    "id": "conversation_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "customer": "C-0001",
    "channel": "phone",
    "case": None,
    "opened_by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "found_by": "order",
    "known": "possible",
    "sure": "found by order number: anybody could have named this; nothing private is told before you have confirmed "
    "who speaks",
    "confirmed_by": None,
    "confirmed_at": None,
    "opened_at": "2026-11-20T12:00:00Z",
    "closed_at": None,
}


class ConversationView(BaseModel):
    """A rep's session about one customer."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONVERSATION]})

    id: str
    brand: str
    customer: str
    channel: str
    case: str | None
    opened_by: Named | None
    found_by: FoundBy
    known: Annotated[Known, Field(description="Only to a verified caller may a text tell what is the customer's.")]
    sure: Annotated[str, Field(description="How sure it is that the customer speaks, in words.")]
    confirmed_by: Annotated[str | None, Field(description="How the rep made sure.")]
    confirmed_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, row: ConversationRow, names: Names) -> Self:
        """The row with the rep's name."""
        confirmed = f": confirmed, {row.confirmed_by}" if row.confirmed_by else f": {_SURE[Known(row.known)]}"
        return cls(
            opened_by=Named.among(names, row.staff),
            sure=_FOUND[FoundBy(row.found_by)] + confirmed,
            **{name: getattr(row, name) for name in cls.model_fields.keys() - {"opened_by", "sure"}},
        )


class CustomerView(BaseModel):
    """Who it is, as far as a rep needs it at a glance."""

    id: str
    name: str
    since: date | None
    tier: str | None
    organisation: str | None
    language: str | None

    @classmethod
    def of(cls, customer: Customer) -> Self:
        """From the records."""
        return cls(**{name: getattr(customer, name) for name in cls.model_fields})


_FOUND_CUSTOMER: dict[str, JsonValue] = {
    "customer": "C-0001",
    "name": "Ann Wood",
    "brand": "fernhollow",
    "organisation": None,
    "since": "2019-03-01",
    "by": "order",
    "match": "FH-10423",
}


class FoundCustomerView(BaseModel):
    """Somebody of whom something begins with what was typed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FOUND_CUSTOMER]})

    customer: Annotated[str, Field(description="To open a session with.")]
    name: str
    brand: Annotated[str | None, Field(description="null: they buy from several.")]
    organisation: str | None
    since: date | None
    by: By
    match: Annotated[str, Field(description="What of theirs begins so.")]

    @classmethod
    def of(cls, row: CustomerRow, match: Match) -> Self:
        """From the records."""
        fields = {name: getattr(row, name) for name in ("name", "brand", "organisation", "since")}
        return cls(customer=row.id, by=match.by, match=match.value, **fields)


class ToldView(BaseModel):
    """Something that is told to colleagues."""

    code: Annotated[str, Field(description="Of what it is, for other languages.", examples=["late_not_sent"])]
    words: str
    values: Annotated[dict[str, Value], Field(description="What the words name; what is not known is not there.")]

    @classmethod
    def of(cls, told: Told) -> Self:
        """As it is told."""
        return cls(code=told.code, words=told.words, values=dict(told.values))


class HeadlineView(ToldView):
    """What a rep should see first."""

    order: Annotated[str | None, Field(description="Of what is wrong with an order: which.")] = None


class OpenOrderView(BaseModel):
    """An order that is under way, or has something wrong."""

    order: str
    status: str
    placed_at: datetime | None
    items: str
    wrong: Annotated[list[ToldView], Field(description="What is wrong; empty: it goes as it should.")]

    @classmethod
    def of(cls, one: OpenOrder) -> Self:
        """From the overview."""
        order = one.order
        return cls(
            order=order.id,
            status=order.status,
            placed_at=order.placed_at,
            items=one.items,
            wrong=[ToldView.of(told) for told in one.wrong],
        )


class PurchaseView(BaseModel):
    """What was bought lately."""

    order: str
    placed_at: datetime | None
    items: str
    total: Annotated[str, Field(examples=["£289.00"])]
    status: str

    @classmethod
    def of(cls, order: Order) -> Self:
        """From the records."""
        total = order.total.say()
        return cls(order=order.id, placed_at=order.placed_at, items=say_items(order), total=total, status=order.status)


class OwedView(BaseModel):
    """A promise that is open."""

    id: str
    what: str
    order: str | None
    due: datetime | None
    overdue: bool

    @classmethod
    def of(cls, promise: Promise, now: datetime) -> Self:
        """From the records."""
        overdue = promise.due is not None and promise.due <= now
        return cls(id=promise.id, what=promise.what, order=promise.order, due=promise.due, overdue=overdue)


class ContactView(BaseModel):
    """A time that the customer turned to us before."""

    id: str
    kind: Annotated[str, Field(description="case: posts on a network; session: a colleague's.")]
    channel: str
    at: datetime
    complaint: bool
    unresolved: bool

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """From the overview."""
        return cls(
            id=contact.id,
            kind=contact.kind,
            channel=contact.channel,
            at=contact.at,
            complaint=contact.complaint,
            unresolved=not contact.solved,
        )


class PastPostView(BaseModel):
    """A post of an earlier case, theirs or ours, that was imported with the records."""

    at: datetime
    channel: str
    role: str
    text: str

    @classmethod
    def of(cls, post: PastPost) -> Self:
        """From the records."""
        return cls(at=post.created_at, channel=post.channel, role=post.role, text=post.text)


_LATE: dict[str, JsonValue] = {
    "code": "late_not_sent",
    "words": "Ridgeline 2: 3 days late, it was to arrive by 17 November; it has not left us",
    "values": {"items": "Ridgeline 2", "days": 3, "promised": "2026-11-17"},
}
_OVERVIEW: dict[str, JsonValue] = {
    "customer": {
        "id": "C-0001",
        "name": "Ann Wood",
        "since": "2019-03-01",
        "tier": "summit",
        "organisation": None,
        "language": "en",
    },
    "headlines": [
        {
            "code": "complaints_unresolved",
            "words": "2 complaints in 30 days, the last one unresolved",
            "values": {"n": 2, "days": 30},
            "order": None,
        },
        {**_LATE, "order": "FH-10423"},
    ],
    "orders": [
        {
            "order": "FH-10423",
            "status": "shipped",
            "placed_at": "2026-11-10T09:00:00Z",
            "items": "Ridgeline 2",
            "wrong": [_LATE],
        }
    ],
    "purchases": [],
    "promises": [],
    "contacts": [],
    "posts": [],
    "unread": [],
}


class OverviewView(BaseModel):
    """What there is to know at once. A list that is null could not be read: nothing is claimed of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OVERVIEW]})

    customer: CustomerView | None
    headlines: Annotated[list[HeadlineView], Field(description="What a rep should see first.")]
    orders: Annotated[list[OpenOrderView] | None, Field(description="Under way or with something wrong, that first.")]
    purchases: Annotated[list[PurchaseView] | None, Field(description="The latest, the newest first.")]
    promises: Annotated[list[OwedView] | None, Field(description="Open ones, the oldest first.")]
    contacts: Annotated[list[ContactView], Field(description="Earlier cases and sessions, the newest first.")]
    posts: Annotated[list[PastPostView] | None, Field(description="Of earlier cases, the newest first.")]
    unread: Annotated[list[ToldView], Field(description="What could not be read, and since when.")]

    @classmethod
    def of(cls, seen: Overview) -> Self:
        """As it was read."""
        promises = None if seen.promises is None else [OwedView.of(one, seen.now) for one in seen.promises]
        return cls(
            customer=CustomerView.of(seen.customer) if seen.customer else None,
            headlines=_headlines(seen, promises or ()),
            orders=None if seen.open_orders is None else [OpenOrderView.of(one) for one in seen.open_orders],
            purchases=None if seen.purchases is None else [PurchaseView.of(one) for one in seen.purchases],
            promises=promises,
            contacts=[ContactView.of(one) for one in seen.contacts],
            posts=None if seen.posts is None else [PastPostView.of(one) for one in seen.posts],
            unread=[ToldView.of(told) for told in seen.tell_unread()],
        )


def _headlines(seen: Overview, promises: Sequence[OwedView]) -> list[HeadlineView]:
    complaints = seen.tell_complaints()
    said = [*(item.told() for item in seen.recalled), *seen.tell_unread(), *([complaints] if complaints else [])]
    said += [_tell(one, one.due, seen.now) for one in promises if one.overdue and one.due is not None]
    headlines = [HeadlineView.of(told) for told in said]
    wrong = [one for one in seen.open_orders or () if one.wrong]
    return headlines + [HeadlineView.of(one.wrong[0]).model_copy(update={"order": one.order.id}) for one in wrong]


def _tell(owed: OwedView, due: datetime, now: datetime) -> Told:
    words = f"promised by {say_day(due, now)} and overdue: {owed.what}"
    return Told("promise_overdue", words, known(due=due, what=owed.what))


class TurnView(BaseModel):
    """What a rep asked for, and what it came to."""

    id: str
    kind: TurnKind
    asked: str
    asked_by: Named | None
    state: TurnState
    text: Annotated[str | None, Field(description="What stands there at the end.")]
    written_by: Annotated[str | None, Field(description="model or composer.")]
    started_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: TurnRow, names: Names) -> Self:
        """The row with the rep's name."""
        fields = {name: getattr(row, name) for name in cls.model_fields.keys() - {"asked_by"}}
        return cls(asked_by=Named.among(names, row.staff), **fields)


class SuggestionView(BaseModel):
    """Something offered to a rep, and what they did with it."""

    id: str
    turn: str | None
    kind: Annotated[str, Field(description="reply, question or offer.")]
    ref: Annotated[
        str | None, Field(description="Of a reply its part, of a question its id, of an offer the action's name.")
    ]
    text: str
    state: SuggestionState
    used: Annotated[str | None, Field(description="What was taken, where it differs.")]
    reason: str | None
    offered_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, row: SuggestionRow) -> Self:
        """The row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class OpenedView(BaseModel):
    """A session with what there is to know at once, and what came up in it so far."""

    conversation: ConversationView
    overview: OverviewView
    turns: Annotated[list[TurnView], Field(description="The newest first.")]
    suggestions: Annotated[list[SuggestionView], Field(description="The newest first.")]
