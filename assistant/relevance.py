"""Which facts bear on a rep's question: the kinds it asks for, of the orders it means; else those that share its words.

Facts of a record are short and say their subject in full, so words decide better than meaning here, in microseconds and
without keeping anything of a customer in a cache.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import regex

from assistant.asked import Asked, Kind
from assistant.focus import UNDER_WAY
from tools.evidence import Evidence, EvidenceKind
from tools.records import Order, OrderStatus, Product

_WORD = regex.compile(r"\p{L}{4,}|\p{L}*\d[\p{L}\d]+")
_STEM = 5
_FACTS_OF_A_KIND = 3
_SAME_STATE = 2
_MONEY_CAME_BACK = ("refund", "return")


def orders_in_question(
    question: str, asked: Asked, orders: Sequence[Order], products: Mapping[str, Product]
) -> tuple[Order, ...]:
    """The customer's orders that are meant, newest first: by product, by what is asked, else the latest alone.

    `orders` are the latest ones, newest first; `products` those of their lines, by id.
    """
    if asked.open:
        orders = [order for order in orders if order.status in UNDER_WAY] or orders
    if not orders or (asked.has("orders", "overview") and not asked.latest and not asked.has("delivery")):
        return tuple(orders)
    shared = [_shared(question, order, products) for order in orders]
    if max(shared) > 0:
        return tuple(order for order, number in zip(orders, shared, strict=True) if number == max(shared))
    if asked.latest:
        return tuple(orders[:1])
    fitting = [order for order in orders if _fits(asked, order)]
    return tuple(fitting[:_SAME_STATE] or orders[:1])


def facts_asked_for(asked: Asked, known: Sequence[Evidence], orders: Sequence[Order]) -> list[tuple[Kind, Evidence]]:
    """The facts of the kinds that are asked for, in the order of the question; one can be of several kinds."""
    found: list[tuple[Kind, Evidence]] = []
    for kind in asked.kinds:
        worked_out = _by_a_rule(asked, kind.by_rule, known, orders)
        own = _of_kind(kind, known, orders)
        beside = [] if own or worked_out else _by_a_rule(asked, kind.with_rule, known, orders)
        found += [(kind, fact) for fact in (*worked_out, *own, *beside)]
    return found


def rank_facts(question: str, facts: Sequence[Evidence], *, limit: int) -> list[Evidence]:
    """The facts that share words with the question, weighed by how rare they are; none that shares nothing."""
    asked = _stems(question)
    stems = [_stems(f"{fact.source} {fact.text}") for fact in facts]
    spread = Counter(stem for each in stems for stem in each)
    scores = [sum(math.log(1 + len(facts) / spread[stem]) for stem in asked & each) for each in stems]
    order = sorted(range(len(facts)), key=lambda index: (-scores[index], index))
    best = scores[order[0]] if order else 0.0
    return [facts[index] for index in order[:limit] if scores[index] > 0.6 * best > 0]


def _by_a_rule(
    asked: Asked, places: Sequence[str], known: Sequence[Evidence], orders: Sequence[Order]
) -> list[Evidence]:
    """What a rule is counted from, such as the day of delivery, or what was worked out by one."""
    if not asked.rule:
        return []
    return [fact for place in places for fact in known if _stands(fact, place, orders)][:_FACTS_OF_A_KIND]


def _of_kind(kind: Kind, known: Sequence[Evidence], orders: Sequence[Order]) -> list[Evidence]:
    """The facts of the first place that holds any; a parcel's place is told with the note of its order."""
    found: list[Evidence] = []
    for place in kind.facts:
        here = [fact for fact in known if _stands(fact, place, orders) and kind.holding in fact.text]
        here.sort(key=lambda fact: fact.ref.startswith("customer:"))  # where this order goes, before where they live
        found += here[:_FACTS_OF_A_KIND] if place != "head" else here
        if found and not kind.all:
            break
    noted = {f"order:{order.id}" for order in orders if order.status_note and kind.name in {"delivery", "stock"}}
    silent = kind.name == "delivery" and not found
    heads = [
        fact
        for fact in known
        if fact.ref in noted or (silent and fact.ref in {f"order:{order.id}" for order in orders[:1]})
    ]
    return [*heads, *found]


def _stands(fact: Evidence, place: str, orders: Sequence[Order]) -> bool:
    """Whether a fact stands in this place, of these orders or of the customer."""
    if place == "head":
        return fact.ref in {f"order:{order.id}" for order in orders}
    if place == "person":
        return fact.ref.startswith("customer:") and "/" not in fact.ref
    if place == "past_post:":
        return fact.kind is EvidenceKind.POST
    if place == "product:":
        sold = {line.product for order in orders for line in order.lines}
        return fact.ref.removeprefix("product:") in sold
    if place == "promise:":
        return fact.ref.startswith(place)
    subject, _, rest = fact.ref.partition("/")
    if not f"/{rest}".startswith(place) or not rest:
        return False
    theirs = {f"order:{order.id}" for order in orders}
    return subject in theirs or subject.startswith("customer:")


def _shared(question: str, order: Order, products: Mapping[str, Product]) -> int:
    """How many words of the question name the order's things, by title or by family."""
    kinds = [products[line.product].family or "" for line in order.lines if line.product and line.product in products]
    named = _stems(" ".join([*(line.title for line in order.lines), *kinds]), plural=False)
    return len(_stems(question, plural=False) & named)


def _fits(asked: Asked, order: Order) -> bool:
    if asked.has("refund", "return", "exchange"):
        return bool(order.returns) or any(payment.kind in _MONEY_CAME_BACK for payment in order.payments)
    if asked.has("delivery", "address", "status", "stock"):
        return order.status in UNDER_WAY
    if asked.has("warranty"):
        return order.status is OrderStatus.DELIVERED
    return False


def _stems(text: str, *, plural: bool = True) -> set[str]:
    words = _WORD.findall(text.casefold())
    if not plural:
        words = [word[:-1] if len(word) > _STEM - 1 and word.endswith("s") else word for word in words]
    return {word if word.isdigit() else word[:_STEM] for word in words}
