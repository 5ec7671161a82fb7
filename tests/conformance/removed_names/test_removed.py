"""Every name on the list of dropped names is really gone, what it became is really there, and a program that asks for it
ends with the exception that Foreshape says."""

from __future__ import annotations

import warnings

import pytest

from foreshape.dev import removed
from foreshape.interpret.analyze import analyze_file
from foreshape.semantics.dropped import library_of
from foreshape.source.files import SourceFile
from foreshape.source.imports import ImportResolver
from foreshape.source.syntax import parse
from foreshape.source.targets import Targets

ELSEWHERE = ("scikeras", "pandas_datareader", "joblib", "six")
"""Packages that a name has moved to and that the tests do not install."""


def rows() -> list[tuple[str, str, str]]:
    lines = removed.TARGET.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split()) for line in lines if not line.startswith("#")]  # type: ignore[misc]


@pytest.fixture(scope="module", autouse=True)
def frameworks() -> None:
    """Imported once, before a thousand lines are run beside them."""
    warnings.simplefilter("ignore")
    pytest.importorskip("tensorflow")
    pytest.importorskip("keras")
    pytest.importorskip("tf_keras")
    pytest.importorskip("torch")


def test_the_list_is_what_the_installed_libraries_say() -> None:
    assert removed.TARGET.read_text(encoding="utf-8") == removed.text()


def test_what_a_name_became_is_there() -> None:
    lost = [
        (name, now)
        for name, _, now in rows()
        if "." in now and now.partition(".")[0] not in ELSEWHERE and not removed.resolves(now)
    ]
    assert not lost


def test_what_keras_2_dropped_is_gone_from_tf_keras() -> None:
    wrong = [
        name
        for name, since, _ in rows()
        if name.startswith("keras.") and since.startswith("2.") and removed.resolves("tf_" + name)
    ]
    assert not wrong


def raised(code: str) -> str:
    """The class of what a program really raises, "" for nothing."""
    try:
        exec(compile(code, "program", "exec"), {"__name__": "__main__"})
    except Exception as error:
        return type(error).__name__
    return ""


def said(code: str) -> str:
    """The class of the first error that is reported, "" for none."""
    source = SourceFile("program.py", code, parse(code))  # type: ignore[arg-type]
    found = analyze_file(source, Targets(), ImportResolver("program.py")).findings
    first = next((each for each in found if each.severity == "error" and not each.caught), None)
    return "" if first is None or first.fault.raises is None else first.fault.raises.exception


def programs() -> list[str]:
    """Each name imported and looked up."""
    found = []
    for name, since, _ in rows():
        holder, _, last = name.rpartition(".")
        if holder.rpartition(".")[2] in ("Model", "Sequential", "Metric", "Optimizer"):
            continue  # methods: the programs of the verdict suite ask for them
        if since.startswith(removed.LOOKED_UP):
            found.append(f"import {name} as library\n")
            continue
        found.append(f"from {holder} import {last}\n")
        root = "tensorflow.keras" if name.startswith("tensorflow.keras") else name.partition(".")[0]
        if library_of(name) in ("tensorflow", "keras") and removed.resolves(holder):
            found.append(f"import {root} as library\nlibrary.{name.removeprefix(root + '.')}\n")
    return found


def test_programs_end_with_the_exception_that_is_told() -> None:
    differ = [(code, real, told) for code in programs() if (real := raised(code)) != (told := said(code))]
    assert not differ, f"{len(differ)} of {len(programs())}: {differ[:20]}"
