"""What the API says with a code, in the viewer's language: by the code; else, as in English, in its own words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from assistant.language_names import language_name
from server.conversations.views import ToldView
from server.pages.formats import Formats
from server.pages.texts import read_entries

_FOLDER = Path(__file__).parent / "texts" / "codes"
_NAMED = re.compile(r"\{(\w+)\}")
_QUOTED = re.compile(r"“[^”]*”|@\w+")


@dataclass(frozen=True, slots=True)
class Codes:
    """Of one language: what each refusal, finding and reason is called there, by its code.

    `told` are the headlines of a customer and what is wrong with their orders: what may or may not be known stands in a
    piece of its own. `topics` are what posts are about, `ports` the systems that are asked.
    """

    language: str
    refusals: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Sequence[str]] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, str] = field(default_factory=dict)

    def refusal(self, code: str | None, words: str, details: Mapping[str, Any]) -> str:
        """Why something is not done."""
        spoken = details.get("language")
        named = {"language": language_name(spoken, self.language)} if isinstance(spoken, str) else {}
        return _said(self.refusals.get(code or ""), words, {**details, **named})

    def finding(self, rule: str, words: str) -> str:
        """What a check says of a sentence."""
        return _said(self.findings.get(rule), words, {})

    def reason(self, code: str, words: str) -> str:
        """Why something is no draft."""
        return _said(self.reasons.get(code), words, {})

    def topic(self, code: str, words: str) -> str:
        """What a post is about."""
        return self.topics.get(code, words)

    def telling(self, line: ToldView, formats: Formats) -> str:
        """Something told of a customer or an order: of its pieces those of which every value is known."""
        values = {name: formats.value(value) for name, value in line.values.items()}
        if "port" in values:
            values["port"] = self.ports.get(values["port"], values["port"])
        pieces = [piece for piece in self.told.get(line.code, ()) if set(_NAMED.findall(piece)) <= values.keys()]
        return "".join(piece.format_map(values) for piece in pieces) or line.words

    @property
    def for_modules(self) -> Mapping[str, str]:
        """The refusals under the names by which modules of a page find them."""
        return {f"refused.{code}": words for code, words in self.refusals.items()}


@cache
def codes_in(language: str) -> Codes:
    """Those of a language; none where the API's own words are in it."""
    file = _FOLDER / f"{language}.yaml"
    return Codes(language, **(read_entries(file) if file.is_file() else {}))


def _said(entry: str | None, words: str, details: Mapping[str, Any]) -> str:
    if entry is None:
        return words
    quoted = _QUOTED.findall(words)
    try:
        return entry.format_map({**details, **({"quoted": ", ".join(quoted)} if quoted else {})})
    except KeyError:
        return words
