"""Padding gives back what went in, and refuses what would change on the way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshape.sequences import bucket, class_indices, image_rows, one_hot, pad, unpad
from foreshape.sequences.padding import pad_ragged
from foreshape.sequences.ragged import read_ragged

SEQUENCES = st.lists(st.lists(st.integers(-5, 5), max_size=7), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None)
@given(sequences=SEQUENCES, side=st.sampled_from(["after", "before"]), arrays=st.booleans(), extra=st.integers(0, 3))
def test_there_and_back(sequences, side, arrays, extra):
    given_ = [np.array(each, dtype=np.int64) for each in sequences] if arrays else sequences
    width = max(map(len, sequences)) + extra
    padded = pad(given_, width, side=side, value=99)
    assert padded.values.shape == padded.mask.shape == (len(sequences), width)
    assert padded.lengths.tolist() == [len(each) for each in sequences]
    assert (padded.values[~padded.mask] == 99).all()
    back = unpad(padded.values, padded.lengths, side=side)
    assert [each.tolist() for each in back] == sequences


@settings(max_examples=60, deadline=None)
@given(sequences=SEQUENCES, cut=st.sampled_from(["after", "before"]), width=st.integers(0, 5))
def test_cut_keeps_one_end(sequences, cut, width):
    padded = pad(sequences, width, cut=cut)
    kept = [each[:width] if cut == "after" else each[max(len(each) - width, 0) :] for each in sequences]
    assert [each.tolist() for each in unpad(padded.values, padded.lengths)] == kept


def test_vectors_and_dtypes():
    padded = pad([np.ones((3, 2), np.float32), np.ones((1, 2), np.float32)])
    assert padded.values.shape == (2, 3, 2)
    assert padded.values.dtype == np.float32
    assert padded.mask.tolist() == [[True, True, True], [True, False, False]]
    assert padded.padding_share == pytest.approx(2 / 6)
    assert pad([[1, 2], [3]], dtype="float32").values.dtype == np.float32
    assert pad([[1.0, 2.0], [3.0]], dtype="int32").values.tolist() == [[1, 2], [3, 0]]


@pytest.mark.parametrize(
    ("sequences", "arguments", "says"),
    [
        ([[1, 2], [0.5, 3]], {"dtype": "int32"}, "Step 0 of sequence 1 is 0.5"),
        ([[1.0], [2.0, float("nan")]], {"dtype": "int64"}, "Step 1 of sequence 1 is nan"),
        ([[1, 2], [3, 256]], {"dtype": "uint8"}, "Step 1 of sequence 1 is 256"),
        ([[1, 2], [3]], {"value": -1, "dtype": "uint8"}, "padding value -1"),
        ([[1, 2], [3]], {"value": 0.5}, "padding value 0.5"),
        ([[1, 2, 3], [3]], {"length": 2}, "Sequence 0 has 3 steps"),
        ([[1], [[2, 3]]], {}, "Step 0 of sequence 1 has shape"),
        ([[1], [None]], {}, "None at step 0|no numbers"),
        ([["a"], ["b"]], {}, "dtype <U1"),
        ([np.ones((2, 3)), np.ones((2, 4))], {}, "Sequence 1 has steps of shape"),
        ([[1]], {"side": "left"}, "'after' or 'before'"),
        ([], {}, "no sequence"),
    ],
)
def test_what_would_be_lost_is_refused(sequences, arguments, says):
    with pytest.raises(ValueError, match=says):
        pad(sequences, **arguments)


@pytest.mark.parametrize("sequences", [[1, 2, 3], np.arange(3), ["text", "more"]])
def test_what_is_no_sequence_of_sequences(sequences):
    with pytest.raises(TypeError):
        pad(sequences)


@settings(max_examples=60, deadline=None)
@given(sequences=SEQUENCES, size=st.integers(1, 4), shuffle=st.booleans())
def test_buckets_hold_every_sequence_once(sequences, size, shuffle):
    batches = bucket(sequences, size, labels=np.arange(len(sequences)), shuffle=shuffle, seed=1)
    found = {}
    cells = 0
    for padded, labels in batches:
        cells += padded.mask.size
        for label, sequence in zip(labels.tolist(), unpad(padded.values, padded.lengths)):
            found[label] = sequence.tolist()
    assert found == dict(enumerate(sequences))
    assert len(list(batches)) == len(batches)
    if cells:
        assert batches.padding_share == pytest.approx(1 - sum(map(len, sequences)) / cells)


def test_an_arrow_column_of_lists():
    pa = pytest.importorskip("pyarrow")
    column = pa.chunked_array([pa.array([[1, 2], []]), pa.array([[3]])])
    assert pad(column).values.tolist() == [[1, 2], [0, 0], [3, 0]]
    vectors = pa.array([[[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]], pa.list_(pa.list_(pa.float32(), 2)))
    assert pad(vectors).values.shape == (2, 2, 2)
    sliced = pa.array([[9], [1, 2], [3]])[1:]
    assert pad(sliced).values.tolist() == [[1, 2], [3, 0]]
    with pytest.raises(ValueError, match="Row 1 is null"):
        pad(pa.array([[1], None]))


def test_labels_and_images():
    assert one_hot([0, 2], 3).tolist() == [[1, 0, 0], [0, 0, 1]]
    assert class_indices(one_hot([[1, 0]], 2)).tolist() == [[1, 0]]
    with pytest.raises(ValueError, match=r"labels\[1\] is -1"):
        one_hot([0, -1], 3)
    with pytest.raises(ValueError, match=r"Row \[1\]"):
        class_indices([[0, 1], [1, 1]])
    assert image_rows(np.zeros((4, 28, 30, 3))).shape == (4, 28, 90)
    with pytest.raises(ValueError, match="channels_last"):
        image_rows(np.zeros((4, 3, 28, 28)))


INTEGERS = st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=4), min_size=1, max_size=6)
STRANGE = st.sampled_from([2**31, -(2**63), True, 0.5, np.int64(3)])


@settings(deadline=None)
@given(INTEGERS, st.none() | STRANGE, st.sampled_from([None, "int32", "int64", "float32", "float64", "int8"]), st.booleans(), st.data())
def test_lists_of_integers_come_out_as_anything_else_does(lists, strange, dtype, before, data):
    if strange is not None:
        lists[data.draw(st.integers(0, len(lists) - 1))].append(strange)
    if data.draw(st.booleans()):
        lists = [tuple(each) for each in lists]
    options = {"dtype": dtype, "side": "before" if before else "after", "value": 7}

    def outcome(run):
        try:
            made = run()
        except ValueError as error:
            return str(error)
        return made.values.dtype, made.values.tolist(), made.mask.tolist(), made.lengths.tolist()

    assert outcome(lambda: pad(lists, **options)) == outcome(lambda: pad_ragged(read_ragged(lists), **options))


def test_many_lists_of_integers_are_read_in_blocks():
    lists = [list(range(number % 7)) for number in range(1203)]
    made = pad(lists, 9, value=-1)
    assert unpad(made.values, made.lengths)[1202].tolist() == lists[1202]
    assert made.values.sum() == sum(map(sum, lists)) - sum(9 - len(each) for each in lists)
    lists[1105][1] = 2**40
    assert pad(lists).values[1105, 1] == 2**40


ODD = [np.array([]), np.arange(6)[::2], np.arange(3, dtype="int32"), np.zeros((2, 3)), [1, 2], np.int64(3), np.arange(2) + 1j, None]


@pytest.mark.parametrize("kind", ["int64", "float16", "uint8", "bool", "complex64", ">i4"])
@pytest.mark.parametrize(
    "options",
    [{}, {"side": "before"}, {"length": 7, "value": 1.5}, {"length": 3}, {"length": 2, "cut": "after"}, {"dtype": "int8"}],
)
@pytest.mark.parametrize("odd", [None, *range(len(ODD))])
def test_arrays_are_copied_as_the_general_way_does(kind, options, odd):
    arrays = [np.arange(size).astype(kind) for size in (3, 0, 5, 1)] + ([] if odd is None else [ODD[odd]])

    def outcome(run):
        try:
            made = run()
        except (TypeError, ValueError) as error:
            return type(error), str(error)
        return made.values.dtype, made.values.tolist(), made.mask.tolist(), made.lengths.tolist()

    assert outcome(lambda: pad(arrays, **options)) == outcome(lambda: pad_ragged(read_ragged(arrays), **options))
