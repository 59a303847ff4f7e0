"""Names and sentences full of markup are shown as they are, and do nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from functions.page.files import FOLDER
from tests.app.page import more_documents
from tests.app.page.site import Site
from tests.app.page.test_accessibility import VIEWS
from tests.app.page.visitor import Visitor

ATTACK = "<img src=x onerror=window.hit=1><script>window.hit=1</script><a href='javascript:window.hit=1'>x</a>"
MAPS = ("policies", "regions", "memberStates")
"""Objects whose keys are names."""
MARKUP_IN_SCRIPTS = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "srcdoc")


def attacked(content: object, name: str = "") -> object:
    """The content with the attack in each text that is no moment, code or resource id, and as each key of a map."""
    if isinstance(content, dict):
        attack = ATTACK if name in MAPS else ""
        return {f"{key}{attack}": attacked(value, key) for key, value in content.items()}
    if isinstance(content, list):
        return [attacked(value, name) for value in content]
    is_moment = isinstance(content, str) and content[:4].isdecimal() and content.endswith("Z")
    if not isinstance(content, str) or is_moment or name.lower().endswith(("id", "link")) or name == "kind":
        return content
    return f"{content}{ATTACK}"


@pytest.mark.parametrize("name", VIEWS)
def test_markup_in_every_text_is_shown_and_not_read(site: Site, visitor: Visitor, name: str) -> None:
    for address, answer in list(site.answers.items()):
        site.has(address, attacked(json.loads(json.dumps(answer.content))))
    visitor.open(site, VIEWS[name])

    main = visitor.page.locator("main")
    assert ATTACK in main.inner_text()
    assert main.locator("img, script, a[href^='javascript']").count() == 0
    assert visitor.page.evaluate("window.hit") is None


@pytest.mark.parametrize("script", sorted(FOLDER.glob("*.js")), ids=lambda path: path.name)
def test_no_script_makes_markup_or_code_of_a_text(script: Path) -> None:
    assert [word for word in MARKUP_IN_SCRIPTS if word in script.read_text()] == []


def test_markup_in_what_a_search_finds_is_shown_and_not_read(site: Site, visitor: Visitor) -> None:
    site.has("GET /api/members", attacked(json.loads(json.dumps(more_documents.found_members()))))
    visitor.open(site)
    visitor.page.get_by_role("searchbox").fill("shop")
    found = visitor.page.get_by_role("table", name="Clusters with shop in their name")
    found.wait_for()

    assert ATTACK in found.inner_text()
    assert found.locator("img, script, a[href^='javascript']").count() == 0
    assert visitor.page.evaluate("window.hit") is None


def test_the_page_has_nothing_inline_and_every_script_is_used() -> None:
    page = (FOLDER / "index.html").read_text()

    assert "style=" not in page
    assert " on" not in page.replace(" only", "").partition("<body>")[2]
    scripts = {script.name: script.read_text() for script in FOLDER.glob("*.js")}
    used = {name for name in scripts if any(f'"./{name}"' in text for text in scripts.values())}
    assert used | {"app.js"} == set(scripts)
    assert '<script type="module" src="/api/status/app.js">' in page
