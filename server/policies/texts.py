"""A document's whole text, put together from what was uploaded and from what was said of it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import regex
import yaml

from retrieval.passages import slug
from server.policies.front_matter import DocumentFile, parse_document
from server.policies.yaml_files import BadKnowledgeFile, read_yaml

_LONGEST_FRONT = 50_000
_LINE_OF_END = regex.compile(r"^effective_to[ \t]*:.*$", regex.MULTILINE)
_FRONT = regex.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<front>.*?)(?P<end>(?:^|\n)---[ \t]*(?:\r?\n|\Z))", regex.DOTALL)


def id_from(name: str) -> str:
    """What a document is called by default that came in a file of this name."""
    return slug(Path(name).stem)[:100]


def with_front(text: str, fields: Mapping[str, Any]) -> str:
    """A document's text with these fields in its front matter, in place of what they were; None takes one out.

    Raises:
        BadKnowledgeFile: Its front matter cannot be read.
    """
    said, body = _split(text)
    merged = {name: value for name, value in {**said, **fields}.items() if value is not None}
    front = yaml.safe_dump(merged, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{front}---\n\n{body.lstrip(chr(10))}"


def front_of(text: str) -> dict[str, Any]:
    """What stands in a text's front matter; nothing if it has none.

    Raises:
        BadKnowledgeFile: It cannot be read.
    """
    return _split(text)[0]


def ending_on(text: str, day: date) -> str:
    """A document's text with this last day, and nothing else changed but a line."""
    fenced = _FRONT.match(text)
    line = f"effective_to: {day}"
    if fenced is None:
        return f"---\n{line}\n---\n{text}"
    front = fenced["front"]
    front = _LINE_OF_END.sub(line, front) if _LINE_OF_END.search(front) else f"{front.rstrip()}\n{line}"
    return text[: fenced.start("front")] + front.lstrip("\n") + text[fenced.end("front") :]


def read_as(name: str, text: str) -> DocumentFile:
    """A text as the document whose file is called so.

    Raises:
        BadKnowledgeFile: Its front matter cannot be read.
    """
    return parse_document(Path(name), text)


def _split(text: str) -> tuple[dict[str, Any], str]:
    fenced = _FRONT.match(text)
    data = _read_front(fenced["front"]) if fenced else None
    if fenced is None or (data is not None and not isinstance(data, dict)):
        return {}, text
    return dict(data or {}), text[fenced.end() :]


def _read_front(front: str) -> Any:  # noqa: ANN401 - what YAML can hold
    """What the front matter says, of an upload: nothing in it grows when it is read."""
    file = Path("document")
    if len(front) > _LONGEST_FRONT:
        raise BadKnowledgeFile(file, 1, "", f"the front matter has more than {_LONGEST_FRONT:,} characters; shorten it")
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(front, Loader=yaml.CSafeLoader)):
            raise BadKnowledgeFile(file, 1, "", "refers to a part of itself (`*name`); write it out, or quote the star")
        return read_yaml(front, file, first_line=2).data
    except yaml.YAMLError:
        return read_yaml(front, file, first_line=2).data  # says what is wrong, and where
    except RecursionError:
        raise BadKnowledgeFile(file, 1, "", "is nested too deeply; front matter is a list of fields") from None
