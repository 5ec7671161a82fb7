"""Programs are run for real and analysed; every final variable is compared."""

from __future__ import annotations

import contextlib
import io
import traceback
from typing import Any

from foreshape.domain.contents import Run, substitute_value
from foreshape.domain.dim import Dim, as_var, var
from foreshape.domain.values import (
    Choice,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    IteratorValue,
    RangeValue,
    Scope,
    Sequence,
    Typed,
    Unknown,
    Value,
)
from foreshape.interpret.analyze import Interpreter
from foreshape.interpret.flow import Exit, Raised
from foreshape.source.files import source_from_text
from foreshape.source.targets import Targets

PATH = "program.py"


class Outcome:
    """The variables of the module and what was reported."""

    def __init__(self, source: str, given: dict[str, Value] | None = None) -> None:
        read = source_from_text(PATH, source)
        self.interpreter = Interpreter(Targets())
        self.scope = Scope("module", PATH)
        self.scope.fields.update(given or {})
        with contextlib.suppress(Raised, Exit):
            self.interpreter.run_module(read, self.scope, "__main__")
        self.findings = self.interpreter.findings

    def __getitem__(self, name: str) -> Value:
        found: Value = self.scope.fields[name]
        return found

    @property
    def names(self) -> list[str]:
        return [name for name in self.scope.fields if isinstance(name, str) and not name.startswith(("~", "__"))]


class Real:
    """What Python does: variables, or the exception with its line."""

    def __init__(self, source: str, given: dict[str, Any] | None = None) -> None:
        self.scope: dict[str, Any] = {"__name__": "__main__", **(given or {})}
        self.error: BaseException | None = None
        self.line: int | None = None
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                exec(compile(source, PATH, "exec"), self.scope)
            except (Exception, SystemExit) as error:
                self.error = error
                frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == PATH]
                self.line = frames[-1].lineno


def compare(value: Value, real: Any) -> str:
    """ "same", "type" (the type is right, the value open), "unknown" or "wrong: ..."."""
    if isinstance(value, Unknown):
        return "unknown"
    if isinstance(value, Choice):
        found = [compare(option, real) for option in value.values]
        return "same" if "same" in found else "type" if any(not f.startswith("wrong") for f in found) else found[0]
    if isinstance(value, Const):
        same = type(value.value) is type(real) and (value.value == real or value.value != value.value)
        return "same" if same else f"wrong: {value!r} for {real!r}"
    if isinstance(value, Int):
        return _compare_int(value, real)
    if isinstance(value, Typed):
        return _compare_typed(value, real)
    if isinstance(value, RangeValue):
        if not isinstance(real, range):
            return f"wrong: range for {real!r}"
        ends = (value.start, value.stop, value.step)
        if any(isinstance(end, Dim) for end in ends):
            return "type"
        return "same" if range(*ends) == real else f"wrong: range{ends} for {real!r}"  # type: ignore[arg-type]
    if isinstance(value, Sequence):
        return _compare_sequence(value, real)
    if isinstance(value, DictValue):
        return _compare_dict(value, real)
    if isinstance(value, IteratorValue):
        return "type" if hasattr(real, "__next__") else f"wrong: iterator for {real!r}"
    if isinstance(value, (Function, ClassValue)):
        return "same" if callable(real) else f"wrong: {value!r} for {real!r}"
    if isinstance(value, Instance):
        expected = value.cls.name.rpartition(".")[2]
        names = [base.__name__ for base in type(real).__mro__]
        return "type" if expected in names else f"wrong: {value!r} for {real!r}"
    return "type"


def _compare_int(value: Int, real: Any) -> str:
    from foreshape.domain.dim import lower, upper

    if isinstance(real, bool) or not isinstance(real, int):
        return f"wrong: {value!r} for {real!r}"
    low, high = lower(value.dim), upper(value.dim)
    if (low is not None and real < low) or (high is not None and real > high):
        return f"wrong: {value!r} in [{low}, {high}] for {real!r}"
    return "type"


def _compare_typed(value: Typed, real: Any) -> str:
    if type(real).__name__ != value.kind:
        return f"wrong: {value!r} for {real!r}"
    for bound, outside in ((value.lo, lambda b: real < b), (value.hi, lambda b: real > b)):
        if isinstance(bound, (int, float)) and outside(bound):
            return f"wrong: {value!r} [{value.lo}, {value.hi}] for {real!r}"
    return "type"


LIST_LIKE = {"dict_keys", "dict_values", "dict_items"}


def _compare_sequence(value: Sequence, real: Any) -> str:
    if type(real).__name__ != value.kind and not (value.kind == "range" and isinstance(real, range)):
        return f"wrong: {value!r} for {real!r}"
    length = value.contents.length
    if isinstance(length, int) and length != len(real):
        return f"wrong: length {length} for {real!r}"
    if isinstance(length, Dim):
        found = _compare_int(Int(length), len(real))
        if found.startswith("wrong"):
            return found
    items = value.contents.items()
    if items is None:
        results = [_compare_run(segment, real) for segment in value.contents.segments]
        return next((r for r in results if r.startswith("wrong")), "type")
    if value.kind in ("set", "frozenset"):
        results = ["same" if _in_set(item, real) else f"wrong: {item!r} not in {real!r}" for item in items]
    else:
        results = [compare(item, part) for item, part in zip(items, real)]
    return worst(results)


def _in_set(item: Value, real: Any) -> bool:
    return not isinstance(item, Const) or item.value in real


def _compare_run(segment: Any, real: Any) -> str:
    element = segment.element if isinstance(segment, Run) else segment
    if isinstance(segment, Run) and segment.index is not None:
        return "type"
    if isinstance(element, (Typed, Unknown)):
        results = [compare(element, part) for part in real] if isinstance(segment, Run) else []
        if results and all(result.startswith("wrong") for result in results):
            return results[0]
    return "type"


def _compare_dict(value: DictValue, real: Any) -> str:
    if not isinstance(real, dict) and type(real).__name__ not in ("ChainMap", "mappingproxy", "_Environ"):
        return f"wrong: {value!r} for {real!r}"
    if type(real).__name__ != value.kind:
        return f"wrong: {value.kind} for {type(real).__name__}"
    results = []
    for key, entry in value.entries.items():
        if isinstance(key, (Dim, Value)) or (isinstance(key, tuple) and any(isinstance(k, (Dim, Value)) for k in key)):
            continue
        results.append(compare(entry, real[key]) if key in real else f"wrong: key {key!r} not in {real!r}")
    if value.rest is None:
        plain = not any(isinstance(key, (Dim, Value)) for key in value.entries)
        if plain and set(value.entries) != set(real):
            return f"wrong: keys {list(value.entries)} for {real!r}"
        if plain and list(value.entries) != list(real):
            return f"wrong: order {list(value.entries)} for {list(real)}"
        return worst(results)
    size = value.fields.get("size")
    if isinstance(size, int) and size != len(real):
        return f"wrong: size {size} for {real!r}"
    return next((r for r in results if r.startswith("wrong")), "type")


def worst(results: list[str]) -> str:
    """What the parts say together."""
    for result in results:
        if result.startswith("wrong"):
            return result
    if all(result == "same" for result in results):
        return "same"
    return "unknown" if results and all(result == "unknown" for result in results) else "type"


def check_against_python(source: str) -> dict[str, str]:
    """Run and analyse a program; nothing may be wrong. Returns what each variable came out as."""
    real, ours = Real(source), Outcome(source)
    reported = [finding for finding in ours.findings if finding.severity == "error" and not finding.caught]
    if real.error is None:
        assert not reported, [(f.fault.raises.exception, f.fault.raises.message, f.span) for f in reported]
    else:
        assert reported, f"nothing reported for {real.error!r}"
        first = reported[0]
        assert first.fault.raises is not None
        assert first.fault.raises.exception == type(real.error).__name__, (first.fault.raises.message, real.error)
        assert first.stack[-1][1] == real.line, (first.stack, real.line)
        assert first.fault.raises.message == str(real.error)
        return {}
    results: dict[str, str] = {}
    for name in ours.names:
        if name in real.scope:
            found = real.scope[name]
            if type(found).__name__ == "module" or isinstance(found, type) or callable(found):
                continue
            results[name] = compare(ours[name], found)
    wrong = {name: result for name, result in results.items() if result.startswith("wrong")}
    assert not wrong, wrong
    return results


def check_symbolic(source: str, **sizes: int) -> dict[str, str]:
    """Analyse a program once with symbolic sizes, then put numbers in: it must be what really comes out.

    Returns what each variable came out as after the numbers were put in.
    """
    variables = {name: var(name, 1) for name in sizes}
    ours = Outcome(source, {name: Int(dim) for name, dim in variables.items()})
    real = Real(source, dict(sizes))
    assert real.error is None, real.error
    reported = [finding for finding in ours.findings if finding.severity == "error" and not finding.caught]
    assert not reported, [(f.fault.raises.exception, f.fault.raises.message, f.span) for f in reported]
    facts = ours.interpreter.facts
    mapping = {as_var(dim): sizes[name] for name, dim in variables.items()}
    results: dict[str, str] = {}
    for name in ours.names:
        if name in sizes or callable(real.scope[name]) or type(real.scope[name]).__name__ == "module":
            continue
        value = substitute_value(ours[name], {**facts.substitutions, **mapping})
        results[name] = compare(substitute_value(value, mapping), real.scope[name])
    wrong = {name: (result, ours[name]) for name, result in results.items() if result.startswith("wrong")}
    assert not wrong, wrong
    return results
