"""What is wrong with what somebody wants to keep: told field by field, all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.errors import Unprocessable


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field, in words."""

    field: str
    words: str


def refuse_faulty(faults: Iterable[Fault], refusal: type[Unprocessable]) -> None:
    """Refuse what has faults; the details tell each, the words the first.

    Raises:
        Unprocessable: There are some; it is the `refusal` named.
    """
    told = [{"field": fault.field, "words": fault.words} for fault in faults]
    if told:
        raise refusal(f"{told[0]['field']}: {told[0]['words']}", faults=told)
