"""What reports say: in the words of the field, on one line, with the place to change."""

from __future__ import annotations

import re
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

from foreshape.cli.session import CheckSession
from foreshape.explain.prose import FAMILIES, family_of, prose_for
from foreshape.explain.report import Report
from foreshape.explain.words import LONGEST_HEADLINE
from foreshape.faults.catalog import fault_class, fault_names
from foreshape.render import concise, json, terminal
from foreshape.source.targets import parse_targets

# Words of our own workshop: nobody who reads a report knows them.
OURS = re.compile(r"\b(dim variable|Unknown|Choice|Const|provenance|taint\w*|fault|rule|origin|symbolic dim|domain)\b")
MOST_PROSE = 12


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORESHAPE_TRACEBACK", "1")


def reports_of(program: str, *targets: str) -> list[Report]:
    Path("train.py").write_text(textwrap.dedent(program), encoding="utf-8")
    return list(CheckSession(parse_targets(targets or ("keras=3", "numpy=2"))).check(["train.py"]).reports)


def only(program: str, *targets: str) -> Report:
    found = reports_of(program, *targets)
    assert len(found) == 1, [report.message for report in found]
    return found[0]


# -- every fault ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", fault_names())
def test_every_fault_has_prose(name: str) -> None:
    assert family_of(name) is not None
    assert callable(prose_for(name))


def test_no_prose_is_left_over() -> None:
    assert {name for names in FAMILIES.values() for name in names} == set(fault_names())


@pytest.mark.parametrize("name", fault_names())
def test_headlines_stand_alone(name: str) -> None:
    for report in reports_of(fault_class(name).faulty):
        assert "\n" not in report.message
        assert len(report.message) <= LONGEST_HEADLINE
        assert not report.message.endswith((".", "..."))
        told = " ".join([report.message, report.why, *report.notes])
        assert "?" not in told
        assert "please" not in told.lower()
        assert not OURS.search(told), OURS.search(told)


@pytest.mark.parametrize("name", fault_names())
def test_prose_is_short(name: str) -> None:
    for report in reports_of(fault_class(name).faulty):
        lines = terminal.render([report], 100).splitlines()
        frame_end = max((number for number, line in enumerate(lines) if line.strip() == "|"), default=1)
        assert len(lines) - frame_end - 1 <= MOST_PROSE


@pytest.mark.parametrize("name", fault_names())
def test_places_are_in_the_file(name: str) -> None:
    program = fault_class(name).faulty
    lines = program.split("\n")
    for report in reports_of(program):
        for place in (report.place, report.cause, *(step.place for step in report.chain)):
            if place is not None:
                assert 1 <= place.line <= place.end_line <= len(lines)
                assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        for line in report.frame:
            assert line.text == lines[line.row - 1]
            for mark in line.marks:
                assert 1 <= mark.column < mark.end_column <= len(line.text) + 1


# -- causes --------------------------------------------------------------------------------------------------------


def code_at(report: Report) -> str:
    """The code that a person would change."""
    place = report.cause
    assert place is not None
    line = Path(place.path).read_text(encoding="utf-8").split("\n")[place.line - 1]
    return line[place.column - 1 : place.end_column - 1] if place.line == place.end_line else line[place.column - 1 :]


def test_flatten_before_lstm() -> None:
    report = only("""
        from tensorflow.keras.models import Sequential
        from tensorflow.keras.layers import LSTM, Conv2D, Dense, Flatten, MaxPooling2D

        model = Sequential([
            Conv2D(32, (3, 3), input_shape=(28, 28, 1)),
            MaxPooling2D((2, 2)),
            Flatten(),
            LSTM(128),
            Dense(10),
        ])
    """)
    assert report.message == "LSTM needs (batch, timesteps, features), but Flatten hands it (batch, 5408)"
    assert (report.line, report.when) == (5, "when the model is built")
    assert code_at(report) == "Flatten()"
    assert [step.shape for step in report.chain][-2:] == [("batch", 13, 13, 32), ("batch", 5408)]
    assert [step.place.line for step in report.chain] == [6, 6, 7, 8]
    assert "13 rows of 13 x 32 = 416 numbers" in report.why


@pytest.mark.parametrize(("target", "lines"), [("keras=3", [6, 6, 7, 8]), ("keras=2", [6, 6, 7, 8])])
def test_the_stack_of_layers_has_a_step_per_line(target: str, lines: list[int]) -> None:
    report = only(
        """
        from tensorflow.keras.models import Sequential
        from tensorflow.keras.layers import LSTM, Conv2D, Flatten, MaxPooling2D

        model = Sequential([
            Conv2D(32, (3, 3), input_shape=(28, 28, 1)),
            MaxPooling2D((2, 2)),
            Flatten(),
            LSTM(128),
        ])
        """,
        target,
    )
    assert [step.place.line for step in report.chain] == lines
    assert [step.shape for step in report.chain] == [
        ("batch", 28, 28, 1),
        ("batch", 26, 26, 32),
        ("batch", 13, 13, 32),
        ("batch", 5408),
    ]


def test_missing_return_sequences() -> None:
    report = only("""
        from tensorflow import keras
        from tensorflow.keras import layers

        inputs = keras.Input((30, 5))
        x = layers.LSTM(32)(inputs)
        x = layers.Dropout(0.2)(x)
        x = layers.LSTM(16)(x)
    """)
    assert report.message == "LSTM needs (batch, timesteps, features), but the LSTM before it gives (batch, 32)"
    assert code_at(report) == "layers.LSTM(32)(inputs)"


def test_declared_shape_shows_the_data_as_it_is_written() -> None:
    report = only("""
        import numpy as np
        from tensorflow import keras
        from tensorflow.keras import layers

        model = keras.Sequential([keras.Input((10,)), layers.Dense(1)])
        x_test = np.zeros((4, 10, 3))
        model.predict(x_test)
    """)
    assert report.message == "model takes (batch, 10), but x_test is (4, 10, 3)"
    assert code_at(report) == "keras.Input((10,))"


def test_off_by_one_loop_points_at_its_range() -> None:
    report = only("""
        values = list(range(10))
        steps = 3
        for start in range(len(values) - steps + 1):
            print(values[start + steps])
    """)
    assert code_at(report) == "range(len(values) - steps + 1)"
    assert report.line == 5


def test_ragged_list_points_at_what_is_appended() -> None:
    report = only("""
        import numpy as np

        data = np.arange(10)
        windows = []
        for i in range(10):
            windows.append(data[i:i + 4])
        x = np.array(windows)
    """)
    assert (report.rule, report.line) == ("ragged-array", 8)
    assert code_at(report) == "data[i:i + 4]"


def test_class_numbers_for_a_one_hot_loss() -> None:
    report = only("""
        import numpy as np
        from tensorflow import keras
        from tensorflow.keras import layers

        model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="softmax")])
        model.compile(optimizer="adam", loss="categorical_crossentropy")
        y = np.random.randint(0, 4, 32)
        model.fit(np.zeros((32, 3)), y)
    """)
    assert code_at(report) == '"categorical_crossentropy"'
    assert "y holds class numbers" in report.message


# -- chains and numbers --------------------------------------------------------------------------------------------


def test_chain_reads_from_the_data_down() -> None:
    report = only("""
        import numpy as np

        n_features = 8

        def windows(series, length):
            X = []
            for i in range(len(series) - length):
                X.append(series[i:i + length])
            return np.array(X)

        series = np.sin(np.linspace(0, 20, 100))
        X = windows(series, 10)
        X = X.reshape((X.shape[0], 10, n_features))
    """)
    assert [step.shape for step in report.chain] == [(100,), (10,), (90, 10)]
    assert report.chain[0].place.line == 12
    assert "8 comes from n_features = 8, line 4." in report.notes


def test_names_of_axes() -> None:
    report = only("""
        from tensorflow import keras
        from tensorflow.keras import layers

        x = keras.Input((20,))
        x = layers.Embedding(100, 8)(x)
        x = layers.Dense(4)(x)
        x = layers.Conv2D(4, 3)(x)
    """)
    embedded = next(step for step in report.chain if step.text.startswith("x = layers.Embedding"))
    assert embedded.axes == ("batch", "timesteps", "features")


def test_one_cause_is_one_report() -> None:
    report = only("""
        import numpy as np
        from tensorflow import keras
        from tensorflow.keras import layers

        model = keras.Sequential([keras.Input((10, 3)), layers.LSTM(4), layers.Dense(1)])
        model.compile(optimizer="adam", loss="mse")
        x = np.zeros((32, 10, 5))
        model.evaluate(x, np.zeros((32, 1)))
        model.predict(x)
    """)
    assert report.line == 9
    assert report.notes == []  # the program has ended: nothing happens at line 10


# -- forms ---------------------------------------------------------------------------------------------------------


PROGRAM = """\
import numpy as np

a = np.zeros((2, 3))
try:
    b = a + np.zeros((4, 3))
except ValueError:
    b = a
c = a @ b
"""


def test_concise() -> None:
    lines = concise.render(reports_of(PROGRAM)).splitlines()
    assert lines[0].startswith("train.py:5:9: error[broadcast-mismatch] ")
    assert lines[0].endswith(" (caught)")
    assert lines[1].startswith("train.py:8:5: error[matmul-mismatch] ")


def test_json_has_the_agreed_form() -> None:
    import json as reader

    document = reader.loads(json.render(reports_of(PROGRAM), [], "1", {}))
    assert list(document) == ["schema", "version", "target", "files", "diagnostics"]
    entry = document["diagnostics"][1]
    assert list(entry) == [
        "rule", "severity", "condition", "caught", "path", "line", "column", "end_line", "end_column", "stack", "cause",
        "message", "raises", "why", "chain", "fixes",
    ]  # fmt: skip
    assert entry["stack"] == [{"path": "train.py", "line": 8}]
    assert set(entry["raises"]) == {"exception", "message", "by"}
    assert all(list(step)[:4] == ["line", "text", "shape", "dtype"] for step in entry["chain"])
    assert entry["chain"][0]["shape"] == [2, 3]


def test_long_lines_are_cut_with_the_mark_in_sight() -> None:
    values = ", ".join(f"np.zeros({number})" for number in range(30))
    (report,) = reports_of(f"import numpy as np\nx = [{values}, np.zeros((2, 3)) + np.zeros((4, 5))]\n")
    shown = terminal.render([report], 100).splitlines()
    assert max(map(len, shown)) <= 140
    code, marks = next((a, b) for a, b in pairwise(shown) if "^" in b)
    start = marks.index("^")
    assert code[start : marks.rindex("^") + 1].startswith("np.zeros((2, 3)) + np")


def test_colour_changes_nothing_but_colour() -> None:
    found = reports_of(PROGRAM)
    plain = terminal.render(found, 100)
    coloured = terminal.render_coloured(found, 100)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b[" in coloured


# -- what a reader at midnight takes from it -----------------------------------------------------------------------------


def test_samples_without_channels_are_said_to_lack_the_axis() -> None:
    report = only(
        """
        import torch

        images = torch.randn(64, 28, 28)
        torch.nn.Conv2d(1, 16, 3)(images)
        """,
        "torch=2",
    )
    assert report.message == "Conv2d expects 1 channel, but images has no axis of channels: (64, 28, 28)"
    assert "unsqueeze(1)" in report.why


def test_attention_shows_the_shape_that_was_handed_over() -> None:
    report = only(
        """
        import torch

        regions = torch.randn(4, 49, 96)
        attention = torch.nn.MultiheadAttention(128, 4, batch_first=True)
        attention(regions, regions, regions)
        """,
        "torch=2",
    )
    assert "(4, 49, 96)" in report.message


def test_an_index_with_too_few_axes_is_marked_where_it_is_made() -> None:
    report = only(
        """
        import torch

        scores = torch.randn(32, 10)
        labels = torch.randint(0, 10, (32,))
        picked = scores.gather(1, labels)
        """,
        "torch=2",
    )
    assert "as many axes" in report.why
    assert report.cause is not None
    assert report.cause.line == 5


def test_flattened_sizes_are_told_as_a_product() -> None:
    report = only(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 16, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))
        net(torch.randn(8, 3, 32, 32))
        """,
        "torch=2",
    )
    assert "3136" in report.message
    assert "16 x 14 x 14" in report.message


def test_channels_on_the_last_axis_are_told_by_their_axis() -> None:
    report = only(
        """
        import torch

        images = torch.randn(8, 32, 32, 3)
        torch.nn.Conv2d(3, 16, 5)(images)
        """,
        "torch=2",
    )
    assert "axis 3" in report.why
    assert "permute(0, 3, 1, 2)" in report.why
