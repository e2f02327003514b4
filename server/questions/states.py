"""What can become of a question that was offered, and what is refused."""

from enum import StrEnum

from server.errors import Conflict, NotAllowed, NotFound, Unavailable, Unprocessable
from server.models import QuestionOfferRow


class OfferState(StrEnum):
    """Where an offered question stands."""

    OFFERED = "offered"
    ASKED = "asked"
    SKIPPED = "skipped"
    ANSWERED = "answered"
    REFUSED = "refused"


class Step(StrEnum):
    """What a rep says of it."""

    ASK = "ask"
    SKIP = "skip"
    ANSWER = "answer"
    REFUSE = "refuse"


_S = OfferState
STEPS: dict[tuple[OfferState, Step], OfferState] = {
    (_S.OFFERED, Step.ASK): _S.ASKED,
    (_S.OFFERED, Step.SKIP): _S.SKIPPED,
    (_S.ASKED, Step.ANSWER): _S.ANSWERED,
    (_S.ASKED, Step.REFUSE): _S.REFUSED,
    # who is asked whether they may be asked something may say no to that
    (_S.OFFERED, Step.REFUSE): _S.REFUSED,
}


class SkipReason(StrEnum):
    """Why a rep does not ask."""

    NOT_THE_MOMENT = "not_the_moment"
    NO_TIME = "no_time"
    DOES_NOT_FIT = "does_not_fit"
    KNOWN_ALREADY = "known_already"
    OTHER = "other"


class NoSuchQuestion(NotFound):
    """There is none of this id, or none of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such question")


class NoQuestionOffered(NotFound):
    """Nothing was offered in this conversation, or it is none of the caller's brands'."""

    def __init__(self, why: str | None = None) -> None:
        super().__init__(f"no question is offered in this session{f': {why}' if why else ''}")


class NoSuchCustomer(NotFound):
    """There is none of this id, or none of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such customer")


class NoSuchFact(NotFound):
    """Nothing of this name is known of the customer from an answer."""

    def __init__(self) -> None:
        super().__init__("no answer of theirs is kept under this name; what the shop's records say is changed there")


class QuestionExists(Conflict):
    """There is or was a question of this id."""


class QuestionChanged(Conflict):
    """Somebody changed it since it was read; the details hold the version that stands."""


class QuestionRetired(Conflict):
    """It is asked no more, and is not changed either."""


class NotAQuestion(Unprocessable):
    """Its conditions would never hold, or its text cannot be asked; the details say which field."""


class AskedByEveryBrand(NotAllowed):
    """It is a question of every brand, and the caller does not serve all of them."""


class AlreadyDecided(Conflict):
    """The question stands otherwise than the caller saw it; the details show how."""


class NotToBeAskedNow(Conflict):
    """Something has come up since it was offered: a complaint, another question, a day's cap."""


class FactKnown(Conflict):
    """Somebody has learned it since the question was asked."""


class NotConfirmed(Conflict):
    """Nobody has said how they know who is speaking, so what is said is kept for nobody."""


class AnotherCustomersSession(Unprocessable):
    """It was said in a session with somebody else."""

    def __init__(self) -> None:
        super().__init__("this session is another customer's; name the one in which they said it")


class SaidInAComplaint(Unprocessable):
    """The customer complains: nothing that they say now is kept."""


class NotToBeKept(Unprocessable):
    """The words are of a kind that is never kept; the details name the kind and the word."""


class NotToBeAsked(Unprocessable):
    """The words ask for what is never kept; the details name the kind and the word."""


class RecordsDoNotAnswer(Unavailable):
    """Whether the customer has something to complain of cannot be seen."""


def take(offer: QuestionOfferRow, step: Step) -> None:
    """Move the offer by this step.

    Raises:
        AlreadyDecided: It cannot go there from where it stands.
    """
    state = STEPS.get((OfferState(offer.state), step))
    if state is None:
        at = (offer.decided_at or offer.asked_at or offer.offered_at).isoformat()
        raise AlreadyDecided(_WORDS[OfferState(offer.state)], state=offer.state, at=at, by=offer.decided_by)
    offer.state = state


_WORDS = {
    OfferState.OFFERED: "this question has not been asked yet: say first that it was",
    OfferState.ASKED: "this question was asked already: say what the answer was",
    OfferState.SKIPPED: "this question was left aside already",
    OfferState.ANSWERED: "this question was answered already",
    OfferState.REFUSED: "this question was declined already, which is final",
}
