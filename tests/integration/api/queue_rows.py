"""Views of the queue: somebody's own, and one that is shared."""

from collections.abc import Iterator

from server.models import SavedViewRow
from server.staff.roles import Role
from tests.integration.api.records import NOW


def views(brand: str) -> Iterator[SavedViewRow]:
    for name, shared in (("own", None), ("shared", brand)):
        yield SavedViewRow(
            id=f"view_{brand}_{name}",
            staff=f"staff_{brand}_{Role.DRAFTS_ONLY if shared is None else Role.SUPERVISOR}",
            brand=shared,
            name=f"{name} of {brand}",
            filters={"account": f"{brand}-x"},
            created_at=NOW,
            updated_at=NOW,
        )
