"""What pages are made of: each is given one typed, unchangeable context, and its template names nothing else."""

from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from jinja2 import Environment, Template, nodes

from server.pages.rendering import _TEMPLATES
from server.staff.roles import Role
from tests.integration.api.page_routes import PAGES
from tests.integration.api.records import BRANDS
from tests.integration.api.route import address
from tests.integration.api.world import World, person

_PARSER = Environment(autoescape=True)
_SHOWN = [name for name, route in PAGES.items() if name.startswith("GET") and route.answers == 200]


@pytest.mark.parametrize(
    "name", [name for name, route in PAGES.items() if name.startswith("GET") and route.answers == 200]
)
async def test_a_page_is_made_of_its_context_alone(world: World, monkeypatch: pytest.MonkeyPatch, name: str):
    shown: list[tuple[str, Any]] = []
    render = Template.render

    def watched(template: Template, names: dict[str, Any], page: Any) -> str:
        shown.append((str(template.name), page))
        assert set(names) == {"frame", "t", "codes", "f"}
        return render(template, names, page=page)

    monkeypatch.setattr(Template, "render", watched)
    method, path = address(name, PAGES[name].request(BRANDS[0]))
    answer = await world.ask(person(Role.ADMIN), method, path)
    assert answer.status_code == 200
    for template, page in shown:
        assert is_dataclass(page), template
        assert type(page).__dataclass_params__.frozen, template
        known = {field.name for field in fields(page)} | set(dir(type(page)))
        assert named_in(template) <= known, f"{template} names what {type(page).__name__} does not hold"
    assert shown or not answer.headers["content-type"].startswith("text/html")


def named_in(template: str) -> set[str]:
    """What a template, and what it extends, reads from its context."""
    parsed = _PARSER.parse((_TEMPLATES / template).read_text(encoding="utf-8"))
    read = {
        one.attr
        for one in parsed.find_all(nodes.Getattr)
        if isinstance(one.node, nodes.Name) and one.node.name == "page"
    }
    above = (one.template for one in parsed.find_all(nodes.Extends))
    return read.union(*(named_in(one.value) for one in above if isinstance(one, nodes.Const)))
