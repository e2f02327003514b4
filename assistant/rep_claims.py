"""Facts as a rep reads them: each one line, on its source."""

from collections.abc import Sequence

import regex

from assistant.outcome import Claim, ClaimKind, Part
from tools.evidence import Evidence, EvidenceKind
from tools.records import Order

_TABLE_HEAD = regex.compile(r"\|[^\n]*\|\s*\n\|(?:\s*:?-{3,}:?\s*\|)+\s*\n")
_TABLE_ROW = regex.compile(r"^\|(.*)\|\s*$", regex.MULTILINE)


def claim_of(fact: Evidence) -> Claim:
    """A fact by itself."""
    """The fact, said to a rep."""
    kind = ClaimKind.POLICY if fact.kind is EvidenceKind.POLICY else ClaimKind.FACT
    return Claim(Part.PRIVATE, _say(fact), kind, (fact.id,))


def say_none(words: str, known: Sequence[Evidence], orders: Sequence[Order] = ()) -> Claim:
    """That something is not on record, resting on the records that would hold it."""
    heads = [item.id for item in known if item.ref in {f"order:{order.id}" for order in orders}]
    person = [item.id for item in known if item.ref.startswith("customer:") and "/" not in item.ref]
    return Claim(Part.PRIVATE, words, ClaimKind.FACT, tuple(heads or person))


def _say(fact: Evidence) -> str:
    """The fact in one line; of a policy its own words, without the sentences prepared for customers."""
    text = fact.text.split("\nPublic page:")[0].split("\nApproved answer:")[0]
    return " ".join(_TABLE_ROW.sub(_say_row, _TABLE_HEAD.sub("\n", text)).split())


def _say_row(row: "regex.Match[str]") -> str:
    """`| UK | £8.95 | next day |` as `UK: £8.95, next day;`."""
    first, *rest = [cell.strip() for cell in row.group(1).split("|")]
    return f"{first}: {', '.join(cell for cell in rest if cell)};" if rest else first
