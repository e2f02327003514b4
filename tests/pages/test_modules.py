"""Modules are joined so that a browser loads one file and runs the same."""

import pytest

from server.pages.modules import CannotJoin, join

API = 'const PREFIX = "/api";\nexport const find = (name) => PREFIX + name;\nexport async function call() {}\n'
KEYS = 'import { find } from "./api.js";\nexport function* bound() { yield find; }\n'
PAGE = """import "./keys.js";
import {
  call as ask,
  find,
} from "./api.js";
const PREFIX = 1;
ask(find(PREFIX));
"""
JOINED = """// api.js
const of_api = (() => {
const PREFIX = "/api";
const find = (name) => PREFIX + name;
async function call() {}
return { find, call };
})();

// keys.js
const of_keys = (() => {
const { find } = of_api;
function* bound() { yield find; }
return { bound };
})();

// page.js
const of_page = (() => {

const {
  call: ask,
  find,
} = of_api;
const PREFIX = 1;
ask(find(PREFIX));
})();
"""


def test_each_module_runs_once_after_those_that_it_imports_in_a_scope_of_its_own():
    assert join("page.js", {"page.js": PAGE, "keys.js": KEYS, "api.js": API, "other.js": "nothing"}) == JOINED


@pytest.mark.parametrize(
    "line",
    [
        'import all from "./api.js";',
        'import * as all from "./api.js";',
        'import { find } from "https://elsewhere.example/api.js";',
        'const later = await import("./api.js");',
        "export default find;",
        "export let counted = 0;",
        "export { find };",
        'export * from "./api.js";',
    ],
)
def test_what_cannot_be_joined_is_told_and_not_sent(line: str):
    with pytest.raises(CannotJoin, match=r"page\.js says"):
        join("page.js", {"page.js": f"const here = 1;\n{line}\n", "api.js": API})


def test_modules_that_import_each_other_or_what_is_not_there_are_told():
    both = {"one.js": 'import "./two.js";\n', "two.js": 'import "./one.js";\n', "three.js": 'import "./four.js";\n'}
    with pytest.raises(CannotJoin, match=r"one\.js imports two\.js imports one\.js"):
        join("one.js", both)
    with pytest.raises(CannotJoin, match=r"four\.js"):
        join("three.js", both)
