from server.insights.definitions import DEFINITIONS, FigureName
from server.insights.docs import FILE, with_figures


def test_the_document_says_what_the_definitions_say():
    told = FILE.read_text(encoding="utf-8")
    assert told == with_figures(told), "run `python -m server.insights.docs`"


def test_every_figure_is_defined_once_with_its_source_and_its_limits():
    assert set(DEFINITIONS) == set(FigureName)
    assert all(one.words and one.source and one.limits for one in DEFINITIONS.values())
