"""What an action of each kind is told, in the import format's words (docs/shop-data.md), checked when it is read.

Whose order it is, whether there is such a line, what it comes to: that is the preconditions' question.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from server.actions.broken import ActionBreaksRules, Broken
from server.actions.kinds import ActionKind
from tools.records import Address

_MOST = 2_000_000_000


def _whole(value: object) -> object:
    """JSON knows one kind of number: 12.0 is an integer there."""
    return int(value) if type(value) is float and value.is_integer() else value


def _nothing(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Part = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MaybePart = Annotated[Part | None, BeforeValidator(_nothing)]
Ids = Annotated[tuple[Id, ...], Field(min_length=1, max_length=200)]
Amount = Annotated[int, BeforeValidator(_whole), Field(strict=True, gt=0, le=_MOST)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewAddress(_Told):
    """Where an order is to go, in the import format's words."""

    line1: Part
    city: Part
    country: Part
    line2: MaybePart = None
    region: MaybePart = None
    postal_code: MaybePart = None

    @property
    def record(self) -> Address:
        """As the order will have it."""
        return Address(**self.model_dump())


class Arguments(_Told):
    """What every action may be told: why."""

    reason: Words | None = None

    def as_json(self) -> dict[str, Any]:
        """As JSON, without what was not said."""
        return self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


class OrderArguments(Arguments):
    """About an order."""

    order: Id


class LinesArguments(OrderArguments):
    """About lines of an order: their ids, or what each line holds, by its sku or its product's id."""

    lines: Ids


class CancelOrder(OrderArguments):
    """Cancel an order, or those of its lines that are named."""

    reason: Words
    lines: Annotated[tuple[Id, ...], Field(max_length=200)] = ()


class ChangeAddress(OrderArguments):
    """Send an order elsewhere."""

    address: NewAddress


class SwapArguments(LinesArguments):
    """Other variants for lines, in the order of the lines, and the method that takes or gets the difference."""

    new_skus: Ids
    method: Id | None = None


class ChangeItems(SwapArguments):
    """Other variants for lines that have not left."""


class ExchangeItems(SwapArguments):
    """Other variants for lines that have arrived."""


class ChangePayment(OrderArguments):
    """Pay an order in another way."""

    method: Id


class ReturnItems(LinesArguments):
    """Send lines back for their money, which goes to `method`."""

    method: Id | None = None


class Refund(OrderArguments):
    """Give money back: an amount, or what lines cost."""

    amount: Amount | None = None
    currency: Currency | None = None
    lines: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    method: Id | None = None


class Credit(Arguments):
    """Store credit on a gift card of the customer; on a new one if they have none."""

    amount: Amount
    currency: Currency | None = None
    order: Id | None = None
    method: Id | None = None


class UpgradeShipping(OrderArguments):
    """Send what has not left by a faster service."""

    service: Id | None = None


class ReplaceItems(LinesArguments):
    """Send lines again."""


TYPES: Mapping[ActionKind, type[Arguments]] = {
    ActionKind.CANCEL_ORDER: CancelOrder,
    ActionKind.CHANGE_ADDRESS: ChangeAddress,
    ActionKind.CHANGE_ITEMS: ChangeItems,
    ActionKind.CHANGE_PAYMENT: ChangePayment,
    ActionKind.RETURN_ITEMS: ReturnItems,
    ActionKind.EXCHANGE_ITEMS: ExchangeItems,
    ActionKind.REFUND: Refund,
    ActionKind.CREDIT: Credit,
    ActionKind.UPGRADE_SHIPPING: UpgradeShipping,
    ActionKind.REPLACE_ITEMS: ReplaceItems,
}

_IS = {
    "order": "the order's number",
    "lines": "a list of the order's lines, by their ids",
    "new_skus": "a list of the skus wanted instead, in the order of `lines`",
    "method": "the id of one of the customer's payment methods",
    "address": "an address with line1, city and country",
    "reason": "the reason in words, at most 500 characters",
    "amount": "a whole number above 0, in the currency's minor unit (1250 is 12.50)",
    "currency": "a currency such as EUR",
    "service": "the name of a delivery service",
}


def read_arguments(kind: ActionKind, told: Mapping[str, Any]) -> Arguments:
    """What somebody said, as the arguments of an action of this kind.

    Raises:
        ActionBreaksRules: naming every argument that is missing, too much or not what it should be.
    """
    try:
        return TYPES[kind].model_validate(dict(told))
    except ValidationError as error:
        wrong = [_say(kind, item) for item in error.errors(include_url=False, include_input=False)]
        raise ActionBreaksRules(tuple(dict.fromkeys(wrong))) from None


def _say(kind: ActionKind, error: Mapping[str, Any]) -> Broken:
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden" and len(error["loc"]) == 1:
        taken = ", ".join(f"`{field}`" for field in TYPES[kind].model_fields)
        return Broken("arguments", f"`{name}` is not an argument of {kind}, which takes {taken}")
    if name == "address" and len(error["loc"]) > 1:
        return _say_of_address(str(error["loc"][1]), error["type"])
    need = "is missing; give" if error["type"] == "missing" else "must be"
    return Broken(name, f"`{name}` {need} {_IS[name]}")


def _say_of_address(part: str, wrong: str) -> Broken:
    if wrong == "extra_forbidden":
        known = ", ".join(f"`{field}`" for field in NewAddress.model_fields)
        return Broken("address", f"`{part}` is no part of an address, which has {known}")
    words = "is missing" if wrong == "missing" else "must be text, at most 200 characters"
    return Broken("address", f"the address's `{part}` {words}")
