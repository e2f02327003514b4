"""Who the customer is: what they told us of themselves and how they pay."""

from collections.abc import Iterator

from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.plain import plain
from tools.records import Customer
from tools.results import NO_CUSTOMER, ToolResult, report
from tools.saying import hide_payment_numbers, say_address, say_date, say_payment_method


async def get_customer_profile(context: ToolContext) -> ToolResult:
    """Who this customer is: name, since when, tier, language, contacts, address, ways to pay, consents, facts.

    Takes no arguments; the customer is known from the conversation. Of cards only the last four digits are known.
    Example: get_customer_profile()
    """
    if context.identity.customer is None:
        return ToolResult(NO_CUSTOMER)
    customer = await context.ports.customers.get(context.identity.customer)
    if customer is None or customer.id != context.identity.customer:
        return ToolResult(NO_CUSTOMER)
    return report(context, list(note_profile(context, customer).values()), data={"customer": plain(customer)})


def note_profile(context: ToolContext, customer: Customer) -> dict[str, Evidence]:
    """Note every fact of a customer that was read already, by `ref`."""
    noted = [
        context.ledger.add(
            EvidenceKind.RECORD,
            source="Customer record",
            ref=f"customer:{customer.id}{suffix}",
            text=text,
            visibility=Visibility.CUSTOMER,
            as_of=context.now,
        )
        for suffix, text in _facts(customer)
    ]
    return {item.ref: item for item in noted}


def _facts(customer: Customer) -> Iterator[tuple[str, str]]:
    """What is known, one subject each: where it stands below the customer, and in words."""
    yield "", _say_person(customer)
    contacts = [*(f"email {email}" for email in customer.emails), *(f"phone {phone}" for phone in customer.phones)]
    if contacts:
        yield "/contact", f"Customer {customer.name}: {', '.join(contacts)}"
    if customer.address:
        yield "/address", f"Customer {customer.name}: address {say_address(customer.address)}"
    if customer.handles:
        handles = ", ".join(f"@{item.handle} on {item.channel} ({item.known})" for item in customer.handles)
        yield "/handles", f"Customer {customer.name}: writes as {handles}"
    for method in customer.payment_methods:
        yield f"/payment_method:{method.id}", f"Customer {customer.name}: pays by {say_payment_method(method)}"
    if customer.consent:
        consent = ", ".join(f"{purpose}: {'yes' if given else 'no'}" for purpose, given in customer.consent.items())
        yield "/consent", f"Customer {customer.name}: consent to {consent}"
    for name, value in customer.facts.items():
        yield f"/fact:{name}", f"Customer {customer.name} has told us: {name.replace('_', ' ')}: {_say_fact(value)}"


def _say_person(customer: Customer) -> str:
    parts = [
        f"organisation {customer.organisation}" if customer.organisation else None,
        f"customer since {say_date(customer.since)}" if customer.since else None,
        f"tier {customer.tier}" if customer.tier else None,
        f"language {customer.language}" if customer.language else None,
    ]
    known = "; ".join(part for part in parts if part)
    return f"Customer {customer.name}{': ' + known if known else ''}"


def _say_fact(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return hide_payment_numbers(str(value))
