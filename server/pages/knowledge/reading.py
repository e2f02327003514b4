"""What the pages of knowledge have in common: who reads them, and what a document says, place by place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import regex
from fastapi import Depends

from retrieval.documents import Document, Format
from retrieval.passages import passages_of
from server.pages.visit import Visit, visiting
from server.policies.front_matter import body_after
from server.staff.roles import Caller, Permission

Reading = Annotated[Visit, Depends(visiting(Permission.READ_POLICIES))]
Managing = Annotated[Visit, Depends(visiting(Permission.MANAGE_POLICIES))]

_ITEM = regex.compile(r"\s*[-*+]\s+(.*)")
_NUMBERED = regex.compile(r"\s*\d+[.)]\s+(.*)")
_RULE = regex.compile(r"\|?[\s:|-]*-[\s:|-]*\|?")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a text: a paragraph, the points of a list, the rows of a table."""

    kind: Literal["text", "points", "steps", "table"]
    lines: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A place in a document: `anchor` is what sources call it by, `heading` the path of headings to it."""

    anchor: str
    heading: str
    blocks: Sequence[Block]


def sections_of(document: str, title: str, front: Mapping[str, Any], whole: str, form: Format) -> list[Section]:
    """A document's text in the places that sources name, whatever it is written in."""
    passages = passages_of(Document(document, title, body_after(front, whole), form))
    return [
        Section(
            passage.id.removeprefix(f"{document}#"),
            " › ".join(passage.heading[1:]),
            # a heading with nothing below it has itself for its text
            [] if passage.heading[1:] and passage.text == passage.heading[-1] else blocks_of(passage.text),
        )
        for passage in passages
    ]


def blocks_of(text: str) -> list[Block]:
    """A text as paragraphs, lists and tables. Whatever else is written in it stays as it stands."""
    blocks: list[Block] = []
    for stretch in regex.split(r"\n\s*\n", text):
        lines: list[str] = []
        kind = "text"
        for line in stretch.splitlines():
            found, words = _read(line)
            if found != kind and lines:
                blocks.append(_block(kind, lines))
                lines = []
            kind = found
            lines.append(words)
        if lines:
            blocks.append(_block(kind, lines))
    return blocks


def _read(line: str) -> tuple[str, str]:
    if item := _ITEM.fullmatch(line):
        return "points", item[1]
    if step := _NUMBERED.fullmatch(line):
        return "steps", step[1]
    return ("table", line) if line.strip().startswith("|") else ("text", line)


def _block(kind: str, lines: Sequence[str]) -> Block:
    if kind == "points":
        return Block("points", lines)
    if kind == "steps":
        return Block("steps", lines)
    if kind == "table":
        rows = [line.strip().strip("|").split("|") for line in lines if not _RULE.fullmatch(line.strip())]
        return Block("table", rows=[[cell.strip() for cell in row] for row in rows])
    return Block("text", ["\n".join(lines)])


def brands_of(visit: Visit) -> Mapping[str, str]:
    """The viewer's brands and what they are called."""
    known = {brand.id: brand.name for brand in visit.service.desk.guidance.brands}
    return {brand: known.get(brand, brand) for brand in sorted(visit.caller.brands)}


def all_brands_of(visit: Visit) -> frozenset[str]:
    """Every brand there is."""
    return frozenset(brand.id for brand in visit.service.desk.guidance.brands)


def may_change(caller: Caller, brands: Sequence[str], all_brands: frozenset[str]) -> bool:
    """Whether somebody may change what holds for these brands; for none of them named: for all."""
    return caller.may(Permission.MANAGE_POLICIES) and set(brands or all_brands) <= caller.brands
