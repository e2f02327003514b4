"""What a saved reply may leave to be filled in: a closed list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from server.policies.files import DestinationKind

LINK = "link_"
"""Before a kind of destination: the address of the one that fits the brand, channel and language."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A blank of this name. `of_record`: what stands there is the customer's own, so that it is told in private alone.

    `sample` is what may come to stand there, by which a text's length is judged before it is filled in.
    """

    name: str
    sample: str
    of_record: bool = False


_ALL = (
    Variable("customer_first_name", "Alexander"),
    Variable("customer_handle", "@alexander_w"),
    Variable("brand_name", "Fernhollow"),
    Variable("product", "Ridgeline 2"),
    Variable("agent_name", "Robin"),
    Variable("order_number", "FH-10423", of_record=True),
    Variable("order_status", "is on its way", of_record=True),
    *(Variable(LINK + kind, "https://www.example.com/help") for kind in get_args(DestinationKind)),
)

VARIABLES: Mapping[str, Variable] = {one.name: one for one in _ALL}
"""Every blank that there is, by its name."""

SAMPLES: dict[str, str] = {one.name: one.sample for one in _ALL}
"""What may come to stand in each."""
