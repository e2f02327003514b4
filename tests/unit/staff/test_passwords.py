import pytest
from argon2 import PasswordHasher, extract_parameters

from server.staff import passwords
from server.staff.passwords import PasswordTooWeak, check_good_enough, hash_password, is_outdated, is_right

GOOD = "four words nobody guesses"


async def test_a_password_is_right_and_another_is_not():
    stored = await hash_password(GOOD)
    assert await is_right(GOOD, stored)
    assert not await is_right(GOOD + ".", stored)
    assert not is_outdated(stored)


async def test_it_is_kept_as_argon2id_with_more_than_the_least_that_is_advised():
    parameters = extract_parameters(await hash_password(GOOD))
    assert parameters.type.name == "ID"
    assert parameters.memory_cost >= 46 * 1024
    assert parameters.time_cost >= 1
    assert await hash_password(GOOD) != await hash_password(GOOD)


async def test_nothing_is_nobodys_password_and_it_is_compared_with_the_same_effort():
    assert not await is_right(GOOD, None)
    assert not await is_right("", None)
    assert extract_parameters(passwords._NOBODYS) == extract_parameters(await hash_password(GOOD))


async def test_a_hash_of_weaker_times_is_told():
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(GOOD))


async def test_the_same_letters_from_another_keyboard_are_the_same_password():
    assert await is_right("cafe\u0301 au lait, encore", await hash_password("caf\u00e9 au lait, encore"))


@pytest.mark.parametrize("weak", ["", "elevenchars", "abababababababab", "Nan@Fernhollow.example", "x" * 300])
def test_what_is_guessed_early_is_refused(weak: str):
    assert not is_good_enough(weak)


def is_good_enough(password: str) -> bool:
    try:
        check_good_enough(password, email="nan@fernhollow.example")
    except PasswordTooWeak:
        return False
    return True


def test_words_with_spaces_are_good():
    assert is_good_enough(GOOD)
