"""Which lines are meant, and what cannot be meant."""

import pytest

from server.actions.kinds import ActionKind
from tests.unit.server.actions.shops import breaks, done, line, order, shop
from tools.records import Return

K = ActionKind
TWINS = (line("L1", "shirt-s"), line("L2", "shirt-s"), line("L3", "lamp-red"))
PAIR = (line("L1", "shirt-s", 2), line("L2", "lamp-red"))
SIZES = (line("L1", "shirt-s"), line("L2", "shirt-m"))


def _meant(lines, named, **more):
    effect = done(K.RETURN_ITEMS, shop(order("delivered", lines, **more)), lines=named)
    assert effect.order is not None
    return effect.order.returns[-1].lines


@pytest.mark.parametrize(
    ("lines", "named", "meant"),
    [
        (TWINS, ["L2"], ("L2",)),
        (TWINS, ["L2", "L1"], ("L2", "L1")),
        (TWINS, ["shirt-s"], ("L1",)),
        (TWINS, ["shirt-s", "lamp-red", "shirt-s"], ("L1", "L3", "L2")),
        (TWINS, ["L1", "shirt-s"], ("L1", "L2")),
        (TWINS, ["shirt", "shirt"], ("L1", "L2")),
        (TWINS, ["lamp"], ("L3",)),
        (PAIR, ["L1"], ("L1",)),
        (PAIR, ["shirt-s"], ("L1",)),
        (PAIR, ["shirt-s", "shirt-s"], ("L1",)),
    ],
)
def test_a_line_is_meant_by_its_id_or_by_what_it_holds(lines, named, meant):
    assert _meant(lines, named) == meant


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (TWINS, ["L9"]),
        (TWINS, ["shirt-m"]),
        (TWINS, ["L1", "L1"]),
        (TWINS, ["shirt-s", "shirt-s", "shirt-s"]),
        (TWINS, ["L3", "lamp-red"]),
        (TWINS, ["L3", "lamp"]),
        ((line("L1", "shirt-s", 3),), ["shirt-s", "shirt-s"]),
        (SIZES, ["shirt"]),
        (TWINS, ["shirt-s", "shirt"]),
    ],
)
@pytest.mark.parametrize("kind", [K.RETURN_ITEMS, K.REPLACE_ITEMS])
def test_what_is_not_in_the_order_or_not_so_often_is_refused(kind, lines, named):
    assert breaks(kind, shop(order("delivered", lines)), lines=named) == ["lines"]


def test_of_two_lines_that_hold_the_same_the_one_that_is_still_here_is_meant():
    back = (Return("R1", "return", ("L1",)),)
    lines = (line("L1", "lamp-red"), line("L2", "lamp-red"))
    assert breaks(K.RETURN_ITEMS, shop(order("delivered", lines, returns=back)), lines=["lamp-red"]) == []
    assert _meant(lines, ["lamp-red"], returns=back) == ("L2",)


@pytest.mark.parametrize("kind", [K.RETURN_ITEMS, K.EXCHANGE_ITEMS])
@pytest.mark.parametrize("noted", ["return", "exchange"])
def test_a_line_that_is_on_its_way_back_does_not_go_back_again(kind, noted):
    new = {"new_skus": ["shirt-m"], "method": "card"} if kind == K.EXCHANGE_ITEMS else {}
    at = order("delivered", returns=(Return("R1", noted, ("L1",)),))
    assert breaks(kind, shop(at), lines=["L1"], **new).count("lines") == 1
    repaired = order("delivered", returns=(Return("R1", "repair", ("L1",)),))
    assert breaks(kind, shop(repaired), lines=["L1"], **new) == []
