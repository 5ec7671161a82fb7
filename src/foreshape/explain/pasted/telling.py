"""What is said about a pasted traceback."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any, Final

from foreshape.explain.pasted.reading import Pasted, raised_last
from foreshape.explain.words import library, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.explain.pasted.catalogue import Recognised
    from foreshape.explain.pasted.reading import Frame


LONG: Final = 6
"""Frames of libraries between which the own ones are lost."""
WIDEST: Final = 60
"""A longer path does not push the code of all other lines to the right."""


def told(
    pasted: Sequence[Pasted], found: Recognised | None, precise: str = "", foretold: str | None = "", width: int = 100
) -> str:
    """The explanation. precise: what the analysis of the program itself says, foretold: the message that it expects. Then
    only the words of this very run are added, where they have other numbers; None: they stand above anyway."""
    last = raised_last(list(pasted)) if found is None else found.pasted
    parts = [precise.rstrip("\n")] if precise else []
    if precise:
        parts.append(_in_this_run(last if found is None else found, foretold, width))
    elif found is not None:
        parts.append(_known(found, width, foretold is not None))
    else:
        parts.append(_unknown(last))
    # a generator of TensorFlow has a traceback of its own within the message, without a line of the person's
    frames = _frames(last.own_frames or next((each.own_frames for each in reversed(pasted) if each.own_frames), []))
    if foretold is None and sum(not frame.own for frame in last.frames) < LONG:
        frames = ""  # they stand above, next to each other
    if frames and not precise:
        parts.append(frames)
    return "\n\n".join(part for part in parts if part) + "\n"


def _in_this_run(said: Recognised | Pasted, foretold: str | None, width: int) -> str:
    """The message that was pasted, where it has numbers that the report does not have already."""
    if foretold is None:
        return ""
    message = one_line(said.flat if isinstance(said, Pasted) else said.said, 300)
    if set(re.findall(r"\d+", message)) <= set(re.findall(r"\d+", foretold)):
        return ""
    return "\n".join(_paragraph("in this run", message, width))


def _known(found: Recognised, width: int, repeat: bool = True) -> str:
    pasted = found.pasted
    exception = pasted.kind or (found.family.exceptions[0] if found.family.exceptions else "")
    lines = [f"{exception}[{found.family.name}]: {found.headline}"]
    lines += _paragraph("means", found.means, width)
    for cause in found.causes:
        lines += _paragraph("often", cause, width)
    for change in found.changes:
        lines += _paragraph("change", change, width)
    if repeat:
        lines += _paragraph(f"{library(found.family.library)} says", one_line(found.said, 300), width)
    lines += _paragraph("layer", _layer(pasted), width)
    return "\n".join(lines)


def _layer(pasted: Pasted) -> str:
    """Where the message says in which layer it arose and the headline does not."""
    name, kind = pasted.inner.layer, pasted.inner.kind
    if kind in ("Sequential", "Functional", "Model") or (name or kind) in pasted.flat:
        return ""
    return f"{name} ({kind})" if name and kind else name or kind


def _unknown(pasted: Pasted) -> str:
    what = f"this {pasted.kind}" if pasted.kind else "this message"
    said = f": {one_line(pasted.flat, 300)}" if pasted.message else ""
    return f"Foreshape does not know {what}{said}"


def _paragraph(label: str, text: str, width: int) -> list[str]:
    if not text:
        return []
    lead = f"  {label:>7}  "
    return textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=" " * len(lead), break_long_words=False)


def _frames(frames: Sequence[Frame]) -> str:
    """The person's own lines, outermost first."""
    if not frames:
        return ""
    lines = ["Your own lines on the way there:"]
    shown = [
        frame.place + (f" in {frame.function}" if frame.function not in ("", "<module>") else "") for frame in frames
    ]
    wide = max((len(each) for each in shown if len(each) <= WIDEST), default=0)
    for place, frame in zip(shown, frames):
        if len(place) > wide and frame.code:
            lines += [f"  {place}", f"  {'':<{wide}}  {frame.code}"]
        else:
            lines.append(f"  {place:<{wide}}  {frame.code}".rstrip())
    return "\n".join(lines)


def as_dict(
    pasted: Sequence[Pasted], found: Recognised | None, diagnostics: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """The JSON object of ``foreshape explain --format json``."""
    last = raised_last(list(pasted)) if found is None else found.pasted
    return {
        "schema": 1,
        "recognised": found is not None,
        "family": None if found is None else found.family.name,
        "library": None if found is None else found.family.library,
        "exception": last.exception or None,
        "message": last.inner.text,
        "layer": last.inner.layer or last.inner.kind or None,
        "numbers": {} if found is None else {name: _plain(value) for name, value in found.numbers.items()},
        "headline": None if found is None else found.headline,
        "means": None if found is None else found.means,
        "causes": [] if found is None else found.causes,
        "changes": [] if found is None else found.changes,
        "frames": [
            {
                "path": frame.path or None,
                "cell": frame.cell,
                "line": frame.line,
                "function": frame.function,
                "code": frame.code,
            }
            for frame in last.own_frames
        ],
        "diagnostics": list(diagnostics),
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
