"""One row of a record."""

from typing import Any

from sqlmodel import SQLModel

from tests.integration.api.records import NOW


def row(kind: type[SQLModel], noun: str, brand: str, name: str, /, **values: Any) -> Any:
    """A row with what most have; each takes what it knows."""
    usual = {
        "id": f"{noun}_{brand}_{name}",
        "brand": brand,
        "account": f"{brand}-x",
        "created_at": NOW,
        "updated_at": NOW,
        "at": NOW,
        "reason": f"because of {brand}",
    }
    return kind(**{key: value for key, value in {**usual, **values}.items() if key in kind.model_fields})
