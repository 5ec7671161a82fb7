"""From findings to reports."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from foreshape.domain.origin import Origin
from foreshape.explain.chain import Step, axes_of, left_axes, shape_of, telling
from foreshape.explain.frame import Frame
from foreshape.explain.places import Sources, names_in
from foreshape.explain.prose import plainly, prose_for
from foreshape.explain.report import ChainStep, Place, Raised, Report, StackEntry
from foreshape.explain.telling import Prose, Telling
from foreshape.explain.words import LONGEST_HEADLINE, library, listed, one_line

if TYPE_CHECKING:
    from foreshape.domain.values import Value
    from foreshape.interpret.findings import Finding
    from foreshape.source.files import SourceFile

WHEN: Final = {
    "Sequential": "when the model is built",
    "Model": "when the model is built",
    "add": "when the layer is added",
    "build": "when the model is built",
    "fit": "in fit",
    "evaluate": "in evaluate",
    "predict": "in predict",
    "train_on_batch": "in train_on_batch",
    "compile": "in compile",
}


def explain(findings: Iterable[Finding], read: Callable[[str], SourceFile]) -> list[Report]:
    """A report for every finding, in order; what has one cause becomes one report."""
    sources = Sources(read)
    return folded([explain_one(finding, sources) for finding in findings])


def explain_one(finding: Finding, sources: Sources) -> Report:
    """The report of one finding."""
    told = Telling(finding, sources)
    prose = _prose(told)
    report = Report(finding.fault.name, finding.severity, _place(finding, sources), headline(prose.headline))
    report.caught = finding.caught
    report.condition = _condition(finding)
    report.stack = _stack(finding, sources)
    raises = finding.fault.raises
    if raises is not None:
        report.raises = Raised(raises.exception, raises.message, raises.by)
        report.when = _when(told)
    report.why = prose.why
    if prose.cause is not None:
        report.cause = sources.node_place(prose.cause.path, prose.cause.node)
    if prose.group is not None:
        report.group = sources.node_place(prose.group.path, prose.group.node)
    subject = prose.subject if prose.subject is not None else told.value()
    steps = telling(told.steps(subject), prose.dtypes) if subject is not None else []
    report.chain = _chain(told, steps)
    report.notes = [*prose.also, *_numbers(told, prose, steps)]
    _frame(report, told, prose, steps)
    return report


def _prose(told: Telling) -> Prose:
    """What is said; where our own words fail, those of the framework: a report is never lost."""
    try:
        return prose_for(told.fault.name)(told)
    except Exception:
        if os.environ.get("FORESHAPE_TRACEBACK"):
            raise
        return plainly(told)


def headline(text: str) -> str:
    """One line of bounded length."""
    return one_line(text, LONGEST_HEADLINE)


def _place(finding: Finding, sources: Sources) -> Place:
    """Where the traceback points: the line of the innermost frame, from where the expression begins."""
    place = sources.place(finding.span)
    path, row = finding.stack[-1]
    if row != place.row and path == place.path:
        place.cell, place.line = sources.file(path).place(row)
        place.row = row
    return place


def _condition(finding: Finding) -> str | None:
    words = [str(condition) for condition in finding.conditions]
    if finding.fault.condition is not None:
        words.append(str(finding.fault.condition))
    return " and ".join(dict.fromkeys(words)) or None


def _stack(finding: Finding, sources: Sources) -> tuple[StackEntry, ...]:
    found = []
    for path, row in finding.stack:
        cell, line = sources.file(path).place(row)
        found.append(StackEntry(path, cell, line, sources.function_at(path, row)))
    return tuple(found)


def _when(told: Telling) -> str:
    node = told.sources.find(told.finding.span)
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    by = told.fault.raises.by if told.fault.raises is not None else ""
    return WHEN.get(name, "") if by.startswith("keras") or name == "fit" else ""


def _chain(told: Telling, steps: Sequence[Step]) -> tuple[ChainStep, ...]:
    found: list[ChainStep] = []
    before: Step | None = None
    for step in steps:
        shape = None if step.shape is None else tuple(told.sizes.axis(size) for size in step.shape)
        what = "" if before is None else left_axes(before, step)
        found.append(
            ChainStep(
                told.sources.head(step.origin.path, step.origin.node),
                _step_text(told, step),
                shape,
                step.dtype,
                axes_of(step.value, step.shape),
                what,
            )
        )
        before = step
    return tuple(found)


def _step_text(told: Telling, step: Step) -> str:
    text = told.sources.text(step.origin.path, step.origin.node)
    name = step.origin.name
    return f"{name} = {text}" if name is not None and name != text else text


# -- the frame --------------------------------------------------------------------------------------------------------


def _frame(report: Report, told: Telling, prose: Prose, steps: Sequence[Step]) -> None:
    frame = Frame(told.sources)
    keep = {(report.place.path, report.place.row)}
    named: tuple[str | None, ...] = ()
    rows = [shown.place.row for shown in report.chain]
    for step, shown in zip(steps, report.chain):
        line = frame.at(shown.place)
        if step.shape is not None:
            text = told.sizes.inside(step.shape, step.axes) or "a single number"
            two = bool(line.shape) and rows.count(shown.place.row) == 2 and len(line.shape) + len(text) < 36
            line.shape = f"{line.shape} -> {text}" if two else text
        words = shown.axes if any(shown.axes) and shown.axes != named else ()
        # beside two shapes there is no room for the names of axes
        line.remark = shown.what or ("" if " -> " in line.shape else _axis_remark(words))
        named = shown.axes if any(shown.axes) else named
    failing = frame.line(report.place.path, report.place.row)
    if prose.cause is not None:
        place = told.sources.head(prose.cause.path, prose.cause.node)
        frame.mark(place, "cause", prose.cause_label)
        if prose.cause_label and not any(axis and axis in frame.at(place).remark for axis in named):
            frame.at(place).remark = ""
        keep.add((place.path, place.row))
    for value in prose.beside:
        _beside(frame, told, value)
    for origin, label in prose.marks:
        frame.mark(told.sources.head(origin.path, origin.node), "note", label)
    fails = _failing_place(report, told, prose)
    if fails is not None:
        frame.mark(fails, "fails" if prose.cause is not None else "cause", prose.fails_label)
        failing = frame.at(fails)
    outer = told.sources.find(told.finding.span) if told.finding.within is not None else None
    if outer is not None:
        frame.mark(told.sources.head(told.finding.span.path, outer, called=True), "note", "")
    if prose.remark and not failing.remark:
        failing.remark = prose.remark
        if fails is not None and fails.row != report.place.row:
            failing.shape = failing.shape and ""
    paths = tuple(dict.fromkeys([step.place.path for step in report.chain if step.place.path != report.path]))
    report.frame = frame.done(paths, keep)


def _beside(frame: Frame, told: Telling, value: Value | None) -> None:
    """The shape of a value beside the line that makes it, unless something stands there."""
    origin = None if value is None else value.origin
    if value is None or origin is None or origin.node is told.node:
        return
    if told.node is not None and any(each is origin.node for each in ast.walk(told.node)):
        return
    shape, _ = shape_of(value)
    line = frame.at(told.sources.head(origin.path, origin.node))
    if shape is None or (line.shape and told.sizes.inside(shape) in line.shape):
        return
    text = told.sizes.inside(shape, axes_of(value, shape)) or "a single number"
    line.shape = f"{line.shape} and {text}" if line.shape else text


def _axis_remark(words: Sequence[str | None]) -> str:
    named = [word for word in words if word and word != "batch"]
    return ", ".join(named) if named and len(named) >= len(words) - 1 else ""


def _failing_place(report: Report, told: Telling, prose: Prose) -> Place | None:
    if prose.fails is not None:
        return told.sources.head(prose.fails.path, prose.fails.node)
    if told.node is None:
        return report.place if report.place.end_row == report.place.row else None
    return told.sources.head(told.path, told.node, called=True)


# -- numbers --------------------------------------------------------------------------------------------------------


def _numbers(told: Telling, prose: Prose, steps: Sequence[Step]) -> list[str]:
    """ "8 comes from n_features = 8, line 12", for numbers of the headline that the code spells by a name."""
    shown = set(_digits(prose.headline))
    found: dict[str, str] = {}
    for path, node, sizes in _spelled(told, prose, steps):
        source = told.sources.file(path)
        for name in dict.fromkeys(names_in(node)):
            known = None if name in found else told.sources.literal(path, name)
            if known is None or str(known[1]) not in shown or (sizes is not None and known[1] not in sizes):
                continue
            cell, line = source.place(known[0])
            where = f"line {line}" if cell is None else f"cell {cell}, line {line}"
            where = where if path == told.path else f"{path}, {where}"
            found[name] = f"{known[1]} comes from {name} = {known[1]}, {where}."
    return list(found.values())[:3]


def _spelled(
    told: Telling, prose: Prose, steps: Sequence[Step]
) -> Iterator[tuple[str, ast.AST, tuple[object, ...] | None]]:
    """The code that sizes are spelled in, with the sizes that it gives; None where that is not known."""
    seen: set[int] = set()
    for step in reversed(steps):
        seen.add(id(step.origin.node))
        yield step.origin.path, step.origin.node, step.shape or ()
    for origin in (prose.cause, prose.fails):
        if origin is not None and id(origin.node) not in seen:
            seen.add(id(origin.node))
            yield origin.path, origin.node, None
    if told.node is not None and id(told.node) not in seen:
        yield told.path, told.node, None


def _digits(text: str) -> list[str]:
    words = "".join(letter if letter.isdigit() or letter == "." else " " for letter in text)
    return [word.strip(".") for word in words.split()]


# -- one cause, one report --------------------------------------------------------------------------------------------


def folded(reports: Sequence[Report]) -> list[Report]:
    """Reports with the same cause as an earlier one become notes of it, where that one is at least as grave."""
    kept: list[Report] = []
    by_cause: dict[object, Report] = {}
    others: dict[int, list[Report]] = {}
    for report in reports:
        # The same words in the same call are the same mistake, spelt again: the heads of q, k and v.
        calls = tuple((each.path, each.line) for each in report.stack[:-1])
        keys: list[object] = [(report.rule, report.message, calls, report.severity)]
        if report.raises is not None:  # the same refusal twice on one line: x[order], y[order]
            keys.append((report.rule, report.raises.message, calls, report.path, report.place.row, report.severity))
        for shared in (report.cause, report.group):
            if shared is not None:
                keys.append((report.rule, shared.key))
        first = next((by_cause[key] for key in keys if key in by_cause), None)
        if first is None:
            by_cause.update(dict.fromkeys(keys, report))
            kept.append(report)
        elif _covers(first, report):
            others.setdefault(id(first), []).append(report)
        else:
            kept.append(report)
    for report in kept:
        report.notes.extend(_notes(report, others.get(id(report), [])))
    return _overtaken(kept)


def _overtaken(reports: Sequence[Report]) -> list[Report]:
    """What would compute something else in a call that then raises is a note of what it raises. Of what is told of one
    line, what only is a note comes last."""
    raised = {each.place.key: each for each in reports if each.severity == "error" and not each.caught}
    kept: list[Report] = []
    for report in reports:
        first = raised.get(report.place.key) if report.severity == "silent" else None
        if first is None:
            kept.append(report)
        else:
            first.notes.append(f"{report.message}.")
    lines: dict[tuple[str, int], int] = {}
    for number, report in enumerate(kept):
        lines.setdefault((report.path, report.place.row), number)
    return sorted(kept, key=lambda each: (lines[each.path, each.place.row], each.severity == "note"))


def _covers(first: Report, later: Report) -> bool:
    if first.severity == "error" and not first.caught:
        return True
    return (first.severity, first.caught, first.condition) == (later.severity, later.caught, later.condition)


def _notes(first: Report, others: Sequence[Report]) -> list[str]:
    """What is said of the others: where the same happens, unless the program ends before, and what else does, the first
    few of them."""
    here = (first.path, first.place.row)
    same = [each for each in others if _headless(each) == _headless(first) and (each.path, each.place.row) != here]
    ended = first.severity == "error" and not first.caught and first.place.cell is None
    found = [f"The same happens at {_places(same, first)}."] if same and not ended else []
    told: set[str] = set()
    for each in others:
        if _headless(each) != _headless(first) and each.message not in told and len(told) < 2:
            told.add(each.message)
            found.append(f"For the same reason, at {_where(each, first)}: {each.message}.")
    return found


def _places(reports: Sequence[Report], first: Report) -> str:
    """``lines 23, 24 and 42``"""
    here = [each for each in reports if each.path == first.path and each.place.cell is None]
    lines = list(dict.fromkeys(str(each.line) for each in here))[:4]
    words = [f"line{'s' if len(lines) > 1 else ''} {listed(lines)}"] if lines else []
    words += dict.fromkeys(_where(each, first) for each in reports if each not in here)
    return listed(words[:4])


def _headless(report: Report) -> str:
    """A headline without its numbers."""
    return "".join(letter for letter in report.message if not letter.isdigit())


def _where(report: Report, first: Report) -> str:
    if report.path != first.path:
        return f"{report.path}:{report.line}"
    return f"line {report.line}" if report.place.cell is None else f"line {report.line} of cell {report.place.cell}"


def origin_of(path: str, node: ast.AST) -> Origin:
    """A place by its node."""
    return Origin(path, node)


__all__ = ["explain", "explain_one", "folded", "library"]
