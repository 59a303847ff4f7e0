"""The status page opens with the key set, where a person can see it; the key is on no command line."""

from __future__ import annotations

import stat
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from tools.cli import cli
from tools.up import browser, command
from tools.up.browser import is_seen, open_page
from tools.up.options import UpOptions

ADDRESS = "http://127.0.0.1:7071/api/status#key=the-secret&=="


class ABrowser(webbrowser.BackgroundBrowser):
    """One that only remembers."""

    def __init__(self) -> None:
        super().__init__("a-browser")
        self.opened: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened.append(url)
        return True


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> ABrowser:
    """A person at a desktop's terminal, and the browser."""
    found = ABrowser()
    monkeypatch.setattr(browser, "is_seen", lambda: True)
    monkeypatch.setattr(webbrowser, "get", lambda: found)
    return found


def test_the_browser_gets_a_private_file_that_leads_to_the_page_with_the_key(person: ABrowser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"

    assert open_page(ADDRESS, file)
    assert person.opened == [file.as_uri()]
    assert "the-secret" not in person.opened[0]
    assert 'url=http://127.0.0.1:7071/api/status#key=the-secret&amp;=="' in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("environment", "platform", "is_terminal", "seen"),
    [
        ({"DISPLAY": ":0"}, "linux", True, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True, True),
        ({}, "linux", True, False),
        ({"DISPLAY": ""}, "linux", True, False),
        ({}, "darwin", True, True),
        ({}, "win32", True, True),
        ({"DISPLAY": ":0"}, "linux", False, False),
        ({}, "darwin", False, False),
    ],
)
def test_it_is_seen_with_a_display_and_a_terminal(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], platform: str, is_terminal: bool, seen: bool
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)

    assert is_seen(environment, platform) is seen


def test_where_no_one_sees_it_nothing_is_opened_and_no_file_written(
    person: ABrowser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(browser, "is_seen", lambda: False)

    assert not open_page(ADDRESS, tmp_path / "page.html")
    assert (person.opened, list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize("found", [webbrowser.GenericBrowser("lynx"), None])
def test_a_browser_of_text_would_take_over_the_terminal_so_none_is_opened(
    person: ABrowser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: webbrowser.BaseBrowser | None
) -> None:
    def get() -> webbrowser.BaseBrowser:
        if found is None:
            raise webbrowser.Error("could not locate runnable browser")
        return found

    monkeypatch.setattr(webbrowser, "get", get)

    assert not open_page(ADDRESS, tmp_path / "page.html")


@pytest.mark.parametrize(("arguments", "wanted"), [((), True), (("--no-browser",), False)])
def test_no_browser_is_an_option(monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str], wanted: bool) -> None:
    asked: list[UpOptions] = []
    monkeypatch.setattr(command, "run_up", asked.append)

    assert CliRunner().invoke(cli, ["up", *arguments]).exit_code == 0
    assert [options.browser for options in asked] == [wanted]
