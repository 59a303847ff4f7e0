"""Which apps are served, and which are refused with what reason."""

import sys
from pathlib import Path

import pytest

from tools.host.app_loader import FunctionDefinition, load_functions
from tools.host.errors import StartUpError

APP = "import azure.functions as func\n\napp = func.FunctionApp()\n\n\n"
TIMER = f'{APP}@app.timer_trigger(arg_name="t", schedule="0 0 * * * *")\n'
OUTPUT = '@app.queue_output(arg_name="q", queue_name="q", connection="c")\n'
F = "def f(t: func.TimerRequest) -> None: ...\n"
RETRY = '@app.retry(strategy="fixed_delay", max_retry_count="1", delay_interval="10")\n'


def load(directory: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> list[FunctionDefinition]:
    """Load an app under a new module name, and unload it afterwards."""
    name = f"app_{abs(hash(directory))}"
    (directory / f"{name}.py").write_text(code)
    monkeypatch.setenv("PYTHON_SCRIPT_FILE_NAME", f"{name}.py")
    monkeypatch.setattr(sys, "path", [*sys.path])
    try:
        return load_functions(directory)
    finally:
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import nowhere\n", "cannot be imported: ModuleNotFoundError: No module named 'nowhere'"),
        ("import azure.functions as func\n", "needs exactly one FunctionApp at its top level, has 0"),
        (f"{APP}other = func.FunctionApp()\n", "needs exactly one FunctionApp at its top level, has 2"),
        (f"{APP}same = app\n", "needs exactly one FunctionApp at its top level, has 2"),
        (
            f'{APP}@app.blob_trigger(arg_name="m", path="p", connection="c")\ndef f(m: str) -> None: ...\n',
            "function 'f': this host cannot serve blobTrigger",
        ),
        (
            f"{TIMER}{OUTPUT}def f(t: func.TimerRequest, q: func.Out[str]) -> None: ...\n",
            "function 'f': this host cannot serve its queue binding 'q'",
        ),
        (f"{TIMER}def f(other: str) -> None: ...\n", "its trigger is bound to 't', which is no parameter of it"),
        (
            f"{TIMER}def f(t: func.TimerRequest, other: str) -> None: ...\n",
            "function 'f': parameters without a binding: other",
        ),
        (f"{TIMER}def f(t: func.EventGridEvent) -> None: ...\n", "function 'f': a timerTrigger cannot be passed as"),
        (f"{TIMER}def f(t: 'Nothing') -> None: ...\n", "function 'f': its annotations cannot be evaluated"),
        (f"{TIMER}def f(t: func.TimerRequest, context: func.Context) -> None: ...\n", "without a binding: context"),
        (f"{TIMER}def f(t: str) -> None: ...\n", "function 'f': a timerTrigger cannot be passed as <class 'str'>"),
        (f"{TIMER}{RETRY}def f(t: func.TimerRequest) -> None: ...\n", "function 'f': this host serves no retry policy"),
        (
            f"{TIMER.rstrip().removesuffix(')')}, run_on_startup=True)\ndef f(t: func.TimerRequest) -> None: ...\n",
            "function 'f': this host does not serve runOnStartup",
        ),
        (
            f"{TIMER}{F}\n\n{TIMER.removeprefix(APP)}{F}",
            "Function f does not have a unique function name",
        ),
    ],
)
def test_an_app_that_cannot_be_served_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, reason: str
) -> None:
    with pytest.raises(StartUpError) as refusal:
        load(tmp_path, monkeypatch, code)
    assert reason in str(refusal.value)


def test_a_directory_without_an_app_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartUpError, match=r"there is no .*function_app\.py"):
        load_functions(tmp_path)


def test_functions_of_blueprints_are_found_and_the_blueprint_itself_is_no_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        f"{APP}part = func.Blueprint()\n\n\n"
        '@part.timer_trigger(arg_name="t", schedule="0 0 * * * *")\ndef f(t: func.TimerRequest) -> None: ...\n\n\n'
        "app.register_functions(part)\n"
    )
    found = load(tmp_path, monkeypatch, code)
    assert [(one.name, one.trigger_type, one.parameter) for one in found] == [("f", "timerTrigger", "t")]


def test_a_setting_between_percent_signs_is_resolved_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_SECONDS", "15")
    code = f'{APP}@app.timer_trigger(arg_name="t", schedule="%SAMPLE_SECONDS% 0 * * * *")\n{F}'
    (function,) = load(tmp_path, monkeypatch, code)
    assert function.trigger["schedule"] == "15 0 * * * *"
    assert function.bindings[0]["schedule"] == "%SAMPLE_SECONDS% 0 * * * *"
