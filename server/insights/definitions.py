"""What each figure means. The API, the command, the sheets and docs/insights.md all take their words from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Unit(StrEnum):
    """What a figure's values are."""

    SECONDS = "seconds"
    SHARE = "share"
    COUNT = "count"
    PER_100 = "per 100"
    MONEY = "money"


class FigureName(StrEnum):
    """The figures there are."""

    FIRST_REAL_ANSWER = "first_real_answer"
    SOLVED = "solved"
    PROMISES_KEPT = "promises_kept"
    DRAFT_USE = "draft_use"
    ESCAPED_PROBLEMS = "escaped_problems"
    ZERO_COUNTS = "zero_counts"
    MISSED_DANGER = "missed_danger"
    ADVICE_REPEATED = "advice_repeated"
    POLICIES_ANSWERED = "policies_answered"
    POLICIES_MISSING = "policies_missing"
    OVERDUE = "overdue"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure in words: what it is, what its parts are, where it is read from, and what it cannot tell."""

    name: FigureName
    title: str
    words: str
    unit: Unit
    source: str
    limits: str
    parts: Mapping[str, str] = field(default_factory=dict)


_RATED = (
    "Two people rate each, neither of whom wrote or approved it; neither sees who did, nor what the other says before "
    "they have said it themselves."
)

_ALL = (
    Definition(
        FigureName.FIRST_REAL_ANSWER,
        "First real answer",
        "From the network's time of each customer's post to the first sent reply that takes the post into account and "
        "is no holding text; a post that has no such reply counts at its age. Median and p90, by the clock and in the "
        "account's opening hours.",
        Unit.SECONDS,
        "posts.sent_at of customers' posts in the span, answers (sent_at, posted_at, holding) of the same case, "
        "publications.state, accounts.hours",
        "A reply takes into account what was posted up to the newest post it answers. A text that was taken back from "
        "its network is no answer; its correction is. Posts that were left unanswered on purpose, and those that their "
        "author deleted before an answer, are counted apart and wait for nothing. A reply that somebody wrote on the "
        "network itself is not known to be one. Opening hours are the account's of today. p90 is the smallest value "
        "that nine in ten do not exceed; “at least” where it is an unanswered post's age.",
        {
            "median_elapsed": "half of the posts waited no longer, by the clock",
            "p90_elapsed": "nine in ten waited no longer, by the clock",
            "median_business": "half waited no longer, in opening hours",
            "p90_business": "nine in ten waited no longer, in opening hours",
            "answered": "posts with a real answer, of all that counted",
            "unanswered": "posts without one, of all that counted: they count at their age",
            "left_unanswered": "posts of which somebody, or the screen, decided that nothing is said; not counted",
            "deleted": "posts that their author deleted before an answer; not counted",
        },
    ),
    Definition(
        FigureName.SOLVED,
        "Solved",
        "Cases whose customer, after the last real answer in the span, does not get in touch about the issue for 7 "
        "days on any linked channel. A case whose last answer moves it to private is told as moved, not as solved.",
        Unit.SHARE,
        "answers, posts, draft_facts (intent, customer, posted_at), draft_rests (orders), customer_links, "
        "conversations",
        "Further contact is a post in the same case that is more than thanks, a post of the same customer or handle "
        "elsewhere about the same intent or order, or a rep's session about the case, or with the customer about no "
        "case. A customer who gives up looks solved. Moved is: a private message was sent in answer to a public post, "
        "or the answer points to a direct message, a secure form, a telephone number or an appeal.",
        {
            "solved": "no further contact for 7 days, of all that are decided",
            "came_back": "further contact on the issue within 7 days, of all that are decided",
            "moved": "moved to private by the last answer, of all that are decided",
            "too_early": "less than 7 days since the answer and no contact yet; not decided",
        },
    ),
    Definition(
        FigureName.PROMISES_KEPT,
        "Promises kept",
        "Promises that were kept by the time they were first due, of all that were due in the span.",
        Unit.SHARE,
        "promises (first_due, state, settled_at), publications.corrects",
        "The time is the one that was sent first: neither moving a promise nor saying it again in a correction changes "
        "it. What was withdrawn is not kept. A promise in a wording that Deskside does not know is not on record. "
        "Of a promise that the shop's records bring as kept, without the time, nobody knows whether it was in time: it "
        "is neither kept in time nor broken.",
        {
            "kept_in_time": "kept by the time it was first due, of all due",
            "kept_late": "kept after it, of all due",
            "kept_undated": "kept, nobody knows when, of all due",
            "withdrawn": "taken back by a person, or with its text, of all due",
            "broken": "due and still not kept, of all due",
        },
    ),
    Definition(
        FigureName.DRAFT_USE,
        "Draft use",
        "Of all posts of the span where a draft was shown: sent unchanged; sent with light changes (at most 10 % of "
        "the words, and no number, date, name, link or promise); sent with heavy changes; sent with a saved reply in "
        "it; discarded. Apart: posts that a person answered with no draft beside them.",
        Unit.SHARE,
        "draft_facts (proposed, shown_at, used), decisions of kind edit (the text as it was written), "
        "saved_reply_uses, drafts.state",
        "Shown is: a person opened it while it waited, or decided on it. A line in the queue is not counted as "
        "shown. Of a post with several drafts the one that was sent counts, also where somebody had it written anew. "
        "What an incident's shared text answers, and corrections, are no use of a draft. Names are taken for changed "
        "wherever a capitalised word is, the first of a sentence too, so that in German a changed noun is a heavy "
        "change. A saved reply counts where at least half of its words were sent, whatever the draft had said.",
        {
            "unchanged": "sent word for word, of all where a draft was shown",
            "light": "sent with light changes, of all where a draft was shown",
            "heavy": "sent with heavier changes, of all where a draft was shown",
            "saved_reply": "sent with a saved reply in it, of all where a draft was shown",
            "discarded": "rejected, left unanswered or expired, of all where a draft was shown",
            "undecided": "still waiting, handed over, or overtaken by another post, of all where a draft was shown",
            "no_draft": "answered with no draft beside it, of those and all where a draft was shown",
        },
    ),
    Definition(
        FigureName.ESCAPED_PROBLEMS,
        "Escaped problems",
        "Of a weekly random sample of sent replies, those in which both raters found a problem. " + _RATED,
        Unit.SHARE,
        "samples, sample_items and ratings of kind sent_replies, by the week of the sample",
        "With its 95 % interval (Wilson); only replies with both ratings count. Where the two disagree stands apart. "
        "The weeks that begin within the span count.",
        {
            "both": "both found a problem, of all with two ratings",
            "disagreed": "one of the two found one, of all with two ratings",
            "to_rate": "drawn, and not rated by two yet",
        },
    ),
    Definition(
        FigureName.ZERO_COUNTS,
        "Zero counts",
        "What must never happen: private data in a public text, a text to the wrong customer, a promise that nobody "
        "approved. Of all texts sent in the span.",
        Unit.COUNT,
        "answers, findings of overridden drafts, privacy_incidents.publications, approvals against "
        "publications.digest, ratings that name it",
        "What a rater names counts once both have rated. What neither a check, a person who unlinked a handle, nor a "
        "rater has noticed is not counted.",
        {
            "private_data_in_public": "public texts sent over a finding of private data, or named by a rater",
            "wrong_customer": "texts that rested on a link that was taken back, or named by a rater",
            "unapproved_promise": "promises whose text has no approval of exactly these words, or named by a rater",
        },
    ),
    Definition(
        FigureName.MISSED_DANGER,
        "Missed danger",
        "Of a weekly random sample of posts that were not flagged, those that both raters call dangerous. " + _RATED,
        Unit.SHARE,
        "samples, sample_items and ratings of kind unflagged_posts, by the week of the sample",
        "With its 95 % interval (Wilson); only posts with both ratings count. Rare danger needs many ratings: no find "
        "in 100 still allows 3.7 %. The weeks that begin within the span count.",
        {
            "both": "both call it dangerous, of all with two ratings",
            "disagreed": "one of the two does, of all with two ratings",
            "to_rate": "drawn, and not rated by two yet",
        },
    ),
    Definition(
        FigureName.ADVICE_REPEATED,
        "Advice repeated",
        "Cases in which a sent reply advised what the customer had said they tried or had been told before, per 100 "
        "cases that were answered.",
        Unit.PER_100,
        "answers.repeats: the finding already_tried of the text as it was sent",
        "As good as the check that finds it; steps retold in wholly other words are missed.",
        {"repeated": "cases with repeated advice, per 100 answered"},
    ),
    Definition(
        FigureName.POLICIES_ANSWERED,
        "Policies that answered",
        "Policy documents that sent replies rest on, by the number of drafts that were sent with them.",
        Unit.COUNT,
        "draft_rests of kind policy of the drafts of answers in the span",
        "A document counts once for each draft, however many sentences rest on it. A part of it is its id.",
    ),
    Definition(
        FigureName.POLICIES_MISSING,
        "Policies missing",
        "Questions of the span for which no policy was found, by theme: “asked 14 times, nothing found”.",
        Unit.COUNT,
        "missing_policies",
        "Themes are those of `GET /policies/missing`: questions of one intent that are alike. A case asks once. Of the "
        "span's questions the newest 2,000 are told of. A part of it is the id of the theme's most usual question.",
    ),
    Definition(
        FigureName.OVERDUE,
        "Overdue",
        "What is late at this moment, whatever the span: cases whose answer was due, and open promises that were due.",
        Unit.COUNT,
        "cases (open, due_at) but for what is held for an incident; promises (open, due)",
        "An answer is due by the account's goal in its opening hours.",
        {"answers": "open cases whose answer was due", "promises": "open promises that were due"},
    ),
    Definition(
        FigureName.COST,
        "Cost",
        "What the model cost in the span, in the currency of DESKSIDE_MODEL_PRICE_*: of drafts and of reps' questions.",
        Unit.MONEY,
        "draft_facts (cost, tokens) by written_at, turns by started_at, answers",
        "A draft that was dropped before it was kept (the customer wrote meanwhile), a translation and a call that "
        "failed are not in it. With no prices set it is nothing. Reps' questions count where no channel and no team is "
        "asked for.",
        {
            "drafts": "of written drafts",
            "panel": "of reps' questions",
            "total": "both",
            "per_reply": "both, for each draft that was sent",
            "tokens": "of written drafts: how many, not what they cost",
        },
    ),
)

DEFINITIONS: Mapping[FigureName, Definition] = {one.name: one for one in _ALL}
"""Every figure by its name, in the order in which they are shown."""
