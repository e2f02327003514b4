"""The ways a model endpoint can leave a draft unwritten. Each is an end that the turn knows; none is a surprise."""

from typing import ClassVar


class ModelFailure(Exception):
    """The model gave nothing usable. `code` is stable, the message is for people and transcripts."""

    code: ClassVar[str] = "model_failed"


class ModelUnavailable(ModelFailure):
    """The endpoint does not answer, refuses us, or answered too late."""

    code = "unavailable"


class ModelBusy(ModelFailure):
    """No place became free, or the endpoint asked us to wait, beyond the turn's deadline."""

    code = "busy"


class CostCapReached(ModelFailure):
    """Today's money for this endpoint is spent."""

    code = "cost_cap"


class ContextTooLong(ModelFailure):
    """The prompt does not fit into the model's context."""

    code = "context_too_long"


class ModelRefused(ModelFailure):
    """The model declined to write."""

    code = "refused"


class ContentFiltered(ModelFailure):
    """The endpoint's filter stopped the text."""

    code = "content_filter"


class OutputCutOff(ModelFailure):
    """The text ended before it was finished: out of tokens, or the stream stopped."""

    code = "cut_off"


class OutputEmpty(ModelFailure):
    """The model finished without a word for the customer."""

    code = "empty"


class OutputEndless(ModelFailure):
    """The text went on beyond anything a reply can be; the stream was cut."""

    code = "endless"


class ToolCallUnreadable(ModelFailure):
    """The model kept asking for tools in a form that cannot be read."""

    code = "tool_call"


class ModelLooped(ModelFailure):
    """The model asked for tools again and again instead of writing."""

    code = "loop"
