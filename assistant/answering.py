"""A rep's question about one customer, answered without a model: the facts that bear on it, each with its source.

The rep sees records and internal policies; nothing here is a text for the customer.
"""

import time
from collections.abc import Sequence
from datetime import datetime

from assistant.case import Post, Role, Thread
from assistant.gather import gather
from assistant.language import detect_language
from assistant.outcome import Claim, ClaimKind, Draft, Part, Reply, TurnRecord, Writer
from assistant.relevance import rank_facts
from assistant.turn import Desk
from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind
from tools.orders import get_order_status
from tools.ports import Identity
from tools.records import Customer, Known

CHANNEL = "panel"
_FACTS = 5
_ORDERS_IN_FULL = 5


class NoSuchCustomer(LookupError):
    """A question about a customer who is not in the records."""


async def answer_question(question: str, customer_id: str, desk: Desk, *, now: datetime | None = None) -> TurnRecord:
    """The facts that answer a rep's question, most relevant first, in `private_text`; nothing is meant for sending.

    Raises:
        NoSuchCustomer: No customer has this id.
    """
    started = time.monotonic()
    now = now or desk.clock()
    customer = await desk.ports.customers.get(customer_id)
    if customer is None:
        raise NoSuchCustomer(f"there is no customer {customer_id}")
    brand = desk.guidance.brand(customer.brand)
    thread = _as_thread(question, customer, now)
    material, context = await gather(
        thread,
        brand=brand,
        language=detect_language(question, hint="en"),
        identity=Identity(Known.VERIFIED, customer.id),
        region=desk.region,
        now=now,
        ports=desk.ports,
        recogniser=desk.recogniser,
    )
    if material.order is None:
        await _read_in_full(context, [order.id for order in material.orders[:_ORDERS_IN_FULL]])
    gathered = time.monotonic()
    known = [item for item in context.ledger if item.kind in (EvidenceKind.RECORD, EvidenceKind.POLICY)]
    facts = rank_facts(question, known, limit=_FACTS)
    claims = tuple(
        Claim(
            Part.PRIVATE,
            _say(fact),
            ClaimKind.POLICY if fact.kind is EvidenceKind.POLICY else ClaimKind.FACT,
            (fact.id,),
        )
        for fact in facts
    )
    text = "\n".join(claim.sentence for claim in claims) or None
    return TurnRecord(
        id=thread.id,
        channel=CHANNEL,
        brand=brand.id if brand else None,
        language=material.language,
        target_post=thread.target.id,
        identity=material.identity,
        intent=material.intent.id if material.intent else None,
        outcome=Draft(Reply(private_text=text, claims=claims)),
        evidence=tuple(context.ledger),
        written_by=Writer.COMPOSER,
        started_at=now,
        timings_ms={"gather": (gathered - started) * 1000, "total": (time.monotonic() - started) * 1000},
    )


def _as_thread(question: str, customer: Customer, now: datetime) -> Thread:
    post = Post(id="question", author=customer.id, role=Role.CUSTOMER, created_at=now, text=question)
    return Thread(id="ask", channel=CHANNEL, posts=(post,), brand=customer.brand)


async def _read_in_full(context: ToolContext, orders: Sequence[str]) -> None:
    for order in orders:
        await get_order_status(context, order)


def _say(fact: Evidence) -> str:
    """The fact in one line; of a policy its own words, without the sentences prepared for customers."""
    text = fact.text.split("\nPublic page:")[0].split("\nApproved answer:")[0]
    return " ".join(text.split())
