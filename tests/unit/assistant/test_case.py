from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.case import NothingToAnswer, Post, Role, Thread

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def post(number: int, author: str, text: str, role: Role = Role.CUSTOMER) -> Post:
    return Post(str(number), author, role, START + timedelta(minutes=number), text)


def test_the_last_customer_post_is_answered_even_when_the_brand_spoke_after_it():
    thread = Thread("t", "x", (post(1, "mo", "help"), post(2, "brand", "hi", Role.BRAND)))
    assert thread.target.text == "help"


def test_a_burst_of_one_customer_is_one_request():
    thread = Thread("t", "x", (post(1, "mo", "my tent"), post(2, "mo", "it leaks")))
    assert thread.request == "my tent\nit leaks"


def test_what_was_asked_before_the_brand_answered_is_not_asked_again():
    posts = (post(1, "mo", "old question"), post(2, "brand", "answer", Role.BRAND), post(3, "mo", "new question"))
    assert Thread("t", "x", posts).request == "new question"


def test_other_peoples_words_are_not_the_customers():
    thread = Thread("t", "x", (post(1, "ann", "mine broke"), post(2, "mo", "mine too")))
    assert [each.text for each in thread.spoken] == ["mine too"]


def test_a_thread_in_which_no_customer_speaks_is_refused():
    with pytest.raises(NothingToAnswer, match="thread t"):
        Thread("t", "x", (post(1, "brand", "hello", Role.BRAND),))


def test_a_brand_post_under_the_customers_handle_is_not_the_customers_word():
    posts = (post(1, "mo", "ours", Role.BRAND), post(2, "mo", "theirs"))
    assert [each.text for each in Thread("t", "x", posts).spoken] == ["theirs"]


@pytest.mark.parametrize(
    "joined", ["same here, basket just spins", "bei mir auch", "a mí también", "chez moi pareil", "mine too"]
)
def test_who_joins_in_means_what_was_said_before(joined: str) -> None:
    thread = Thread("t", "x", (post(1, "ann", "is your site down?"), post(2, "mo", joined)))
    assert thread.request == f"is your site down?\n{joined}"


def test_who_has_a_question_of_their_own_does_not_mean_what_others_asked() -> None:
    thread = Thread("t", "x", (post(1, "ann", "is your site down?"), post(2, "mo", "do you sell socks?")))
    assert thread.request == "do you sell socks?"


def test_who_says_the_same_here_does_not_mean_what_others_said_in_private():
    other = replace(post(1, "other", "my sleeping bag has a hole"), private=True)
    assert Thread("t", "x", (other, post(2, "mo", "me too, same here"))).request == "me too, same here"


def test_everybody_has_read_the_public_posts_alone():
    private, public = replace(post(1, "mo", "I am ann@example.com"), private=True), post(2, "mo", "any news?")
    assert Thread("t", "x", (private, public)).in_public.posts == (public,)
    asked_in_private = Thread("t", "x", (public, replace(private, id="3")))
    assert asked_in_private.in_public is asked_in_private
