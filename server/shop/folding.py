"""Names as people write them, brought to one form for looking up."""

import re

_FIGURES = re.compile(r"[0-9]+$")


def fold_channel(channel: str) -> str:
    """`X ` and `x` are one channel."""
    return channel.strip().casefold()


def fold_handle(handle: str) -> str:
    """`@Anna` and `anna` are one handle."""
    return handle.strip().removeprefix("@").casefold()


def fold_email(email: str) -> str:
    """`Anna@Example.org ` and `anna@example.org` are one address."""
    return email.strip().casefold()


def fold_order_id(order: str) -> str:
    """`# fh-104 23` and `FH-10423` are one order."""
    return "".join(order.split()).removeprefix("#").casefold()


def spoken_order_id(order: str) -> str:
    """`FH-10423`, `fh 10423` and `FH10423` sound alike."""
    return "".join(filter(str.isalnum, order)).casefold()


def figures_of(order: str) -> str | None:
    """The figures that a number ends in, which is all that some people say of it; None if it ends otherwise."""
    figures = _FIGURES.search(order)
    return figures.group() if figures else None
