"""Every model of ``keras.applications``: its output shape and name as Keras builds it, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from foreshape.domain.values import Const, Scope, Sequence, as_int, is_none
from foreshape.interpret.analyze import Interpreter
from foreshape.source.files import source_from_text
from foreshape.source.targets import Targets, parse_targets
from tests.conformance.keras_models.record_applications import REFUSED, TRUTH, TRUTH_2

with open(TRUTH, encoding="utf-8") as _file:
    MODELS: dict[str, dict[str, Any]] = json.load(_file)
with open(TRUTH_2, encoding="utf-8") as _file:
    ONLY_2: dict[str, dict[str, Any]] = json.load(_file)


def run(lines: list[str], keras: str = "3") -> tuple[Scope, dict[int, Any]]:
    """The names, and the first fault of each line."""
    targets = Targets(parse_targets([f"keras={keras}"]))
    interpreter, scope = Interpreter(targets), Scope("module", "models.py")
    text = "\n".join(["import keras", *lines]) + "\n"
    interpreter.run_module(source_from_text("models.py", text), scope, "__main__")
    raised: dict[int, Any] = {}
    for finding in interpreter.findings:
        raised.setdefault(finding.span.line, finding.fault)
    return scope, raised


@pytest.mark.parametrize("name", sorted(MODELS))
def test_model(name: str) -> None:
    hold(name, MODELS[name], "3")


@pytest.mark.parametrize("name", sorted(ONLY_2))
def test_model_of_keras_2(name: str) -> None:
    hold(name, ONLY_2[name], "2")


def hold(name: str, calls: dict[str, Any], keras: str) -> None:
    """Output shape and name of a model, for each way of asking for it."""
    for asked, real in calls.items():
        scope, raised = run(
            [f"m = keras.applications.{name}(weights=None, {asked})", "shape = m.output_shape", "name = m.name"], keras
        )
        if real[0] == "raises":
            assert raised[2].raises.exception == real[1], asked
            continue
        assert not raised, asked
        shape, called = scope.fields["shape"], scope.fields["name"]
        assert isinstance(shape, Sequence)
        assert [None if is_none(item) else as_int(item) for item in shape.contents.items() or ()] == real[0], asked
        assert isinstance(called, Const)
        assert called.value == real[1], asked


@pytest.mark.parametrize("call", REFUSED)
def test_refused(call: str) -> None:
    _, raised = run([f"m = keras.applications.{call}"])
    assert raised[2].raises.exception == "ValueError"
