"""What Deskside can change in the shop's records. What an assistant proposes beyond these is for people to do."""

from enum import StrEnum


class ActionKind(StrEnum):
    """A change to an order, or a gesture to a customer."""

    CANCEL_ORDER = "cancel_order"
    CHANGE_ADDRESS = "change_address"
    CHANGE_ITEMS = "change_items"
    CHANGE_PAYMENT = "change_payment"
    RETURN_ITEMS = "return_items"
    EXCHANGE_ITEMS = "exchange_items"
    REFUND = "refund"
    CREDIT = "credit"
    UPGRADE_SHIPPING = "upgrade_shipping"
    REPLACE_ITEMS = "replace_items"


GESTURES = frozenset({ActionKind.REFUND, ActionKind.CREDIT, ActionKind.UPGRADE_SHIPPING, ActionKind.REPLACE_ITEMS})
"""What costs the company something that no rule gives to everybody: this counts towards what people may approve. The
money of the others follows from the order, whoever approves them."""

IN_WORDS = {
    ActionKind.CANCEL_ORDER: "cancelling",
    ActionKind.CHANGE_ADDRESS: "changing the address",
    ActionKind.CHANGE_ITEMS: "changing what is in it",
    ActionKind.CHANGE_PAYMENT: "changing how it is paid",
    ActionKind.RETURN_ITEMS: "taking items back",
    ActionKind.EXCHANGE_ITEMS: "exchanging items",
    ActionKind.REFUND: "a refund",
    ActionKind.CREDIT: "store credit",
    ActionKind.UPGRADE_SHIPPING: "a faster service",
    ActionKind.REPLACE_ITEMS: "sending items again",
}
"""What doing it is called when a person is told about it."""


def say_kind(kind: ActionKind) -> str:
    """The same at the beginning of a sentence."""
    words = IN_WORDS[kind]
    return words[0].upper() + words[1:]
