"""What a tool answers, and the sentences that must be the same wherever they are said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.context import ToolContext
from tools.evidence import Evidence
from tools.records import Known

NO_CUSTOMER = (
    "No records can be read in this conversation, because it is not certain who is writing. Do not say whether an "
    "account, an order or a payment exists. Answer from public policy, or send the person to a place where they can "
    "show who they are (find_destination)."
)
NO_SUCH_ORDER = (
    "This customer has no order of that number. Do not say whether anybody else has. Call get_purchase_history to see "
    "the orders that they do have, or ask them to check the number."
)
_LINKED = (
    "Staff linked this person to the customer, but they have not proved it: use these records to understand the "
    "question, do not tell them."
)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The answer of a tool.

    `words` is what the model reads: one line for each evidence with its number, and what to do next. `data` holds the
    same in full, ready for JSON. `failed` says that the call itself did not work; `words` then tell the model what to
    do instead, and `outage` which port did not answer, if that was it.
    """

    words: str
    evidence: tuple[Evidence, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    failed: bool = False
    outage: str | None = None


def report(
    context: ToolContext, evidence: Sequence[Evidence], *, data: Mapping[str, Any], notes: Sequence[str] = ()
) -> ToolResult:
    """The result that lists these facts of the customer's records, with `notes` below them."""
    warning = (_LINKED,) if context.identity.known is Known.LINKED else ()
    lines = (*warning, *(f"[{item.id}] {item.text}" for item in evidence), *notes)
    return ToolResult("\n".join(lines), tuple(evidence), data)
