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
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.records import Customer, Order

_TOKEN = r"<(?:email|phone|street|postcode|iban|card|name|tracking|literal)-\d+>"
_GAP = r"[ \u00a0.\-/()]"
_STREET_EN = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Crescent|Terrace|Gardens|Grove|Square|Sq|Boulevard"
    r"|Blvd|Way|Place|Pl|Row|Mews|Parade|Hill)"
)
_STREET_DE = r"(?:stra(?:ß|ss)e|str\.|weg|allee|platz|gasse|ring|damm|ufer|chaussee)"
_STREET_ES = r"(?:[Cc]alle|C/|[Aa]venida|Avda\.?|[Pp]laza|[Pp]aseo|[Cc]amino|[Rr]onda|[Cc]arretera)"
_STREET_FR = r"(?:rue|avenue|boulevard|place|chemin|impasse|all[ée]e|quai|cours|route)"
_NO_DATE = r"(?!\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}\b|\d{1,2}[.:]\d{2}\s?[\-–])"  # "05.11.2026", "08.00-18.00"
_WORD = r"[\p{Lu}][\p{L}'’\-]+"

# In the order in which they are tried: an IBAN holds digit groups that also look like a phone number.
_FORMS: Mapping[str, str] = {
    "literal": _TOKEN,
    "email": r"(?<![\p{L}\p{N}._%+\-])[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}](?:[\p{L}\p{N}\-]*\.)+\p{L}{2,}",
    "iban": r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,4})?\b",
    "card": r"(?<![\d\-])\d(?:[ \u00a0\-]?\d){12,18}(?![\d\-])",
    "street": rf"(?:(?<![\p{{L}}\d-])\d{{1,5}}\s?[a-zA-Z]?,?\s+(?:{_WORD}\s+){{1,3}}{_STREET_EN}\b\.?"
    rf"|\b[\p{{Lu}}][\p{{L}}\-]*{_STREET_DE}\s+\d{{1,4}}\s?[a-z]?\b"
    rf"|\b[\p{{Lu}}][\p{{L}}\-]+\s+(?:Stra(?:ß|ss)e|Str\.|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer)\s+\d{{1,4}}\s?[a-z]?\b"
    rf"|\b{_STREET_ES}\s+(?:(?:de|del|la|las|los|el)\s+)*{_WORD}(?:\s+(?:(?:de|del|la|y)\s+)*{_WORD}){{0,3}},?\s+(?:n\.?º\s*)?\d{{1,4}}\b"
    rf"|(?<![\p{{L}}\d-])\d{{1,4}}(?:\s?(?:bis|ter))?,?\s+{_STREET_FR}\s+(?:(?:de|des|du|la|le|l['’]|d['’])\s*)*{_WORD}(?:[\s\-]+(?:(?:de|des|du|la|le)\s+)*{_WORD}){{0,3}})",
    "phone": rf"(?<![\p{{L}}\d\-./#<])(?:\+|00)\d{{1,3}}(?:{_GAP}{{0,2}}\d){{6,12}}(?![\d\-]|[.,/]\d)"
    rf"|(?<![\p{{L}}\d\-./#:£$€<]){_NO_DATE}\(?0\d{{1,5}}\)?(?:{_GAP}{{0,2}}\d){{5,10}}(?![\d\-]|[.,/]\d)"
    r"|(?<![\p{L}\d\-./#:£$€<])\(?\d{3}\)?[ .\-]\d{3}[ .\-]\d{4}(?![\d\-]|[.,/]\d)"
    r"|(?<![\p{L}\d\-./#:£$€<])[6-9]\d{2}(?:[ .]\d{3}){2}(?![\d\-]|[.,/]\d)",
    "postcode": r"\b(?:GIR 0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b",
}


class Mask:
    """The tokens of one draft. `known` maps values to what they are; `public` holds values that may leave."""

    def __init__(self, known: Mapping[str, str] | None = None, public: Iterable[str] = ()) -> None:
        self._tokens: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._public = frozenset(public)
        self._known = {_folded(value): kind for value, kind in (known or {}).items() if value.strip()}
        self._finder = _finder(known or {})

    def mask(self, text: str) -> str:
        """`text` with every personal value replaced by its token."""
        return self._finder.sub(self._replace, text)

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

    def _replace(self, match: regex.Match[str]) -> str:
        value = match[0]
        if value in self._public:
            return value
        if value not in self._tokens:
            kind = match.lastgroup or self._known[_folded(value)]
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
    found = _finder({}).finditer("\n".join((*texts, *targets)))
    return frozenset(match[0] for match in found if match.lastgroup in ("email", "phone"))


def _finder(known: Mapping[str, str]) -> regex.Pattern[str]:
    """Finds literal tokens first, then known values (the longest first), then values by their form."""
    values = sorted((value.strip() for value in known if value.strip()), key=len, reverse=True)
    forms = [f"(?P<{name}>{form})" for name, form in _FORMS.items()]
    if values:
        words = (r"\s+".join(regex.escape(word) for word in value.split()) for value in values)
        forms.insert(1, rf"(?i:(?<![\p{{L}}\p{{N}}])(?:{'|'.join(words)})(?![\p{{L}}\p{{N}}]))")
    return regex.compile("|".join(forms))


def _folded(value: str) -> str:
    return " ".join(value.split()).casefold()
