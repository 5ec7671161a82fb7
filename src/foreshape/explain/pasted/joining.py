"""Which reports about a program are about the traceback that it gave."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from foreshape.explain.pasted.reading import Frame, Pasted
    from foreshape.explain.report import Report

OLD_KERAS: Final = (
    "/tf_keras/", "/keras/engine/", "/keras/src/engine/", "/tensorflow/python/keras/", "/tensorflow_core/python/keras/",
)  # fmt: skip


def matching(pasted: Pasted, reports: Iterable[Report]) -> list[Report]:
    """The reports with the exception of the traceback, at one of its lines. A message without frames fits by its
    exception alone, where only one report has that."""
    same = [report for report in reports if report.raises is not None and _same_exception(report, pasted)]
    frames = [frame for frame in pasted.own_frames if frame.line is not None]
    if not frames:
        return same if len(same) == 1 else [report for report in same if _same_text(report, pasted)][:1]
    there = [report for report in same if _at(report, frames)]
    return sorted(there, key=lambda report: not _in_cell(report, frames))[:1]


def release_of(pasted: Sequence[Pasted]) -> list[str]:
    """The release of Keras that raised it, as ``--target`` takes it, by where its files lie; [] where no frame tells.

    Keras 2.13 to 2.15 have a ``keras/src``, too, but with the training loop in ``engine``.
    """
    paths = [frame.path.replace("\\", "/") for one in pasted for frame in one.frames]
    if any(old in path for path in paths for old in OLD_KERAS):
        return ["keras=2"]
    return ["keras=3"] if any("/keras/src/" in path for path in paths) else []


def _same_exception(report: Report, pasted: Pasted) -> bool:
    assert report.raises is not None
    return not pasted.kind or report.raises.exception.rpartition(".")[2] == pasted.kind


def _same_text(report: Report, pasted: Pasted) -> bool:
    """The same words, whatever the numbers are (a batch has other sizes in another run)."""
    assert report.raises is not None
    said, own = (_words(text) for text in (pasted.flat, report.raises.message))
    return bool(own) and len(said & own) >= 0.7 * len(own)


def _words(text: str) -> set[str]:
    return {word.strip(".,:;()[]'\"`") for word in text.split() if word.strip(".,:;()[]'\"`").isalpha()}


def _at(report: Report, frames: Sequence[Frame]) -> bool:
    places = [
        (report.path, report.place.cell, report.line),
        *((each.path, each.cell, each.line) for each in report.stack),
    ]
    return any(_same_place(frame, *place) for frame in frames for place in places)


def _in_cell(report: Report, frames: Sequence[Frame]) -> bool:
    """Whether the number of the cell is the same too, as it is where a notebook was run from top to bottom."""
    return any(frame.cell == report.place.cell and frame.line == report.line for frame in frames)


def _same_place(frame: Frame, path: str, cell: int | None, line: int) -> bool:
    if frame.cell is not None:
        return cell is not None and frame.line == line
    return frame.line == line and os.path.basename(frame.path) == os.path.basename(path)
