"""Preconditions about the order itself and its lines. Each says what is wrong, or nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, date

from assistant.regions import country_code
from server.actions.arguments import CancelOrder, ChangeAddress, Refund, UpgradeShipping
from server.actions.broken import Broken
from server.actions.given_back import left_of
from server.actions.judging import Judged
from server.actions.kinds import ActionKind, say_kind
from server.actions.lines import value_of
from server.actions.shop import Earlier
from tools.records import Order, OrderStatus, Shipment

ITEMS_MODIFIED = "items modified"
_MODIFIED = re.compile(r"\bitems?\s+(?:was |were |have been )?(?:modified|changed)\b", re.IGNORECASE)
_RETURNS = {ActionKind.RETURN_ITEMS: "return", ActionKind.EXCHANGE_ITEMS: "exchange"}


def in_state(asked: Judged) -> Iterator[Broken]:
    """The order is in one of the states that the rule names."""
    states = asked.rule.states
    if states is not None and asked.order.status not in states:
        *most, last = [_say(state) for state in OrderStatus if state in states] or ["in no state at all"]
        allowed = f"{', '.join(most)} or {last}" if most else last
        words = f"{say_kind(asked.wanted.kind)} is for orders that are {allowed}"
        yield Broken("state", f"{words}; this one is {_say(asked.order.status)}")


def _say(state: OrderStatus) -> str:
    return state.value.replace("_", " ")


def not_modified(asked: Judged) -> Iterator[Broken]:
    """The order's items were not changed before: after that it is settled."""
    if asked.rule.unmodified and _was_modified(asked):
        yield Broken("unmodified", "the items of this order were changed before; after that it cannot be changed again")


def not_before(asked: Judged) -> Iterator[Broken]:
    """The order has not had it before, where it may have it once."""
    if asked.rule.once_per_order and _was_done(asked):
        yield Broken("once_per_order", f"{say_kind(asked.wanted.kind)} is done once per order, and this one has had it")


def _was_done(asked: Judged) -> bool:
    kind, order = asked.wanted.kind, asked.order
    noted = any(returned.kind == _RETURNS.get(kind) for returned in order.returns)
    return noted or _had(asked, kind) or (kind == ActionKind.CHANGE_ITEMS and _was_modified(asked))


def _was_modified(asked: Judged) -> bool:
    noted = _MODIFIED.search(asked.order.status_note or "") is not None
    return noted or _had(asked, ActionKind.CHANGE_ITEMS)


def _had(asked: Judged, kind: ActionKind) -> bool:
    """Whether the order has had an action of this kind, and still has what it did."""
    order = asked.order
    return any(
        earlier.kind == kind and earlier.order == order.id and _stands(earlier, order) for earlier in asked.shop.done
    )


def _stands(earlier: Earlier, order: Order) -> bool:
    """Whether the records do not say that it is undone: the shop's own system may have brought the order anew."""
    skus, returns = {line.id: line.sku for line in order.lines}, {returned.id for returned in order.returns}
    changed = earlier.result.get("lines", ())
    noted = earlier.result.get("returns", ())
    return all(skus.get(line["id"]) == line.get("sku") for line in changed) and all(
        returned["id"] in returns for returned in noted
    )


def in_time(asked: Judged) -> Iterator[Broken]:
    """It has not been too long since the last parcel was handed over."""
    days = asked.rule.within_days
    if days is None:
        return
    arrived = arrived_on(asked.order)
    if arrived is None:
        yield Broken("within_days", "the records do not say when the order arrived; look at its shipments first")
    elif (asked.now.astimezone(UTC).date() - arrived).days > days:
        yield Broken("within_days", f"the order arrived on {arrived}; the {days} days since then are over")


def arrived_on(order: Order) -> date | None:
    """The day on which the last parcel was handed over, in UTC."""
    moments = [shipment.delivered_at for shipment in order.shipments if shipment.delivered_at is not None]
    return max(moments).astimezone(UTC).date() if moments else None


def for_a_reason(asked: Judged) -> Iterator[Broken]:
    """The reason is one of those that there are."""
    reasons = asked.rule.reasons
    told = asked.arguments.reason
    if reasons and fold_reason(told or "") not in {fold_reason(reason) for reason in reasons}:
        allowed = " or ".join(f"“{reason}”" for reason in reasons)
        yield Broken("reason", f"the reason must be {allowed}" + (f", not “{told}”" if told else ""))


def fold_reason(reason: str) -> str:
    """A reason without what makes no difference: case, spaces, a full stop."""
    return " ".join(reason.casefold().split()).strip(" .!")


def lines_are_its(asked: Judged) -> Iterator[Broken]:
    """The lines are the order's, each named once."""
    yield from asked.named.wrong


def parts_can_be_cancelled(asked: Judged) -> Iterator[Broken]:
    """Single lines can be cancelled at this brand."""
    told = asked.arguments
    whole = {line.id for line in asked.order.lines}
    if isinstance(told, CancelOrder) and not asked.rule.parts and told.lines and set(asked.named.ids) < whole:
        yield Broken("parts", "an order is cancelled as a whole here; leave `lines` out to cancel all of it")


def lines_are_here(asked: Judged) -> Iterator[Broken]:
    """The lines are not on their way back, or being sent, already."""
    back = {line for returned in asked.order.returns if returned.kind != "repair" for line in returned.lines}
    for line in asked.named.lines:
        if line.id in back:
            yield Broken("lines", f"line {line.id} is in an earlier return or exchange of this order")


def lines_are_not_on_their_way(asked: Judged) -> Iterator[Broken]:
    """Nothing of the lines is still to be sent: a second replacement is none."""
    for shipment in to_leave(asked.order):
        for line in asked.named.lines:
            if line.id in shipment.lines:
                yield Broken("lines", f"line {line.id} is in shipment {shipment.id}, which has not left yet")


def address_may_be(asked: Judged) -> Iterator[Broken]:
    """The new address is in the same country, where it must be."""
    told, old = asked.arguments, asked.order.ship_to
    if not asked.rule.same_country or not isinstance(told, ChangeAddress) or old is None:
        return
    if country_code(told.address.country) != country_code(old.country):
        yield Broken("same_country", f"the order goes to {old.country}; it can only be sent elsewhere in that country")


def something_can_be_faster(asked: Judged) -> Iterator[Broken]:
    """Something has not left, and does not go by that service already."""
    told = asked.arguments
    assert isinstance(told, UpgradeShipping)
    service = told.service or asked.rule.service
    if service is None:
        yield Broken("service", "`service` is missing; give the name of the delivery service it is to go by")
    elif told.service and asked.rule.service and told.service.casefold() != asked.rule.service.casefold():
        yield Broken("service", f"an upgrade is to {asked.rule.service} here, not to {told.service}")
    elif not to_leave(asked.order) and not lines_to_leave(asked.order):
        yield Broken("service", "everything of this order has left")
    elif not lines_to_leave(asked.order) and all(
        (shipment.service or "").casefold() == service.casefold() for shipment in to_leave(asked.order)
    ):
        yield Broken("service", f"the order goes by {service} already")


def to_leave(order: Order) -> tuple[Shipment, ...]:
    """The shipments that have not left."""
    return tuple(each for each in order.shipments if each.shipped_at is None and each.delivered_at is None)


def lines_to_leave(order: Order) -> tuple[str, ...]:
    """The lines that are in no shipment yet."""
    packed = {line for shipment in order.shipments for line in shipment.lines}
    return tuple(line.id for line in order.lines if line.id not in packed)


def price_has_not_gone_back(asked: Judged) -> Iterator[Broken]:
    """Something of the price of each line has not been given back before."""
    for line in asked.named.lines:
        if left_of(asked.shop, [line]) == 0 and value_of([line]) > 0:
            yield Broken("lines", f"the price of line {line.id} has been given back before")


def nothing_follows_for_it(asked: Judged) -> Iterator[Broken]:
    """Neither the price of a line nor another piece follows when it is here."""
    coming = {line: each.kind for each in asked.order.returns if not each.received_at for line in each.lines}
    for line in asked.named.lines:
        if coming.get(line.id) == "return":
            yield Broken("lines", f"line {line.id} is on its way back; its money follows when it is here")
        elif coming.get(line.id) == "exchange":
            yield Broken("lines", f"line {line.id} is on its way back to be exchanged; its price pays for the other")


def refund_says_how_much(asked: Judged) -> Iterator[Broken]:
    """A refund is of an amount, or of what lines cost; for lines never more than they cost."""
    told = asked.arguments
    assert isinstance(told, Refund)
    if asked.named.wrong:
        return
    worth = left_of(asked.shop, asked.named.lines)
    if asked.amount is None and not any(price_has_not_gone_back(asked)):
        yield Broken("amount", "say how much: `amount`, or the `lines` whose price goes back")
    elif told.lines and asked.amount is not None and asked.amount > worth:
        words = f"{asked.money(worth)} of what the lines cost has not gone back; {asked.money(asked.amount)} is more"
        yield Broken("amount", words)
    if told.currency not in (None, asked.order.currency):
        yield Broken("currency", f"the order is in {asked.order.currency}, not in {told.currency}")
