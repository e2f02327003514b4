"""The part of a vector that only tells which thing a text names is left out of what is compared."""

import numpy as np

from assistant.things import directions_of_things, thing_texts, without_things

TENT, LAMP, LATE, BROKEN, *_ = np.eye(64)


def test_what_only_things_differ_by_is_gone_and_nothing_else() -> None:
    named = np.stack([(TENT, LAMP, 0 * TENT)[number % 3] for number, _ in enumerate(thing_texts())])

    plain = without_things(np.stack([TENT + LATE, LAMP + LATE, TENT + BROKEN]), directions_of_things(named))

    assert np.allclose(plain, [LATE, LATE, BROKEN], atol=1e-9)
