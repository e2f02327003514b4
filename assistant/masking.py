"""What leaves the building is masked first (rule 8): personal values become tokens such as `<email-1>`.

Known values come from the customer's records; emails, phones, streets and payment data are also recognised by their
form, wherever they stand: in posts, documents and tool results. The same value keeps its token for a whole draft, so
that the model can still say which is which. Tokens are put back in what the model wrote; a token it made up stays as
it is, and text that merely looks like a token is itself masked, so that nobody can call up a value by writing one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
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
        self._patterns = _patterns(known or {})

    def mask(self, text: str) -> str:
        """`text` with every personal value replaced by its token, in whatever signs it is written."""
        signs = plain_signs(text)
        pieces, at = [], 0
        for kind, first, last in _found(signs.text, self._patterns):
            start, end = signs.span(first, last)
            pieces += [text[at:start], self._replace(kind, signs.text[first:last], text[start:end])]
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

    def _replace(self, kind: str | None, plain: str, value: str) -> str:
        if plain in self._public:
            return value
        if value not in self._tokens:
            kind = kind or self._known[_folded(plain)]
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
    return frozenset[str]().union(*map(_reachable_at, (*texts, *targets)))


@lru_cache(maxsize=1024)
def _reachable_at(text: str) -> frozenset[str]:
    """The emails and phones in a text. Remembered: turn after turn the same documents are told."""
    plain = plain_signs(text).text
    return frozenset(
        plain[start:end] for kind, start, end in _found(plain, _patterns({})) if kind in ("email", "phone")
    )


_Pattern = tuple[str | None, regex.Pattern[str]]
"""What a pattern finds, None for known values, and the pattern."""


def _found(text: str, patterns: Sequence[_Pattern]) -> Iterator[tuple[str | None, int, int]]:
    """What is found from where to where, none overlapping another; of patterns that match at one place the first.

    As one pattern of all of them would find it, in a third of the time, and without making it for every customer.
    """
    ahead = [pattern.search(text) for _, pattern in patterns]
    while any(ahead):
        match, kind = min(
            ((match, kind) for match, (kind, _) in zip(ahead, patterns, strict=True) if match),
            key=lambda found: found[0].start(),
        )
        start, end = match.span()
        yield kind, start, end
        ahead = [
            pattern.search(text, end) if found and found.start() < end else found
            for found, (_, pattern) in zip(ahead, patterns, strict=True)
        ]


def _patterns(known: Iterable[str]) -> Sequence[_Pattern]:
    """Those of literal tokens first, then of known values (the longest first), then of values by their form."""
    values = sorted(filter(None, (plain_signs(value).text.strip() for value in known)), key=len, reverse=True)
    literal, *forms = _forms()
    if not values:
        return (literal, *forms)
    words = "|".join(r"\s+".join(regex.escape(word) for word in value.split()) for value in values)
    by_value = regex.compile(rf"(?i:(?<![\p{{L}}\p{{N}}])(?:{words})(?![\p{{L}}\p{{N}}]))")
    return (literal, (None, by_value), *forms)


@lru_cache(maxsize=1)
def _forms() -> Sequence[_Pattern]:
    return [(name, regex.compile(form)) for name, form in (("literal", _TOKEN), *FORMS.items())]


def _folded(value: str) -> str:
    return " ".join(plain_signs(value).text.split()).casefold()
