"""What somebody can give to others, or take from them: at most what they have themselves."""

from collections.abc import Iterable

from server.errors import NotAllowed
from server.staff.roles import PERMISSIONS, Caller, Permission, Role


class MoreThanOnesOwn(NotAllowed):
    """Nobody grants what they do not have."""


def check_grants_role(by: Caller, role: Role) -> None:
    """Whether `by` has all that the role may do.

    Raises:
        MoreThanOnesOwn: naming what is lacking.
    """
    check_has_permissions(by, PERMISSIONS[role], what=f"the role {role}")


def check_has_permissions(by: Caller, permissions: Iterable[Permission], *, what: str) -> None:
    """Whether `by` has all of these.

    Raises:
        MoreThanOnesOwn: naming what is lacking.
    """
    lacking = sorted(set(permissions) - by.permissions)
    if lacking:
        raise MoreThanOnesOwn(f"{what} needs permissions that you do not have: {', '.join(lacking)}", lacking=lacking)


def check_has_brands(by: Caller, brands: Iterable[str]) -> None:
    """Whether `by` serves all of these; a brand that does not exist is refused in the same words.

    Raises:
        MoreThanOnesOwn: naming what is lacking.
    """
    lacking = sorted(set(brands) - by.brands)
    if lacking:
        raise MoreThanOnesOwn(f"these are no brands of yours: {', '.join(lacking)}", lacking=lacking)
