"""Sizes that are not known come out as expressions of what they come from; what differs by version."""

from __future__ import annotations

from typing import Any

import pytest

from foreshape.domain.values import Array, Value
from foreshape.interpret.analyze import Analysis, analyze_file
from foreshape.source.files import source_from_text
from foreshape.source.targets import Targets
from foreshape.source.versions import Version

START = "import numpy as np\nseries = np.loadtxt('s.csv', usecols=1)\ntable = np.loadtxt('t.csv', delimiter=',')\n"


def analysed(text: str, numpy: tuple[int, ...] = (2, 4)) -> Analysis:
    return analyze_file(source_from_text("p.py", START + text), Targets({"numpy": Version(*numpy)}))


def value_of(analysis: Analysis, name: str) -> Value:
    return [value for one in analysis.assigned if one.name == name for value in one.values][-1]


def shape_of(text: str, name: str = "r") -> tuple[Any, ...] | None:
    found = value_of(analysed(text), name)
    assert isinstance(found, Array), found
    return None if found.shape is None else tuple(size if isinstance(size, int) else str(size) for size in found.shape)


N, M, K = "rows of s.csv", "rows of t.csv", "columns of t.csv"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("r = np.array([series[i:i + 24] for i in range(len(series) - 24)])", (f"{N} - 24", 24)),
        ("r = np.array([table[i:i + 5] for i in range(len(table) - 5)])", (f"{M} - 5", 5, K)),
        ("r = np.array([table[i, 0] for i in range(len(table))])", (M,)),
        ("r = series.reshape(-1, 1)", (N, 1)),
        ("r = table.reshape(table.shape[0], -1, 1)", (M, K, 1)),
        ("r = table.T", (K, M)),
        ("r = table[:, :-1]", (M, f"{K} - 1")),
        ("r = table[:, -1]", (M,)),
        ("r = table[::2]", (f"({M} + 1)//2", K)),
        ("r = np.concatenate([table, table])", (f"2*{M}", K)),
        ("r = np.vstack([table, np.zeros((3, table.shape[1]))])", (f"{M} + 3", K)),
        ("r = np.column_stack([series, series])", (N, 2)),
        ("r = table @ np.zeros((table.shape[1], 7))", (M, 7)),
        ("r = (table - table.mean(axis=0)) / table.std(axis=0)", (M, K)),
        ("r = np.pad(series, (2, 3))", (f"{N} + 5",)),
        ("r = np.diff(series)", (f"{N} - 1",)),
        ("r = np.lib.stride_tricks.sliding_window_view(series, 10)", (f"{N} - 9", 10)),
        ("r = np.eye(4)[np.random.randint(0, 4, len(series))]", (N, 4)),
        ("r = series[np.random.permutation(len(series))]", (N,)),
        ("n = int(len(series) * 0.8)\nr = np.concatenate([series[:n], series[n:]])", (N,)),
        ("r = np.zeros((len(series) - 10, 10, 1))", (f"{N} - 10", 10, 1)),
        ("r = np.arange(0, len(series), 3)", (f"({N} + 2)//3",)),
        ("r = np.tile(table, (2, 3))", (f"2*{M}", f"3*{K}")),
        ("r = np.repeat(series, 4)", (f"4*{N}",)),
        ("r = np.stack([series] * 3, axis=1)", (N, 3)),
        ("r = np.einsum('ij,kj->ik', table, table)", (M, M)),
        ("r = np.expand_dims(table, 0)", (1, M, K)),
        ("r = np.convolve(series, np.ones(5), 'valid')", None),
    ],
)
def test_shape(text: str, shape: tuple[Any, ...] | None) -> None:
    if shape is None:
        found = shape_of(text)
        assert found is not None
        assert len(found) == 1
    else:
        assert shape_of(text) == shape


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("r = np.array([series[i:i + 10] for i in range(len(series))])", "ragged-array"),
        ("r = table.reshape(table.shape[0] + 1, table.shape[1])", "reshape-size"),
        ("r = table @ table[:, 1:].T", "matmul-mismatch"),
        ("r = np.concatenate([table, table[:, 1:]])", "join-mismatch"),
        ("r = series[len(series)]", "index-range"),
        ("for i in range(len(series) - 4):\n    r = series[i + 5]", "index-range"),
        ("r = series[:, 0]", "too-many-indices"),
        ("r = series + series[1:]", "broadcast-mismatch"),
        ("r = np.zeros((3, 4))\nr[0] = [1, 2, 3]", "assignment-shape"),
    ],
)
def test_fault(text: str, fault: str) -> None:
    """What fails whatever the sizes are, or for all but one."""
    assert [finding.fault.name for finding in analysed(text).findings] == [fault]


@pytest.mark.parametrize(
    "text",
    [
        "r = series + table[:, 0]",
        "r = table.reshape(-1, 3)",
        "r = np.concatenate([series, table[0]])",
        "for i in range(len(series) - 5):\n    r = series[i + 5]",
        "r = table[series > 0]",
        "r = series[np.argsort(series)[-5:]]",
    ],
)
def test_nothing_to_say(text: str) -> None:
    """What depends on the data is taken to work."""
    assert analysed(text).findings == []


def test_ragged_before_1_24() -> None:
    """Then it was an array of objects, and nothing raised."""
    text = "r = np.array([[1, 2], [3]])"
    (new,) = analysed(text).findings
    (old,) = analysed(text, (1, 23)).findings
    assert new.severity == "error"
    assert old.severity == "silent"
    found = value_of(analysed(text, (1, 23)), "r")
    assert isinstance(found, Array)
    assert (found.shape, found.dtype) == ((2,), "object")


@pytest.mark.parametrize(
    ("name", "gone", "there"),
    [
        ("float", (1, 24), (1, 23)), ("bool8", (2, 0), (1, 26)), ("product", (2, 0), (1, 26)), ("in1d", (2, 4), (2, 3)),
        ("Inf", (2, 0), (1, 26)), ("concat", (1, 26), (2, 0)), ("trapz", (2, 4), (2, 0)),
    ],
)  # fmt: skip
def test_names_by_version(name: str, gone: tuple[int, int], there: tuple[int, int]) -> None:
    text = f"r = np.{name}"
    assert [f.fault.name for f in analysed(text, gone).findings] == ["missing-name"]
    assert analysed(text, there).findings == []
