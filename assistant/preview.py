"""A model's text while it is being written, in a form that a person can read.

Whatever may still turn into a heading, a marker, a masked value or a tool call is held back until it is resolved.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import regex
from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import BaseMessage

from assistant.claims import could_become_heading, readable
from assistant.masking import Mask

_OPEN = regex.compile(
    r"(?:[\[【][^\]】\n]{0,60}(?:\](?:\([^)\n]{0,200})?)?|\(\s*(?:E\s?\d*[^)\n]{0,20})?|<[a-z\-\d_]{0,20}|\*{1,2}[^*\n]{0,40}|`{1,3}\w*\s*|[{\[]\s*)\Z"
)
_CALL = regex.compile(r"(?:```(?:json|tool\w*)|<tool|(?:```\w*\s*)?[{\[]\s*[\"{]).*\Z", regex.DOTALL)


class Preview(AsyncCallbackHandler):
    """Tells `on_text` the whole readable text so far, each time that it has grown; another attempt begins anew."""

    def __init__(self, mask: Mask, on_text: Callable[[str], None]) -> None:
        self._mask = mask
        self._on_text = on_text
        self._text = ""
        self._told = ""

    async def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        **kwargs: object,
    ) -> None:
        """Forget the attempt before."""
        self._text = self._told = ""

    async def on_llm_new_token(self, token: str | list[str | dict[str, Any]], **kwargs: object) -> None:
        """Take a piece of text."""
        if not isinstance(token, str) or not token:
            return
        self._text += token
        shown = self._mask.unmask(preview(self._text))
        if shown != self._told:
            self._told = shown
            self._on_text(shown)


def preview(text: str) -> str:
    """The part of an unfinished text that can be shown."""
    text = _OPEN.sub("", _CALL.sub("", text))
    before, line_break, line = text.rpartition("\n")
    if could_become_heading(line):
        text = before + line_break
    return readable(text)
