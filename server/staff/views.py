"""What the API takes and tells about people, sessions and tokens."""

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from server.models import TokenRow
from server.staff.colleagues import Colleague
from server.staff.passwords import LONGEST as LONGEST_PASSWORD
from server.staff.person import Particulars, Person
from server.staff.roles import Caller, Permission, Role
from server.staff.tokens import LONGEST as LONGEST_TOKEN
from server.staff.tokens import Made, hint_of
from server.web.bodies import Body

_PLAIN = r"^[^\x00-\x1f\x7f]*$"  # one line

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=_PLAIN)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254, pattern=_PLAIN)]
BrandId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_PLAIN)]
Initials = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4, pattern=_PLAIN)]
Id = Annotated[str, Path(min_length=1, max_length=64)]
Password = Annotated[str, StringConstraints(max_length=LONGEST_PASSWORD)]

_PERSON: dict[str, JsonValue] = {
    "id": "staff_01kcs3v8q2m5n7p9r1t3w5",
    "email": "robin@fernhollow.example",
    "name": "Robin Vale",
    "initials": "RV",
    "role": "rep",
    "brands": ["fernhollow"],
    "languages": ["en", "de"],
    "time_zone": "Europe/London",
    "has_password": True,
    "created_at": "2026-11-20T12:00:00Z",
    "disabled_at": None,
}
_TOKEN: dict[str, JsonValue] = {
    "id": "token_01kcs3v8q2m5n7p9r1t3w5",
    "kind": "personal",
    "name": "nightly report",
    "begins": "dsk_01kcs3v8q2m5n7p9r1t3w5_",
    "scopes": ["cases:read"],
    "brands": [],
    "created_at": "2026-11-20T12:00:00Z",
    "expires_at": "2027-02-18T12:00:00Z",
    "used_at": None,
}


class SignInBody(Body):
    """Email and password."""

    email: Annotated[str, Field(max_length=254, pattern=_PLAIN, examples=["robin@fernhollow.example"])]
    password: Annotated[Password, Field(examples=["four words nobody guesses"])]


class LinkBody(Body):
    """The secret of a sign-in link: what stands behind # in it."""

    link: Annotated[str, Field(max_length=200, examples=["dsk_01kcs3v8q2m5n7p9r1t3w5_0Zs…"])]


class PasswordBody(Body):
    """A new password for oneself."""

    current: Annotated[Password | None, Field(description="Needed if there is one.")] = None
    new: Annotated[Password, Field(examples=["four words nobody guesses"])]


class NewPerson(Body):
    """Somebody to add."""

    email: Annotated[Email, Field(examples=["robin@fernhollow.example"])]
    name: Annotated[Name, Field(examples=["Robin Vale"])]
    role: Annotated[Role, Field(examples=["rep"])]
    brands: Annotated[list[BrandId], Field(min_length=1, max_length=200, examples=[["fernhollow"]])]
    languages: Annotated[list[str], Field(min_length=1, max_length=50, examples=[["en", "de"]])] = Field(
        default_factory=lambda: ["en"]
    )
    initials: Annotated[Initials | None, Field(description="End their replies; else the name's.", examples=["RV"])] = (
        None
    )
    time_zone: Annotated[str, Field(examples=["Europe/London"])] = "UTC"

    def particulars(self) -> Particulars:
        """As the service takes them."""
        return _particulars(self)


class PersonChange(Body):
    """What is to be otherwise; what is left out stays."""

    name: Annotated[Name | None, Field(examples=["Robin Vale"])] = None
    role: Annotated[Role | None, Field(examples=["social"])] = None
    brands: Annotated[list[BrandId] | None, Field(min_length=1, max_length=200)] = None
    languages: Annotated[list[str] | None, Field(min_length=1, max_length=50)] = None
    initials: Annotated[Initials | None, Field(examples=["RV"])] = None
    time_zone: Annotated[str | None, Field(examples=["Europe/London"])] = None

    def particulars(self) -> Particulars:
        """As the service takes them."""
        return _particulars(self)


class OwnChange(Body):
    """What one changes of oneself; what is left out stays. Role, brands and languages are an admin's to say."""

    name: Annotated[Name | None, Field(examples=["Robin Vale"])] = None
    initials: Annotated[Initials | None, Field(description="End your replies.", examples=["RV"])] = None
    time_zone: Annotated[str | None, Field(examples=["Europe/London"])] = None

    def particulars(self) -> Particulars:
        """As the service takes them."""
        return Particulars(name=self.name, initials=self.initials, time_zone=self.time_zone)


class NewToken(Body):
    """A token to make: one's own, or a machine's."""

    kind: Annotated[Literal["personal", "machine"], Field(examples=["personal"])] = "personal"
    name: Annotated[Name, Field(description="What it is for.", examples=["nightly report"])]
    scopes: Annotated[
        list[Permission] | None,
        Field(
            min_length=1,
            max_length=len(Permission),
            description="What it allows, at most what you may; left out for a personal one: all that you may today.",
            examples=[["cases:read"]],
        ),
    ] = None
    brands: Annotated[
        list[BrandId], Field(max_length=200, description="A machine's brands; a personal token has its person's.")
    ] = Field(default_factory=list)
    days: Annotated[int, Field(ge=1, le=LONGEST_TOKEN.days, description="How long it lasts.", examples=[90])] = 90


class PersonView(BaseModel):
    """Somebody who works with Deskside; of their brands those that are yours too."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PERSON]})

    id: str
    email: str
    name: str
    initials: str
    role: Role
    brands: list[str]
    languages: list[str]
    time_zone: str
    has_password: bool
    created_at: AwareDatetime
    disabled_at: AwareDatetime | None

    @classmethod
    def of(cls, person: Person, caller: Caller) -> Self:
        """As this caller sees them."""
        return cls(
            id=person.id,
            email=person.email,
            name=person.name,
            initials=person.initials,
            role=person.role,
            brands=sorted(person.brands & caller.brands),
            languages=list(person.languages),
            time_zone=person.time_zone,
            has_password=person.has_password,
            created_at=person.created_at,
            disabled_at=person.disabled_at,
        )


class ColleagueView(BaseModel):
    """Somebody whom a case can be given to; of their brands those that are yours too."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {key: _PERSON[key] for key in ("id", "name", "role", "brands", "languages")} | {"on_duty": True}
            ]
        }
    )

    id: str
    name: str
    role: Role
    brands: list[str]
    languages: list[str]
    on_duty: bool = Field(description="Whether they have done something here within the last hour.")

    @classmethod
    def of(cls, colleague: Colleague, caller: Caller) -> Self:
        """As this caller sees them."""
        person = colleague.person
        return cls(
            id=person.id,
            name=person.name,
            role=person.role,
            brands=sorted(person.brands & caller.brands),
            languages=list(person.languages),
            on_duty=colleague.on_duty,
        )


class Me(BaseModel):
    """Who calls, and what they may do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _PERSON["id"],
                    "name": "Robin Vale",
                    "initials": "RV",
                    "role": "rep",
                    "brands": ["fernhollow"],
                    "languages": ["en", "de"],
                    "permissions": ["cases:read", "drafts:write"],
                    "token": None,
                    "csrf": "x3Vb…",
                }
            ]
        }
    )

    id: str
    name: str
    initials: str
    role: Role | None = Field(description="null: a machine.")
    brands: list[str]
    languages: list[str]
    permissions: list[Permission]
    token: str | None = Field(description="The id of the token that was shown; null: a signed-in browser.")
    csrf: str | None = Field(description="Send it as X-CSRF-Token with every change; null: not needed with a token.")

    @classmethod
    def of(cls, caller: Caller, csrf: str | None) -> Self:
        """The caller themselves."""
        return cls(
            id=caller.id,
            name=caller.name,
            initials=caller.initials,
            role=caller.role,
            brands=sorted(caller.brands),
            languages=list(caller.languages),
            permissions=sorted(caller.permissions),
            token=caller.token,
            csrf=csrf,
        )


class LinkMade(BaseModel):
    """A sign-in link, shown this once."""

    person: PersonView
    link: str = Field(description="Works once.", examples=["https://desk.fernhollow.example/sign-in#dsk_01kcs3…"])
    expires_at: AwareDatetime


class TokenView(BaseModel):
    """A token, without its secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN]})

    id: str
    kind: Literal["personal", "machine"]
    name: str
    begins: str = Field(description="How its secret begins, to know one that was found.")
    scopes: list[str]
    brands: list[str] = Field(description="A machine's; empty: all of its person's.")
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    used_at: AwareDatetime | None = Field(description="When last, to some minutes.")

    @classmethod
    def of(cls, row: TokenRow, caller: Caller) -> Self:
        """As this caller sees it."""
        return cls.model_validate(_told(row, caller))


class TokenMade(TokenView):
    """A new token. Its secret is shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_TOKEN, "secret": f"{_TOKEN['begins']}0Zs…"}]})

    secret: str

    @classmethod
    def first(cls, made: Made, caller: Caller) -> Self:
        """With the secret."""
        return cls.model_validate({**_told(made.row, caller), "secret": made.secret})


def _told(row: TokenRow, caller: Caller) -> dict[str, str | list[str] | datetime | None]:
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "begins": hint_of(row.id),
        "scopes": list(row.scopes),
        "brands": [brand for brand in row.brands if brand in caller.brands],
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "used_at": row.used_at,
    }


def _particulars(given: NewPerson | PersonChange) -> Particulars:
    return Particulars(
        name=given.name,
        role=given.role,
        brands=None if given.brands is None else frozenset(given.brands),
        languages=None if given.languages is None else tuple(given.languages),
        initials=given.initials,
        time_zone=given.time_zone,
    )
