"""Names as people write them, brought to one form for looking up."""


def fold_channel(channel: str) -> str:
    """`X ` and `x` are one channel."""
    return channel.strip().casefold()


def fold_handle(handle: str) -> str:
    """`@Anna` and `anna` are one handle."""
    return handle.strip().removeprefix("@").casefold()


def fold_order_id(order: str) -> str:
    """`# fh-104 23` and `FH-10423` are one order."""
    return "".join(order.split()).removeprefix("#").casefold()
