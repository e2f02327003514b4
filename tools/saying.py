"""How records are put into words: dates, options, addresses, ways to pay, and lateness.

Written for evidence texts, so always in English, always in full ("10 November 2026", "129.00 GBP"): what a draft says
in its own language is compared with these.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from tools.records import Address, OrderLine, PaymentMethod, Variant

_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_ITEMS_NAMED = 6


def say_date(day: date) -> str:
    """`10 November 2026`; of a time, its day."""
    return f"{day.day} {day:%B %Y}"


def say_days(count: int) -> str:
    """`1 day`, `6 days`."""
    return "1 day" if count == 1 else f"{count} days"


def say_options(options: Mapping[str, str]) -> str:
    """`size M, colour moss`."""
    return ", ".join(f"{name} {value}" for name, value in options.items())


def say_line(line: OrderLine) -> str:
    """`2 × Ridgeline Jacket (size M, colour moss)`."""
    options = f" ({say_options(line.options)})" if line.options else ""
    return f"{line.quantity} × {line.title}{options}"


def say_lines(lines: Sequence[OrderLine]) -> str:
    """The lines one after another, at most six, with a count of the others."""
    named = "; ".join(say_line(line) for line in lines[:_ITEMS_NAMED])
    left_out = len(lines) - _ITEMS_NAMED
    return f"{named}; and {left_out} more lines" if left_out > 0 else named


def say_variant(variant: Variant) -> str:
    """`size L, colour moss: 129.00 GBP (sku RJ-L-MOS)`."""
    name = f"{say_options(variant.options)}: " if variant.options else ""
    return f"{name}{variant.price} (sku {variant.sku})"


def say_address(address: Address) -> str:
    """The address on one line."""
    parts = (address.line1, address.line2, address.city, address.region, address.postal_code, address.country)
    return ", ".join(part for part in parts if part)


def say_payment_method(method: PaymentMethod) -> str:
    """`credit card (Visa) ending in 4242`."""
    brand = f" ({hide_payment_numbers(method.brand)})" if method.brand else ""
    ending = f" ending in {method.last_four[-4:]}" if method.last_four else ""
    balance = f" with a balance of {method.balance}" if method.balance else ""
    return f"{method.kind.replace('_', ' ')}{brand}{ending}{balance}"


def say_lateness(promised: date, *, now: datetime) -> str:
    """How an undelivered parcel stands against the day that was named."""
    late = (now.date() - promised).days
    if late > 0:
        return f"{say_days(late)} late as of {say_date(now)}"
    return "due today" if late == 0 else f"not late as of {say_date(now)}"


def quote(text: str, *, limit: int = 300) -> str:
    """Somebody's words on one line, in quotation marks, cut at `limit`, without payment numbers."""
    line = " ".join(hide_payment_numbers(text).split())
    return f"“{line if len(line) <= limit else line[: limit - 1] + '…'}”"


def hide_payment_numbers(text: str) -> str:
    """`text` with card and bank account numbers cut down to their last four characters."""
    return _IBAN.sub(_cut_iban, _DIGITS.sub(_cut_card, text))


def _cut_card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group())
    return f"[number ending in {digits[-4:]}]" if _is_card_number(digits) else match.group()


def _cut_iban(match: re.Match[str]) -> str:
    compact = match.group().replace(" ", "")
    turned = "".join(str(int(char, 36)) for char in compact[4:] + compact[:4])
    return f"[account ending in {compact[-4:]}]" if int(turned) % 97 == 1 else match.group()


def _is_card_number(digits: str) -> bool:
    doubled = (int(char) * 2 for char in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(value - 9 if value > 9 else value for value in doubled)) % 10 == 0
