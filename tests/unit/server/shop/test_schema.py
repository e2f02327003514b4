"""The types that check an import and the schema that people are given say the same."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from server.shop import schema

SCHEMA = json.loads(Path(schema.__file__).with_name("shop.schema.json").read_text(encoding="utf-8"))
TYPES = {"customer": schema.Customer, "product": schema.Product, "order": schema.Order}
ADAPTERS = {kind: TypeAdapter(record) for kind, record in TYPES.items()}

FULL: dict[str, dict[str, Any]] = {
    "customer": {
        "id": "C-1",
        "brand": "fernhollow",
        "name": "Anna",
        "emails": ["anna@example.org"],
        "phones": ["+447700900114"],
        "language": "pt-BR",
        "since": "2020-02-29",
        "tier": "trail",
        "organisation": "Scouts",
        "address": {
            "line1": "1 Mill Lane",
            "line2": "Hut",
            "city": "Leeds",
            "region": "Yorkshire",
            "postal_code": "LS6",
            "country": "GB",
        },
        "handles": [{"channel": "x", "handle": "anna", "known": "verified"}],
        "payment_methods": [
            {"id": "PM", "kind": "gift_card", "brand": "b", "last_four": "0001", "balance": 5, "currency": "GBP"}
        ],
        "consent": {"email": True},
        "facts": {"a": "b", "c": 1.5, "d": False, "e": 7},
    },
    "product": {
        "id": "P-1",
        "brand": "fernhollow",
        "title": "Tent",
        "family": "tents",
        "public_url": "https://www.example.org/tent",
        "variants": [
            {"sku": "S", "options": {"colour": "moss"}, "price": 100, "currency": "GBP", "available": True},
        ],
    },
    "order": {
        "id": "FH-1",
        "brand": "fernhollow",
        "customer": "C-1",
        "placed_at": "2026-11-10T08:41:00.5+01:00",
        "status": "shipped",
        "status_note": "soon",
        "currency": "GBP",
        "gift": False,
        "ship_to": {"line1": "1 Mill Lane", "city": "Leeds", "country": "GB"},
        "lines": [
            {
                "id": "L1",
                "product": "P-1",
                "sku": "S",
                "title": "Tent",
                "options": {"colour": "moss"},
                "quantity": 1,
                "unit_price": 100,
            }
        ],
        "shipments": [
            {
                "id": "S1",
                "lines": ["L1"],
                "carrier": "Northway",
                "service": "standard",
                "tracking": ["N1"],
                "promised": "2026-11-17",
                "shipped_at": "2026-11-13T16:05:00Z",
                "delivered_at": "2026-11-15T16:05:00Z",
                "events": [{"at": "2026-11-13T16:05:00Z", "what": "Left", "where": "Leeds"}],
            }
        ],
        "payments": [
            {
                "id": "P1",
                "kind": "payment",
                "amount": 100,
                "method": "PM",
                "at": "2026-11-13T16:05:00Z",
                "done": True,
            }
        ],
        "returns": [
            {
                "id": "R1",
                "kind": "return",
                "lines": ["L1"],
                "new_skus": ["S"],
                "reason": "small",
                "requested_at": "2026-11-13T16:05:00Z",
                "received_at": "2026-11-13T16:05:00Z",
                "method": "PM",
                "difference": -5,
            }
        ],
    },
}
# What a value may be replaced by: each is right in some places and wrong in others.
ODD = ["", "x", "x" * 100, "x" * 101, "GBP", "gbp", "en", "EN", "1234", 0, 1, -1, 1.0, 1.5, True, None, [], {}, ["x"]]
ODD += [{"x": "y"}, {"x": 1}, {"x": True}, {"x": None}, [1], [None], "shipped", "gift_card", "refund", "possible"]


def formats() -> jsonschema.FormatChecker:
    """The formats by hand: jsonschema's own are optional packages, and laxer."""
    checker = jsonschema.FormatChecker(formats=())
    for name, kind in (("date", schema.Date), ("date-time", schema.Time), ("email", schema.Email), ("uri", schema.Uri)):
        adapter = TypeAdapter(kind)

        def is_fine(value: object, adapter: TypeAdapter[Any] = adapter) -> bool:
            if isinstance(value, str):
                adapter.validate_python(value, strict=True)
            return True

        checker.checks(name, raises=ValidationError)(is_fine)
    return checker


VALIDATORS = {
    kind: jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{kind}"}, format_checker=formats())
    for kind in TYPES
}


def fits_types(kind: str, line: object) -> bool:
    try:
        ADAPTERS[kind].validate_json(json.dumps(line))
    except ValidationError:
        return False
    return True


def fits_schema(kind: str, line: object) -> bool:
    return bool(VALIDATORS[kind].is_valid(line))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        found += places(item, (*path, key))
    return found


def parent(line: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        line = line[key]
    return line


ALL_PLACES = [(kind, path) for kind, line in FULL.items() for path in places(line)]


@pytest.mark.parametrize("kind", FULL)
def test_a_line_with_every_field_is_fine(kind):
    assert fits_schema(kind, FULL[kind])
    assert fits_types(kind, FULL[kind])


@pytest.mark.parametrize("kind", FULL)
def test_the_example_names_every_field_of_the_schema(kind):
    def fields(node: dict[str, Any], line: Any) -> None:
        node = SCHEMA["$defs"][node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node
        if "properties" in node:
            assert set(line) <= set(node["properties"])
            for name, inner in node["properties"].items():
                if name in line:
                    fields(inner, line[name])
            if line is not FULL["order"].get("ship_to"):
                assert set(line) == set(node["properties"])
        elif "items" in node:
            fields(node["items"], line[0])

    fields(SCHEMA["$defs"][kind], FULL[kind])


@pytest.mark.parametrize(("kind", "path"), ALL_PLACES, ids=str)
def test_types_and_schema_agree_on_every_field_left_out_and_on_odd_values(kind, path):
    line = copy.deepcopy(FULL[kind])
    del parent(line, path)[path[-1]]
    assert fits_types(kind, line) == fits_schema(kind, line), line
    for odd in ODD:
        line = copy.deepcopy(FULL[kind])
        parent(line, path)[path[-1]] = odd
        assert fits_types(kind, line) == fits_schema(kind, line), line


@given(place=st.sampled_from(ALL_PLACES), field=st.text(min_size=1, max_size=5), value=st.sampled_from(ODD))
@settings(max_examples=150, deadline=None)
def test_types_and_schema_agree_on_unknown_fields(place, field, value):
    kind, path = place
    line = copy.deepcopy(FULL[kind])
    around = parent(line, path)
    if isinstance(around, dict):
        around[field] = value
    assert fits_types(kind, line) == fits_schema(kind, line), line


@pytest.mark.parametrize("line", [[], 1, "x", None, True])
def test_a_line_is_an_object(line):
    assert not any(fits_types(kind, line) or fits_schema(kind, line) for kind in TYPES)


@pytest.mark.parametrize(
    ("kind", "value", "fine"),
    [
        (schema.Time, "2026-11-20T12:00:00Z", True),
        (schema.Time, "2026-11-20t12:00:00z", True),
        (schema.Time, "2026-11-20T12:00:00.123456789+05:30", True),
        (schema.Time, "2026-11-20T12:00:00", False),
        (schema.Time, "2026-11-20 12:00:00Z", False),
        (schema.Time, "2026-11-20T12:00Z", False),
        (schema.Time, "2026-02-30T12:00:00Z", False),
        (schema.Time, "2026-11-20T25:00:00Z", False),
        (schema.Time, "2026-11-20T12:00:00+25:00", False),
        (schema.Time, "0001-01-01T00:00:00+10:00", False),
        (schema.Time, "２026-11-20T12:00:00Z", False),
        (schema.Date, "2024-02-29", True),
        (schema.Date, "2026-02-29", False),
        (schema.Date, "20261120", False),
        (schema.Date, "2026-11-20T00:00:00Z", False),
        (schema.Email, "a@b", True),
        (schema.Email, "a b@example.org", False),
        (schema.Email, "a@@example.org", False),
        (schema.Email, "example.org", False),
        (schema.Uri, "https://www.example.org/a?b=c#d", True),
        (schema.Uri, "www.example.org", False),
        (schema.Uri, "https://www.example.org/a b", False),
    ],
)
def test_formats(kind, value, fine):
    adapter = TypeAdapter(kind)
    if fine:
        assert adapter.validate_json(json.dumps(value)) == value
    else:
        with pytest.raises(ValidationError):
            adapter.validate_json(json.dumps(value))


def test_a_number_that_json_does_not_know_is_refused():
    with pytest.raises(ValidationError):
        ADAPTERS["customer"].validate_json('{"id": "C", "name": "N", "facts": {"a": NaN}}')
