"""How badly the simulated network behaves."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Fault(StrEnum):
    """What can go wrong with one post."""

    ANSWER_500_AFTER = "answer_500_after"
    ANSWER_500_BEFORE = "answer_500_before"
    SILENT_AFTER = "silent_after"
    SILENT_BEFORE = "silent_before"
    TOO_MANY = "too_many"
    REFUSE = "refuse"


class Behaviour(BaseModel):
    """Settings of the network; they can be changed while it runs.

    `next` is used up, a fault or null ("behave") for each post, before chance decides by `chances`.
    """

    model_config = ConfigDict(extra="forbid")

    next: list[Fault | None] = Field(default_factory=list, max_length=1_000)
    chances: dict[Fault, float] = Field(default_factory=dict, description="How often each happens, from 0 to 1.")
    seed: int = 0
    silence_s: float = Field(default=20.0, ge=0, le=300, description="How long an answer is kept waiting.")
    retry_after_s: int = Field(default=2, ge=0, le=86_400)
    keeps_keys: bool = Field(default=False, description="Whether a key that was seen gets the post it was seen with.")
    visible_after_s: float = Field(default=0.0, ge=0, le=300, description="How long until an account's post is found.")
    edits_before_read: float = Field(
        default=0.0, ge=0, le=1, description="How often a customer's post is edited just before it is read again."
    )
    deletes_before_read: float = Field(default=0.0, ge=0, le=1, description="The same for deleted.")
    down: bool = Field(default=False, description="Whether every call is answered with 503, and does nothing.")
