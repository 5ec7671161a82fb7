"""Padding, categories and windows: shapes and dtypes as the real functions gave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from foreshape.cli.main import foreshape

HEAD = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras.preprocessing.sequence import TimeseriesGenerator, pad_sequences
from tensorflow.keras.preprocessing.text import Tokenizer
from tensorflow.keras.utils import timeseries_dataset_from_array, to_categorical

x, y = np.zeros((20, 3)), np.zeros(20)
"""
SHAPES = [
    ("to_categorical([0, 1, 2])", [3, 3], "float64"),
    ("to_categorical(np.array([[0], [1], [2]]))", [3, 3], "float64"),
    ("to_categorical(np.array([[0, 1], [1, 2]]), 4)", [2, 2, 4], "float64"),
    ("to_categorical(np.zeros((5, 1, 1), int), 3)", [5, 1, 3], "float64"),
    ("to_categorical(3, 5)", [5], "float64"),
    ("pad_sequences([[1, 2], [3]])", [2, 2], "int32"),
    ("pad_sequences([[1, 2], [3]], maxlen=4, dtype='float32')", [2, 4], "float32"),
    ("pad_sequences([np.zeros((3, 2)), np.zeros((4, 2))])", [2, 4, 2], "int32"),
    ("pad_sequences(np.zeros((4, 5, 2)))", [4, 5, 2], "int32"),
    ("TimeseriesGenerator(x, y, length=5, batch_size=4)[0][0]", [4, 5, 3], "float64"),
    ("TimeseriesGenerator(x, y, length=5, batch_size=4)[3][0]", [3, 5, 3], "float64"),
    ("TimeseriesGenerator(x, y, length=5, stride=2, sampling_rate=2, batch_size=3)[2][0]", [2, 3, 3], "float64"),
    ("keras.utils.normalize(np.zeros(4))", [1, 4], "float64"),
    ("keras.datasets.mnist.load_data()[0][0]", [60000, 28, 28], "uint8"),
    ("keras.datasets.cifar10.load_data()[1][1]", [10000, 1], "uint8"),
]
LENGTHS = [
    ("len(timeseries_dataset_from_array(x, y, 5, batch_size=4))", 4),
    ("len(timeseries_dataset_from_array(x, y, 5, sequence_stride=2, batch_size=4))", 2),
    ("len(timeseries_dataset_from_array(x, None, 25))", 0),
    ("len(TimeseriesGenerator(x, y, length=5, stride=2, sampling_rate=2, batch_size=3))", 3),
]
FAULTS = [
    ("to_categorical([0, 1, 5], 3)", "IndexError"),
    ("pad_sequences([[1, 2], 3])", "ValueError"),
    ("pad_sequences([[1, 2], [3]], padding='before')", "ValueError"),
    ("pad_sequences([np.zeros((3, 2)), np.zeros((4, 3))])", "ValueError"),
    ("TimeseriesGenerator(x, y[:10], length=5)", "ValueError"),
    ("TimeseriesGenerator(x, y, length=20)", "ValueError"),
    ("timeseries_dataset_from_array(x, None, 5, start_index=30)", "ValueError"),
]


def asked(command: str, folder: Path, source: str) -> Any:
    path = folder / "program.py"
    path.write_text(HEAD + source + "\n", encoding="utf-8")
    result = CliRunner().invoke(foreshape, [command, "--format", "json", str(path)])
    return json.loads(result.stdout)


@pytest.mark.parametrize(("expression", "shape", "dtype"), SHAPES)
def test_shape(tmp_path: Path, expression: str, shape: list[int], dtype: str) -> None:
    found = [entry for entry in asked("shapes", tmp_path, f"made = {expression}")["shapes"] if entry["name"] == "made"]
    assert [(entry["shape"], entry["dtype"]) for entry in found] == [(shape, dtype)]


@pytest.mark.parametrize(("expression", "length"), LENGTHS)
def test_length(tmp_path: Path, expression: str, length: int) -> None:
    assert asked("check", tmp_path, f"assert {expression} == {length}")["diagnostics"] == []
    wrong = asked("check", tmp_path, f"assert {expression} == {length + 1}")["diagnostics"]
    assert [report["rule"] for report in wrong] == ["explicit-raise"]


@pytest.mark.parametrize(("expression", "exception"), FAULTS)
def test_fault(tmp_path: Path, expression: str, exception: str) -> None:
    found = asked("check", tmp_path, expression)["diagnostics"]
    assert [report["raises"]["exception"] for report in found] == [exception]


def test_tokenizer_is_exact_where_the_texts_are_known(tmp_path: Path) -> None:
    source = """\
tokens = Tokenizer(num_words=5, oov_token="x")
tokens.fit_on_texts(["a b c", "d e f a"])
assert tokens.texts_to_sequences(["a b z"]) == [[2, 3, 1]]
assert len(tokens.word_index) == 7
"""
    assert asked("check", tmp_path, source)["diagnostics"] == []


def test_ids_of_an_unknown_text_reach_the_size_of_the_vocabulary(tmp_path: Path) -> None:
    source = """\
texts = open("reviews.txt").read().splitlines()
tokens = Tokenizer()
tokens.fit_on_texts(texts)
ids = pad_sequences(tokens.texts_to_sequences(texts), maxlen=20)
table = keras.layers.Embedding(len(tokens.word_index){more}, 8)
vectors = table(ids)
"""
    found = asked("check", tmp_path, source.format(more=""))["diagnostics"]
    assert [report["rule"] for report in found] == ["embedding-range"]
    assert asked("check", tmp_path, source.format(more=" + 1"))["diagnostics"] == []
