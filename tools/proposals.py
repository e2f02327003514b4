"""What a model may propose: an action for a person to approve, a question to ask, a colleague to call.

Nothing is done here. An approved action is carried out by the server, once (rule 2).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from tools.context import HandOverWish, Proposal, ToolContext
from tools.results import NO_CUSTOMER, NO_SUCH_ORDER, ToolResult

ActionType = Literal[
    "cancel_order",
    "change_items",
    "change_address",
    "return_items",
    "exchange_items",
    "replace_items",
    "change_payment",
    "refund",
    "repair",
    "credit",
    "upgrade_shipping",
    "trace_parcel",
]
Team = Literal[
    "on_call_safety",
    "on_call_legal",
    "on_call_press",
    "privacy",
    "fraud",
    "people",
    "orders",
    "payments",
    "repairs",
    "accounts",
    "community",
    "languages",
]
ACTION_TYPES: tuple[str, ...] = get_args(ActionType)
TEAMS: tuple[str, ...] = get_args(Team)
_WHOSE = frozenset({"customer", "customer_id", "user", "user_id", "account", "email", "handle"})


async def propose_action(
    context: ToolContext, type: ActionType, arguments: Mapping[str, Any], reason: str, evidence: Sequence[str]
) -> ToolResult:
    """Propose a change or a gesture for this customer. A person decides; nothing is done, so do not say it was.

    `type` is one of cancel_order, change_items, change_address, change_payment, return_items, exchange_items,
    replace_items, refund, credit, repair, upgrade_shipping, trace_parcel. `arguments` name the order and what is
    needed; `evidence` the numbers it rests on.
    Example: propose_action(type="refund", arguments={"order": "FH-10423", "amount": 4000, "currency": "GBP"},
    reason="refund promised and not carried out", evidence=["E7"])
    """
    customer = context.identity.customer
    if customer is None:
        return ToolResult(NO_CUSTOMER)
    numbers = tuple(dict.fromkeys(number.strip("[] ").upper() for number in evidence))
    unknown = [number for number in numbers if context.ledger.get(number) is None]
    if unknown or not numbers:
        return ToolResult(
            "A proposal must rest on evidence you were given, by its numbers such as E3"
            + (f"; there is no {', '.join(unknown)}." if unknown else "."),
            failed=True,
        )
    # the person is fixed by the conversation; an argument that names one is dropped, whoever it names (rule 1)
    wanted = {name: value for name, value in arguments.items() if name.casefold() not in _WHOSE}
    number = wanted.get("order") or wanted.get("order_id")
    if number is not None:
        order = await context.ports.orders.get(customer, str(number))
        if order is None or order.customer != customer:
            return ToolResult(NO_SUCH_ORDER)
        wanted = {name: value for name, value in wanted.items() if name != "order_id"} | {"order": order.id}
    proposal = Proposal(type, wanted, reason, numbers)
    if proposal not in context.proposals:
        context.proposals.append(proposal)
    return ToolResult(
        "Proposed to a person, not done. You may write that it can be offered or is being checked only if the policy "
        "says so; never that it has been done or will be.",
        data={"type": type, "arguments": wanted, "reason": reason, "evidence": list(numbers)},
    )


async def ask_customer(_context: ToolContext, question: str) -> ToolResult:
    """Ask the customer the one thing the answer depends on, instead of answering.

    `question` is a single question in the customer's language, without asking for personal data in public: no order
    number, email, phone, address or password. Example: ask_customer(question="Which colour did you order?")
    """
    return ToolResult(
        "The question is noted. Write it now as the reply, with nothing that depends on its answer.",
        data={"question": question},
    )


async def hand_over(context: ToolContext, team: Team, reason: str) -> ToolResult:
    """Pass the case to a team because you must not or cannot answer it: danger, law, fraud, a decision above you.

    `team` is one of on_call_safety, on_call_legal, on_call_press, privacy, fraud, people, orders, payments, repairs,
    accounts, community, languages. `reason` says in one sentence what they need to know.
    Example: hand_over(team="payments", reason="charged twice, one payment is not in our records")
    """
    context.hand_overs.append(HandOverWish(team, reason))
    return ToolResult(
        f"Handed over to {team}. Stop here; do not promise when or that somebody will call.",
        data={"team": team, "reason": reason},
    )
