"""A person: what is known of them, and what it can be."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from server.errors import Unprocessable
from server.models import StaffRow
from server.staff.roles import PERMISSIONS, Caller, Role

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+")
_LONGEST_EMAIL = 254
_INITIALS = re.compile(r"[^\W_]{1,4}")
"""They are put after texts that are checked: neither a handle nor an address can be made of letters alone."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


class BadParticulars(Unprocessable):
    """Something about a person that cannot be so."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with Deskside."""

    id: str
    email: str
    name: str
    initials: str
    role: Role
    brands: frozenset[str]
    languages: tuple[str, ...]
    time_zone: str
    has_password: bool
    created_at: datetime
    disabled_at: datetime | None

    def as_caller(self) -> Caller:
        """The person with all that their role allows."""
        return Caller(
            id=self.id,
            name=self.name,
            role=self.role,
            brands=self.brands,
            permissions=PERMISSIONS[self.role],
            languages=self.languages,
            initials=self.initials,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What can be said of a person, new or to be changed; None leaves it as it is or as it usually is."""

    name: str | None = None
    role: Role | None = None
    brands: frozenset[str] | None = None
    languages: tuple[str, ...] | None = None
    initials: str | None = None
    time_zone: str | None = None


def person_of(row: StaffRow, brands: frozenset[str]) -> Person:
    """The person that a row describes."""
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        initials=row.initials,
        role=Role(row.role),
        brands=brands,
        languages=tuple(row.languages),
        time_zone=row.time_zone,
        has_password=row.password_hash is not None,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def fold_email(email: str) -> str:
    """The form in which an email is stored and looked up."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def checked_email(email: str) -> str:
    """The stored form of what is to be a person's email.

    Raises:
        BadParticulars: if it is none.
    """
    folded = fold_email(email)
    if not _EMAIL.fullmatch(folded) or len(folded) > _LONGEST_EMAIL:
        raise BadParticulars(f"{email} is no email")
    return folded


def apply(particulars: Particulars, row: StaffRow) -> None:
    """Write what is given into the row.

    Raises:
        BadParticulars: saying what cannot be so.
    """
    if particulars.name is not None:
        row.name = particulars.name.strip()
        if not row.name:
            raise BadParticulars("a person has a name")
    if particulars.role is not None:
        row.role = particulars.role
    if particulars.initials is not None:
        row.initials = particulars.initials.strip()
        if not _INITIALS.fullmatch(row.initials):
            raise BadParticulars("initials have one to four letters: they end this person's replies")
    if particulars.languages is not None:
        wrong = [language for language in particulars.languages if not _LANGUAGE.fullmatch(language)]
        if wrong or not particulars.languages:
            raise BadParticulars(
                f"languages are codes such as en or de, at least one; not {', '.join(wrong) or 'none'}"
            )
        row.languages = list(dict.fromkeys(particulars.languages))
    if particulars.time_zone is not None:
        if particulars.time_zone not in available_timezones():
            raise BadParticulars(f"{particulars.time_zone} is no time zone; one is Europe/London")
        row.time_zone = particulars.time_zone


def initials_of(name: str) -> str:
    """Those that end the replies of somebody of this name, unless they have chosen others."""
    letters = (next(filter(str.isalnum, word), "") for word in name.split())
    return "".join(letters)[:4].upper()[:4]
