"""Turns structured evidence into lines that read like the prose around it."""

import json
from collections.abc import Mapping

_LINE_IDS, _TITLES = ("item_id", "line_id", "id", "line", "sku"), ("title", "name", "product")
_LINES = ("lines", "items", "item_ids", "line_ids", "skus")
_SCALARS = (str, int, float, bool)
_LEAST_ROWS = 3
_NAMING = ("order_id", "order", "id", "name", "title", "product", "user_id", "reservation_id", "flight_number")


def as_lines(text: str) -> str:
    """`text`, with JSON written as one line of "key: value" pairs for each object that it holds."""
    stripped = _rows_as_lines(text.strip()) if "|" in text else text.strip()
    start = min((at for at in (stripped.find("{"), stripped.find("[{")) if at >= 0), default=-1)
    if start < 0:
        return stripped
    try:
        value, end = json.JSONDecoder().raw_decode(stripped[start:])
    except ValueError:
        return stripped
    if not isinstance(value, dict | list):
        return stripped
    lines: list[str] = []
    _walk(value, "", "", lines, _titles(value))
    return "\n".join([stripped[:start].strip(), *lines, stripped[start + end :].strip()]).strip()


def _rows_as_lines(text: str) -> str:
    """`text`, with the rows of a table as "first cell: heading cell, heading cell"."""
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.split("\n")]
    table = [cells for cells in lines if len(cells) > 1 and not set("".join(cells)) <= set("-: ")]
    if (
        len(table) < _LEAST_ROWS
        or len({len(cells) for cells in table}) > 1
        or any(c.isdigit() for c in "".join(table[0]))
    ):
        return text
    made: list[str] = []
    for cells in lines:
        if cells in table[1:]:
            said = (f"{name} {cell}" for name, cell in zip(table[0][1:], cells[1:], strict=True))
            made.append(f"{cells[0]}: {', '.join(said)}")
        elif len(cells) == 1:
            made.append(cells[0])
    return "\n".join(made)


def _titles(value: object) -> dict[str, str]:
    """What is sold, by the id of its line: shipments and returns name their lines by it."""
    found: dict[str, str] = {}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        found |= _titles(item)
    if isinstance(value, dict):
        own = next((str(value[key]) for key in _LINE_IDS if isinstance(value.get(key), str | int)), "")
        title = next((value[key] for key in _TITLES if isinstance(value.get(key), str)), "")
        if own and title:
            found[own] = title
    return found


def _walk(value: object, key: str, naming: str, lines: list[str], titles: Mapping[str, str]) -> None:
    if isinstance(value, dict):
        pairs = [f"{_say(k)}: {_value(v)}" for k, v in value.items() if isinstance(v, _SCALARS)]
        for name, inner in value.items():
            if isinstance(inner, dict) and all(isinstance(v, _SCALARS) for v in inner.values()) and _is_detail(name):
                pairs.append(f"{_say(name)} " + ", ".join(f"{_say(k)} {_value(v)}" for k, v in inner.items()))
            elif isinstance(inner, list) and inner and all(isinstance(v, _SCALARS) for v in inner):
                named = [titles[str(v)] for v in inner if str(v) in titles] if name in _LINES else []
                told = f" ({', '.join(named)})" if named else ""
                pairs.append(f"{_say(name)}: " + ", ".join(str(v) for v in inner) + told)
        if pairs:
            lines.append(" ".join(part for part in (naming, _say(key) + ":" if key else "", ", ".join(pairs)) if part))
        own = next((f"{_say(k)} {value[k]}" for k in _NAMING if isinstance(value.get(k), _SCALARS)), "")
        for name, inner in value.items():
            nested = isinstance(inner, dict) and not (
                _is_detail(name) and all(isinstance(v, _SCALARS) for v in inner.values())
            )
            if nested or (isinstance(inner, list) and any(isinstance(v, dict) for v in inner)):
                _walk(inner, name, f"{own}," if own else naming, lines, titles)
    elif isinstance(value, list):
        for item in value:
            _walk(item, key, naming, lines, titles)


def _is_detail(name: str) -> bool:
    return name.casefold() in (
        "options",
        "address",
        "ship_to",
        "amount",
        "price",
        "unit_price",
        "total",
        "money",
        "name",
    )


def _say(key: str) -> str:
    return key.replace("_", " ")


def _value(value: object) -> str:
    """A scalar in words; amounts keep their cents (1250.0 is 1250.00)."""
    return f"{value:.2f}" if isinstance(value, float) and round(value, 2) == value else str(value)
