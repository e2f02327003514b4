"""Every setting, with its default and its meaning. The only place that reads the environment."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

SHIPPED_KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge"


class SecretFileUnreadable(OSError):
    """The file that a secret is said to stand in."""

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable} names a file that cannot be read: {reason}")


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets out of files, as containers are handed them: DESKSIDE_SECRET_FILE names the one of DESKSIDE_SECRET.

    What stands in the environment itself counts more; an empty file says nothing.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:
        """What stands in the field's file, if it is a secret and has one."""
        variable = f"{variable_of(field_name)}_FILE"
        file = os.environ.get(variable) if field.annotation == SecretStr | None else None
        if not file:
            return None, field_name, False
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None, field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SecretFileUnreadable(variable, str(error)) from None

    def __call__(self) -> dict[str, Any]:
        """All that there are."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """Read from the environment, each name prefixed with DESKSIDE_ (the OpenAI ones as everybody writes them)."""

    model_config = SettingsConfigDict(env_prefix="DESKSIDE_", populate_by_name=True, extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code, then the environment, then the files that it names."""
        return init_settings, env_settings, SecretFiles(settings_cls)

    home: Path = Field(
        default=Path(".deskside"),
        description="Folder of the database, the index and the caches; two homes never meet.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="Address of a Postgres database, postgresql://…; empty: a SQLite file in the home.",
    )
    chroma_url: str | None = Field(
        default=None,
        description="Address of a `chroma run` server that several processes share; empty: the index is in the home, "
        "and one process at a time holds it.",
    )
    knowledge: Path = Field(
        default=SHIPPED_KNOWLEDGE,
        description="Folder of policies, destinations, intents, questions and voice.",
    )
    region: str | None = Field(
        default=None,
        description="Region of customers whose own is not known; empty: the brand's home region.",
    )

    secret: SecretStr | None = Field(
        default=None,
        description="What keys are derived from; empty: made once and kept in the home, which only one machine sees.",
    )
    old_secrets: SecretStr | None = Field(
        default=None,
        description="Secrets that the installation had before, one a line, best in the file that "
        "`DESKSIDE_OLD_SECRETS_FILE` names: for the audit's rows from before, and for who was erased.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="Address at which people reach the service; with https their cookies go over https alone.",
    )

    host: str = Field(default="127.0.0.1", description="Address that `deskside serve` listens on.")
    port: int = Field(default=8000, ge=0, le=65_535, description="Port that `deskside serve` listens on; 0: any.")
    hosts: str = Field(
        default="",
        description="Names, comma-separated, under which the service may be asked besides this machine's own and "
        "`DESKSIDE_PUBLIC_URL`; *: any.",
    )
    panel_hosts: str = Field(
        default="",
        description="Origins, comma-separated, of the helpdesks that may show the panel in a frame, as "
        "`https://help.example`; nobody else may.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses, comma-separated, whose word is taken on who called and whether by https.",
    )
    body_limit: int = Field(default=1_000_000, ge=1_000, description="Bytes of a request's body that are taken.")
    upload_limit: int = Field(
        default=7_000_000,
        ge=1_000,
        description="The same where a policy document is uploaded; a file takes a third more than its size.",
    )
    caller_rate: float = Field(
        default=50.0, gt=0, description="Requests a second of one caller, in each process; four times that at once."
    )
    address_rate: float = Field(
        default=10.0, gt=0, description="The same of one network address where nobody is signed in."
    )
    webhook_rate: float = Field(default=2_000.0, gt=0, description="The same of one network address to webhooks.")
    event_streams: int = Field(default=500, ge=1, description="Streams of events open at once, in each process.")
    event_streams_per_caller: int = Field(
        default=10,
        ge=1,
        description="The same of one caller: a person with all their browsers and tokens, or a machine.",
    )
    private_hosts: str = Field(
        default="",
        description="Machines of your own, comma-separated, `host` or `host:port` as an account's `url` names them, "
        "that texts may be sent to; all others must have public addresses.",
    )
    log_level: str = Field(default="info", description="The least that is logged: debug, info, warning or error.")
    drain_seconds: float = Field(
        default=0.0,
        ge=0,
        description="Seconds for which a process that is to stop goes on answering, while `/readyz` says that no more "
        "should be sent to it: as long as a load balancer takes to see that.",
    )
    stop_seconds: float = Field(default=20.0, gt=0, description="Seconds that requests and jobs then have to finish.")

    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"),
        description="Key of the chat endpoint. Endpoints on this machine often need none.",
    )
    openai_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url"),
        description="Address of any OpenAI-compatible chat endpoint; empty: OpenAI's own.",
    )
    model: str | None = Field(
        default=None,
        description="The chat model. Empty: no model is asked, the composer writes every draft.",
    )
    draft_deadline: float = Field(
        default=30.0, gt=0, description="Seconds until a background draft stands there, the model's or the composer's."
    )
    panel_first_word: float = Field(
        default=6.0,
        gt=0,
        description="Seconds in which the model has to begin where a rep waits; then what stands without it is all.",
    )
    model_timeout: float = Field(
        default=20.0, gt=0, description="Seconds of silence after which a model call is given up."
    )
    model_tools: bool = Field(
        default=True, description="Whether the model is offered the tools; false for models that cannot call them."
    )
    model_concurrency: int = Field(default=4, ge=1, description="Calls under way at once at the chat endpoint.")
    model_price_prompt: Decimal = Field(
        default=Decimal(0), ge=0, description="Price of 1,000,000 prompt tokens, in the account's currency."
    )
    model_price_completion: Decimal = Field(
        default=Decimal(0), ge=0, description="Price of 1,000,000 completion tokens, in the account's currency."
    )
    model_backlog: int = Field(
        default=100,
        ge=1,
        description="Drafts of a brand that may wait to be written; while more do, the composer writes and no model is "
        "asked.",
    )
    daily_cost_cap: Decimal | None = Field(
        default=None, ge=0, description="Cost of a day (UTC) after which the composer writes; empty: no cap."
    )

    quiet_minutes: float = Field(
        default=3.0, ge=0, description="Minutes a customer has to be quiet before their posts are answered as one."
    )
    draft_expiry_days: float = Field(
        default=7.0, gt=0, description="Days after which a draft that nobody has touched expires."
    )
    undo_seconds: float = Field(default=10.0, ge=0, description="How long an approved text can be taken back.")
    too_old_minutes: float = Field(
        default=240.0, gt=0, description="Minutes a due text may wait to be sent; then it goes back to review."
    )

    shop_stale_hours: float | None = Field(
        default=None,
        gt=0,
        description="Hours after the last `deskside import` from which nothing is said of orders; empty: no limit.",
    )

    attachment_bytes: int = Field(
        default=10_000_000, ge=1_000, description="Bytes of an attachment of a post that are fetched and kept."
    )
    poll_seconds: float = Field(
        default=15.0, gt=0, description="Seconds between two looks at an account whose network does not call us."
    )

    embedding_model: str | None = Field(
        default=None, description="Embedding model of an OpenAI-compatible endpoint; empty: weights on this machine."
    )
    embedding_base_url: str | None = Field(default=None, description="Address of the embedding endpoint.")
    embedding_api_key: SecretStr | None = Field(default=None, description="Key of the embedding endpoint.")

    jobs_at_once: int = Field(default=8, ge=1, description="Jobs under way at once in one process.")
    sends_at_once: int = Field(
        default=1, ge=1, description="Texts under way at once to one account's network, in all processes."
    )
    sends_per_minute: int = Field(
        default=60, ge=1, description="Texts per minute to one account's network; ten may follow one another at once."
    )
    keep_events_days: int = Field(
        default=30, ge=1, description="Days for which a reader of events may stay away and still be told everything."
    )
    keep_jobs_days: int = Field(default=7, ge=1, description="Days that jobs are kept after they are done.")
    keep_cases_days: int = Field(
        default=730, ge=1, description="Days that a case which is over keeps its posts, drafts, notes and answers."
    )
    keep_transcripts_days: int = Field(
        default=365,
        ge=1,
        description="Days that drafts and turns keep what they rest on: evidence, statements, findings, tool calls.",
    )
    keep_requests_days: int = Field(default=90, ge=1, description="Days that a model request is kept as it left.")
    keep_conversations_days: int = Field(
        default=365, ge=1, description="Days that a panel session is kept after it was opened, with its turns."
    )
    keep_attachments_days: int = Field(
        default=180, ge=1, description="Days that what came with posts is kept after it was posted."
    )
    keep_audit_days: int = Field(default=1_095, ge=1, description="Days that rows of the audit are kept.")
    audit_head: Path | None = Field(
        default=None,
        description="File that tells how long the audit's chain is, best on another machine's disk; empty: "
        "`audit-head` in the home.",
    )

    insights_per_person: bool = Field(
        default=False, description="Whether who may read figures may read those of single people as well."
    )
    insights_sample: int = Field(
        default=30, ge=1, le=1000, description="Sent replies, and posts without danger, of a week that people rate."
    )

    @property
    def turns_at_once(self) -> int:
        """How many drafts of a file are under way: as many as the model takes; without one more would only wait."""
        return self.model_concurrency if self.model else 1

    @property
    def database(self) -> str | Path:
        """Where the database is: its address, or the SQLite file of this home."""
        return self.database_url.get_secret_value() if self.database_url else self.home / "deskside.db"

    @property
    def audit_head_file(self) -> Path:
        """Where the head of the audit's chain is written down."""
        return self.audit_head or self.home / "audit-head"

    @property
    def attachments(self) -> Path:
        """The folder of what came with posts."""
        return self.home / "attachments"

    @property
    def index(self) -> Path:
        """The folder of the policies' index."""
        return self.home / "index"

    @property
    def cache(self) -> Path:
        """The folder of vectors by content hash."""
        return self.home / "cache"


def variable_of(name: str) -> str:
    """The environment's name of a setting."""
    return name.upper() if name.startswith("openai_") else f"DESKSIDE_{name.upper()}"
