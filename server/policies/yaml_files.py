"""Reads YAML so that every mistake can be named by file, line and field."""

import logging
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Model = TypeVar("_Model", bound=BaseModel)
_Read = TypeVar("_Read")
_logger = logging.getLogger(__name__)

Field = tuple[str | int, ...]


class BadKnowledgeFile(ValueError):
    """A file of the knowledge folder cannot be read as what it should be."""

    def __init__(self, file: Path, line: int, field: str, words: str) -> None:
        super().__init__(f"{file}:{line}: {field + ': ' if field else ''}{words}")
        self.file = file
        self.line = line
        self.field = field
        self.words = words


@dataclass(frozen=True, slots=True)
class YamlText:
    """What a YAML text says, and the line on which each field begins."""

    file: Path
    data: Any
    lines: Mapping[Field, int]

    def line(self, field: Field) -> int:
        """The line of `field`, or of the nearest thing around it that exists."""
        while field and field not in self.lines:
            field = field[:-1]
        return self.lines.get(field, 1)

    def wrong(self, field: Field, words: str) -> BadKnowledgeFile:
        """The error that says what is wrong with `field`."""
        return BadKnowledgeFile(self.file, self.line(field), name_field(field), words)


class Reread(Generic[_Read]):
    """What a file of a knowledge folder says, read again once the file is another.

    A wrong one changes nothing: what it said before goes on to hold, and the log says what is wrong.
    """

    def __init__(self, file: str, read: Callable[[Path], _Read]) -> None:
        """`read` is given the folder."""
        self._file, self._read = file, read
        self._known: dict[Path, tuple[tuple[int, int] | None, _Read]] = {}

    def __call__(self, directory: Path) -> _Read:
        """What it says now.

        Raises:
            BadKnowledgeFile: it is wrong, and was never right in this process.
        """
        known, stamp = self._known.get(directory), _stamp(directory / self._file)
        if known is not None and known[0] == stamp:
            return known[1]
        try:
            said = self._read(directory)
        except BadKnowledgeFile:
            if known is None:
                raise
            _logger.exception("%s is wrong; what it said before goes on to hold", self._file)
            said = known[1]
        self._known[directory] = (stamp, said)
        return said


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        there = file.stat()
    except FileNotFoundError:
        return None
    return there.st_mtime_ns, there.st_size


def name_field(field: Field) -> str:
    """A field as people write it: `brands[0].accounts.x`."""
    name = ""
    for part in field:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def read_yaml(text: str, file: Path, *, first_line: int = 1) -> YamlText:
    """Read `text`, which begins on `first_line` of `file`.

    Raises:
        BadKnowledgeFile: if it is not YAML, or names the same key twice (YAML would silently keep the last one).
    """
    lines: dict[Field, int] = {}
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            _note_lines(node, (), first_line, lines, file)
        return YamlText(file, loader.construct_document(node) if node is not None else None, lines)
    except BadKnowledgeFile:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else first_line
        words = f"not valid YAML ({error.problem or error.context}); check quotes, colons and indentation on this line"
        raise BadKnowledgeFile(file, line, "", words) from error
    except (yaml.YAMLError, ValueError) as error:
        # an impossible date such as 2026-02-30 is a ValueError that has lost its line
        words = f"a value cannot be read ({error}); correct or quote it"
        raise BadKnowledgeFile(file, first_line, "", words) from error
    finally:
        loader.dispose()


def _note_lines(node: yaml.Node, field: Field, first_line: int, lines: dict[Field, int], file: Path) -> None:
    lines.setdefault(field, first_line + node.start_mark.line)
    if isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            _note_lines(item, (*field, position), first_line, lines, file)
    if isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            line = first_line + key.start_mark.line
            if key.value in seen:
                raise BadKnowledgeFile(
                    file, line, name_field((*field, str(key.value))), "is written twice; keep one of the two"
                )
            seen.add(key.value)
            lines[(*field, str(key.value))] = line
            _note_lines(value, (*field, str(key.value)), first_line, lines, file)


def read_entry(model: type[_Model], data: object, source: YamlText, field: Field) -> _Model:
    """`data`, which stands at `field` of `source`, as a `model`.

    Raises:
        BadKnowledgeFile: naming the first field that does not fit.
    """
    if not isinstance(data, dict):
        raise source.wrong(field, f"must be a block of fields ({', '.join(model.model_fields)})")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = (*field, *first["loc"])
        raise source.wrong(place, _advice(first["type"], first["msg"], model)) from error


def _advice(kind: str, message: str, model: type[BaseModel]) -> str:
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        return f"is not a known field; remove it or use one of: {', '.join(model.model_fields)}"
    return message[:1].lower() + message[1:] + "; correct it"


def read_entries(model: type[_Model], file: Path, key: str) -> tuple[_Model, ...]:
    """The list under `key` of `file` as entries; nothing if the file is not there.

    Raises:
        BadKnowledgeFile: naming the first field that does not fit.
    """
    source = read_yaml_file(file)
    if source is None:
        return ()
    if not isinstance(source.data, dict) or set(source.data) != {key}:
        raise source.wrong((), f"must hold exactly one list, `{key}:`")
    entries = source.data[key] or []
    if not isinstance(entries, list):
        raise source.wrong((key,), "must be a list; begin each entry with `- `")
    read = tuple(read_entry(model, entry, source, (key, position)) for position, entry in enumerate(entries))
    _refuse_twins(read, source, key)
    return read


def write_entries(key: str, entries: Iterable[object]) -> str:
    """A file's text with these entries in the list under `key`: what `read_entries` reads."""
    return yaml.safe_dump({key: list(entries)}, allow_unicode=True, sort_keys=False, width=120)


def read_yaml_file(file: Path) -> YamlText | None:
    """What `file` says, or None if it is not there."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise BadKnowledgeFile(file, 1, "", f"is not UTF-8 ({error.reason}); save it as UTF-8") from error
    return read_yaml(text, file)


def _refuse_twins(entries: tuple[BaseModel, ...], source: YamlText, key: str) -> None:
    seen: dict[str, int] = {}
    for position, entry in enumerate(entries):
        name = getattr(entry, "id", None)
        if name is None:
            continue
        if name in seen:
            first = source.line((key, seen[name], "id"))
            raise source.wrong((key, position, "id"), f"`{name}` is taken on line {first}; ids are unique, rename one")
        seen[name] = position
