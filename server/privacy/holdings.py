"""How it is written down what a table holds of customers, and what becomes of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Holds(StrEnum):
    """What stands in a column, and what becomes of it where its row has to stay.

    Words, by the customer or about them, are emptied. Ids that tell who it is become keyed digests: of a customer, an
    order, a handle, a post on its network. States, times, numbers and our own ids stay, and so do colleagues'. What
    colleagues wrote for each other and for everybody is ours; it is looked through for who was erased.
    """

    KEPT = "kept"
    STAFF = "staff"
    OURS = "ours"
    WORDS = "words"
    CUSTOMER = "customer"
    ORDER = "order"
    HANDLE = "handle"
    NETWORK = "network"


class Fate(StrEnum):
    """What becomes of a customer's rows: deleted; or emptied, because something has to stay."""

    NOBODYS = "nobody's"
    DELETED = "deleted"
    EMPTIED = "emptied"


@dataclass(frozen=True, slots=True)
class By:
    """A row is a customer's if `column` is among the ids of this kind; `where` narrows that down."""

    column: str
    among: str
    where: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class End:
    """A state that would go on is ended with its words."""

    column: str
    then: Any
    among: Collection[Any] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `gives` names columns whose values lead on to other tables' rows, `why` says why emptied rows stay.

    What stands in the columns of `until_erased` outlasts the time that the record is kept: only an erasure takes it.
    """

    fate: Fate
    columns: Mapping[str, Holds]
    found_by: tuple[By, ...] = ()
    gives: Mapping[str, str] = field(default_factory=dict)
    ends: tuple[End, ...] = ()
    why: str = ""
    until_erased: frozenset[str] = frozenset()


def columns_of(**named: str) -> dict[str, Holds]:
    """What columns hold: `kept="id brand", words="text"`."""
    return {column: Holds(holds) for holds, columns in named.items() for column in columns.split()}


def nobodys(**named: str) -> Table:
    """A table that holds nothing of customers."""
    return Table(Fate.NOBODYS, columns_of(**named))


def deleted(*by: By, gives: Mapping[str, str] | None = None, **named: str) -> Table:
    """A table whose rows of a customer go."""
    return Table(Fate.DELETED, columns_of(**named), by, gives or {})


def emptied(
    why: str,
    *by: By,
    gives: Mapping[str, str] | None = None,
    ends: tuple[End, ...] = (),
    until_erased: str = "",
    **named: str,
) -> Table:
    """A table whose rows of a customer stay, for this reason, and say nothing of them."""
    return Table(Fate.EMPTIED, columns_of(**named), by, gives or {}, ends, why, frozenset(until_erased.split()))
