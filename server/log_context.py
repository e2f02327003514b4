"""What a piece of work is about: the request that it is part of, and the case. Every line of the log tells both."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request that this work is part of."""
case_id: ContextVar[str | None] = ContextVar("case_id", default=None)
"""The case that this work is about: whoever finds it sets it, and it holds until the request or the job ends."""
caller: ContextVar[tuple[str, str | None] | None] = ContextVar("caller", default=None)
"""Who this work is done for: the id of a person or of a machine's token, and of the token that was shown."""
