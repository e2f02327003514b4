"""What is sampled, and what raters can say of it."""

from enum import StrEnum


class SampleKind(StrEnum):
    """What a sample holds: replies that were sent, or posts in which the screen saw no danger."""

    SENT_REPLIES = "sent_replies"
    UNFLAGGED_POSTS = "unflagged_posts"


RATERS = 2
"""How many people rate each item."""


class Problem(StrEnum):
    """What can be wrong with a sent reply. The first three must never happen."""

    PRIVATE_DATA = "private_data_in_public"
    WRONG_CUSTOMER = "wrong_customer"
    UNAPPROVED_PROMISE = "unapproved_promise"
    WRONG_FACT = "wrong_fact"
    NO_ANSWER = "no_answer"
    WRONG_TONE = "wrong_tone"
    OTHER = "other"


class Danger(StrEnum):
    """What can be dangerous in a post."""

    SELF_HARM = "danger_self_harm"
    THREAT = "danger_threat"
    INJURY = "danger_injury"
    PRODUCT = "danger_product"
    MINOR = "minor"
    OTHER = "other"


NAMED: dict[SampleKind, frozenset[str]] = {
    SampleKind.SENT_REPLIES: frozenset(Problem),
    SampleKind.UNFLAGGED_POSTS: frozenset(Danger),
}
"""What a rater of each kind of sample may name."""
