"""What a draft rests on, as digests: its posts, the orders and policies its claims cite, places it names, the person.

A digest is of the very words that the claims rest on, read again through the functions that noted them: a change of an
order that no claim speaks of voids nothing. Of a policy it is also of whom it holds for: the same words may be nothing
for this customer any more. Drafts whose evidence does not say for whom, as none once did, are compared by the words.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from assistant.reading.contacts import find_links
from assistant.returning import SUFFIX as RETURN_UNTIL
from server.models import LinkRow, PostRow, RestRow
from tools.context import ToolContext
from tools.evidence import Evidence
from tools.orders import note_order
from tools.policies import note_destination, note_passage
from tools.ports import Identity, Ports, PortUnavailable
from tools.records import Known, Passage

POST, ORDER, POLICY, LINK, DESTINATION = "post", "order", "policy", "link", "destination"

ACTION = "action"
"""An action that the words count on. The digest is how far it must have come: `approved`, or `done`."""

OTHER_PERSON = "who the customer is, is not what it was: the handle is linked otherwise"
"""Of `what_has_changed`: the records that were read may be somebody else's."""

Turn = Mapping[str, Any]
"""A turn's record as server/drafts/writing.py writes it."""


def rests_of_draft(
    draft: str,
    turn: Turn,
    claims: Iterable[Mapping[str, Any]],
    spoken: Sequence[PostRow],
    link: LinkRow | None,
) -> list[RestRow]:
    """What a draft rests on that makes these claims.

    Args:
        draft: Its id.
        turn: The evidence, and who the person was.
        claims: The draft's statements, with the numbers of their evidence.
        spoken: The author's posts as they were read.
        link: Staff's word on who the author is, if there is one.
    """
    digests = {(POST, post.id): digest_of_post(post) for post in spoken}
    customer = turn["customer"]["id"]
    if customer is not None:
        person = Identity(Known(turn["customer"]["known"]), customer)
        digests[LINK, link.id if link else f"handle:{turn['channel']}:{spoken[-1].folded_author}"] = _of_person(person)
    claims = list(claims)
    cited = {number for claim in claims for number in claim["evidence"]}
    told = {item["ref"]: _saying(item["text"], item.get("holds_for")) for item in turn["evidence"]}
    refs = _basis(turn, cited) + _named(turn, claims)
    for (kind, ref), parts in _cited(refs).items():
        digests[kind, ref] = _of_words(told, _with_head(kind, ref, parts, told))
    return [RestRow(draft=draft, kind=kind, ref=ref, digest=value) for (kind, ref), value in digests.items()]


def digest_of_post(post: PostRow) -> str:
    """What a post says now; a deleted one says nothing."""
    return _hash([post.text, post.version, post.deleted_at is not None])


async def what_has_changed(
    turn: Turn, claims: Iterable[Mapping[str, Any]], rests: Iterable[RestRow], handle: str, ports: Ports, today: date
) -> str | None:
    """What is not any more as it was when the draft was written, of orders, policies, places and the person; or None.

    What cannot be read has not changed; but what has for certain is told all the same.

    Args:
        turn: The evidence, and who the person was.
        claims: The draft's statements.
        rests: What it rests on.
        handle: The author's.
        ports: Where to read again. No database transaction may be open.
        today: The brand's day, on which policies must hold.

    Raises:
        PortUnavailable: It cannot be known.
    """
    cited = {number for claim in claims for number in claim["evidence"]}
    parts = _cited(_basis(turn, cited))
    known = {item["ref"] for item in turn["evidence"]}
    unread: PortUnavailable | None = None
    for rest in rests:
        try:
            if rest.kind == LINK:
                person = await ports.customers.identify(brand=turn["brand"], channel=turn["channel"], handle=handle)
                changed = OTHER_PERSON if _of_person(person) != rest.digest else None
            elif rest.kind == DESTINATION:
                changed = await _change_of_place(rest, turn, ports)
            elif rest.kind in (ORDER, POLICY):
                wanted = _with_head(rest.kind, rest.ref, parts.get((rest.kind, rest.ref), set()), known)
                changed = await _change_of(rest, wanted, turn, ports, today)
            else:
                changed = None
        except PortUnavailable as error:
            unread = unread or error
        else:
            if changed is not None:
                return changed
    if unread is not None:
        raise unread
    return None


async def digest_now(turn: Turn, claims: Iterable[Mapping[str, Any]], order: str, ports: Ports) -> str:
    """The digest that a draft which makes these claims would have of an order as it stands now.

    Raises:
        PortUnavailable: It cannot be known. No database transaction may be open.
    """
    cited = {number for claim in claims for number in claim["evidence"]}
    parts = _cited(_basis(turn, cited))
    known = {item["ref"] for item in turn["evidence"]}
    context = _context(turn, ports)
    await _note_order(context, order)
    told = {item.ref: _saying(item.text) for item in context.ledger}
    return _of_words(told, _with_head(ORDER, order, parts.get((ORDER, order), set()), known))


async def policy_told_now(turn: Turn, document: str, ports: Ports) -> Mapping[str, Evidence]:
    """A draft's evidence of each passage of a document as it would be now, by its ref. No transaction may be open."""
    context = _context(turn, ports)
    await _note_policy(context, document, context.now.date())
    return {item.ref: item for item in context.ledger}


async def _change_of(rest: RestRow, wanted: Sequence[str], turn: Turn, ports: Ports, today: date) -> str | None:
    """Whether an order or a policy tells something else now of what is wanted, or holds for others."""
    context = _context(turn, ports)
    if rest.kind == ORDER:
        await _note_order(context, rest.ref)
    elif not await _note_policy(context, rest.ref, today):
        return f"the policy {rest.ref} does not hold any more"
    scoped = {item["ref"] for item in turn["evidence"] if item.get("holds_for")}
    told = {item.ref: _saying(item.text, item.holds_for if item.ref in scoped else None) for item in context.ledger}
    if _of_words(told, wanted) == rest.digest:
        return None
    return f"{'order' if rest.kind == ORDER else 'the policy'} {rest.ref} has changed"


async def _change_of_place(rest: RestRow, turn: Turn, ports: Ports) -> str | None:
    """Whether customers are sent somewhere else now, or with other words."""
    place = next((place for place in await ports.destinations.listed(turn["brand"]) if place.id == rest.ref), None)
    if place is None:
        return f"customers are not sent to {rest.ref} any more"
    noted = note_destination(_context(turn, ports), place)
    if _of_words({noted.ref: _saying(noted.text)}, [noted.ref]) == rest.digest:
        return None
    return f"the destination {rest.ref} has changed"


async def _note_order(context: ToolContext, number: str) -> None:
    """Note an order as it is now. The tool leaves out what does not answer, which would pass for a change here."""
    customer, ports = context.identity.customer, context.ports
    order = await ports.orders.get(customer, number) if customer is not None else None
    if customer is None or order is None or order.customer != customer:
        return
    person = await ports.customers.get(customer)
    wanted = dict.fromkeys(line.product for line in order.lines if line.product)
    products = [await ports.orders.product(name) for name in wanted]
    methods = person.payment_methods if person else ()
    note_order(context, order, methods=methods, products=[product for product in products if product is not None])


async def _note_policy(context: ToolContext, document: str, today: date) -> bool:
    """Note every passage of a document as it is now; whether it still holds."""
    opening = Passage(document, document, "", (), "", "public", 0.0, brand=context.brand)
    passages = await context.ports.passages.whole(opening)
    for passage in passages:
        note_passage(context, passage)
    return bool(passages) and all(item.effective_to is None or today <= item.effective_to for item in passages)


def _context(turn: Turn, ports: Ports) -> ToolContext:
    """The context in which the evidence was noted: lateness is said as of then, so a day's passing is no change."""
    return ToolContext(
        identity=Identity(Known(turn["customer"]["known"]), turn["customer"]["id"]),
        brand=turn["brand"],
        channel=turn["channel"],
        language=turn["language"],
        region=None,
        now=datetime.fromisoformat(turn["started_at"]),
        ports=ports,
    )


def _basis(turn: Turn, cited: Collection[str]) -> list[str]:
    """The refs of these numbers; of a day for a return, of what it was worked out from: the order and the rule.

    The day itself is not read again: nothing notes it but the turn for which it was asked.
    """
    refs: list[str] = []
    for item in turn["evidence"]:
        if item["id"] not in cited:
            continue
        order, is_worked_out, _ = item["ref"].partition(RETURN_UNTIL)
        refs += _worked_out_from(turn, order, item["source"]) if is_worked_out else [item["ref"]]
    return refs


def _worked_out_from(turn: Turn, order: str, source: str) -> list[str]:
    facts = (f"{order}/shipment:", f"{order}/return:")
    return [order] + [
        item["ref"]
        for item in turn["evidence"]
        if item["ref"].startswith(facts)
        or (item["ref"].startswith(f"{POLICY}:") and source.endswith(f", {item['source']}"))
    ]


def _cited(refs: Iterable[str]) -> Mapping[tuple[str, str], set[str]]:
    """The refs by the order or the document that they are of."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ref in refs:
        kind, _, rest = ref.partition(":")
        if kind == ORDER:
            found[ORDER, rest.partition("/")[0]].add(ref)
        elif kind == POLICY:
            found[POLICY, rest.partition("#")[0]].add(ref)
        elif kind == DESTINATION:
            found[DESTINATION, rest].add(ref)
    return found


def _named(turn: Turn, claims: Iterable[Mapping[str, Any]]) -> list[str]:
    """The refs of the places whose address or number stands in the sentences, whether or not they cite it."""
    said = {value for claim in claims for link in find_links(claim["sentence"]) for value in link.values}
    return [
        item["ref"]
        for item in turn["evidence"]
        if item["ref"].startswith(f"{DESTINATION}:")
        and any(not said.isdisjoint(link.values) for link in find_links(item["text"]))
    ]


def _with_head(kind: str, ref: str, parts: Collection[str], known: Collection[str]) -> list[str]:
    """The parts, and of an order always its head, which says where it stands."""
    head = f"{ORDER}:{ref}"
    return sorted({*parts, head} if kind == ORDER and head in known else parts)


def _saying(text: str, holds_for: str | None = None) -> list[str]:
    return [text, holds_for] if holds_for else [text]


def _of_words(told: Mapping[str, Sequence[str]], refs: Iterable[str]) -> str:
    return _hash([[ref, *told.get(ref, [None])] for ref in refs])


def _of_person(person: Identity) -> str:
    return _hash([person.known.value, person.customer])


def _hash(value: Any) -> str:  # noqa: ANN401 - JSON
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
