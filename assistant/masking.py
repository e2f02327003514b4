"""What leaves the building is masked first (rule 8): personal values become tokens such as `<email-1>`.

Known values come from the customer's records; emails, phones, streets and payment data are also recognised by their
form, wherever they stand: in posts, documents and tool results. The same value keeps its token for a whole draft, so
that the model can still say which is which. Tokens are put back in what the model wrote; a token it made up stays as
it is, and text that merely looks like a token is itself masked, so that nobody can call up a value by writing one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import regex

from assistant.material import Material
from assistant.reading.personal import FORMS
from assistant.reading.signs import plain_signs
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.records import Customer, Order

_TOKEN = r"<(?:email|phone|street|postcode|iban|card|name|tracking|literal)-\d+>"


class Mask:
    """The tokens of one draft. `known` maps values to what they are; `public` holds values that may leave."""

    def __init__(self, known: Mapping[str, str] | None = None, public: Iterable[str] = ()) -> None:
        self._tokens: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._public = frozenset(public)
        self._known = {_folded(value): kind for value, kind in (known or {}).items()}
        self._finder = _finder(known or {})

    def mask(self, text: str) -> str:
        """`text` with every personal value replaced by its token, in whatever signs it is written."""
        signs = plain_signs(text)
        pieces, at = [], 0
        for match in self._finder.finditer(signs.text):
            start, end = signs.span(*match.span())
            pieces += [text[at:start], self._replace(match, text[start:end])]
            at = end
        return "".join((*pieces, text[at:]))

    def unmask(self, text: str) -> str:
        """`text` with the tokens that `mask` gave out turned back; a value put back is not looked into again."""
        return regex.sub(_TOKEN, lambda match: self._values.get(match[0], match[0]), text)

    def unmask_all(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """The same through the strings of a JSON value."""
        if isinstance(value, str):
            return self.unmask(value)
        if isinstance(value, Mapping):
            return {key: self.unmask_all(item) for key, item in value.items()}
        if isinstance(value, Sequence):
            return [self.unmask_all(item) for item in value]
        return value

    def _replace(self, match: regex.Match[str], value: str) -> str:
        if match[0] in self._public:
            return value
        if value not in self._tokens:
            kind = match.lastgroup or self._known[_folded(match[0])]
            self._counts[kind] = self._counts.get(kind, 0) + 1
            token = f"<{kind}-{self._counts[kind]}>"
            self._tokens[value] = token
            self._values[token] = value
        return self._tokens[value]


def mask_for(material: Material) -> Mask:
    """The mask of a draft: the customer's own values by name, everybody's by form, the company's public ones not."""
    return Mask(
        known_values(material.customer, material.orders),
        public_values(material.ledger, (found.target for found, _ in material.destinations.values())),
    )


def known_values(customer: Customer | None, orders: Sequence[Order] = ()) -> dict[str, str]:
    """What the records hold that must not leave, with what it is."""
    known: dict[str, str] = {}
    addresses = [order.ship_to for order in orders]
    if customer is not None:
        addresses.append(customer.address)
        known |= dict.fromkeys(customer.emails, "email") | dict.fromkeys(customer.phones, "phone")
        if " " in customer.name.strip():  # a single word may be any word
            known[customer.name.strip()] = "name"
    for address in addresses:
        if address is not None:
            known |= dict.fromkeys(filter(None, (address.line1, address.line2)), "street")
            known |= dict.fromkeys(filter(None, (address.postal_code,)), "postcode")
    numbers = (number for order in orders for shipment in order.shipments for number in shipment.tracking)
    return known | dict.fromkeys(numbers, "tracking")


def public_values(evidence: Iterable[Evidence], targets: Iterable[str] = ()) -> frozenset[str]:
    """The company's own addresses and numbers: what its destinations and its public policies name."""
    published = (EvidenceKind.POLICY, EvidenceKind.DESTINATION)
    texts = [item.text for item in evidence if item.kind in published and item.visibility is Visibility.PUBLIC]
    found = _finder({}).finditer(plain_signs("\n".join((*texts, *targets))).text)
    return frozenset(match[0] for match in found if match.lastgroup in ("email", "phone"))


def _finder(known: Mapping[str, str]) -> regex.Pattern[str]:
    """Finds literal tokens first, then known values (the longest first), then values by their form."""
    values = sorted(filter(None, (plain_signs(value).text.strip() for value in known)), key=len, reverse=True)
    forms = [f"(?P<{name}>{form})" for name, form in (("literal", _TOKEN), *FORMS.items())]
    if values:
        words = (r"\s+".join(regex.escape(word) for word in value.split()) for value in values)
        forms.insert(1, rf"(?i:(?<![\p{{L}}\p{{N}}])(?:{'|'.join(words)})(?![\p{{L}}\p{{N}}]))")
    return regex.compile("|".join(forms))


def _folded(value: str) -> str:
    return " ".join(plain_signs(value).text.split()).casefold()
