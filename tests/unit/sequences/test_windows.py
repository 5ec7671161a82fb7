"""Windows are what slicing by hand gives, and never what it must not give."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshape.sequences import block_folds, windows


def by_hand(series, length, steps, stride, target, groups):
    """Every window of every group, one slice at a time."""
    found = []
    for _, rows in groupby(range(len(series)), key=lambda row: groups[row]):
        rows = list(rows)
        for first in range(rows[0], rows[-1] + 1, stride):
            last = first + length - 1
            if last + max(steps) <= rows[-1]:
                found.append((series[first : last + 1], np.stack([target[last + step] for step in steps])))
    return found


@settings(max_examples=150, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 25), min_size=1, max_size=4),
    features=st.integers(1, 3),
    length=st.integers(1, 8),
    horizon=st.one_of(st.integers(1, 4), st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True)),
    stride=st.integers(1, 4),
    data=st.data(),
)
def test_windows_are_slices(sizes, features, length, horizon, stride, data):
    rows = sum(sizes)
    series = np.random.default_rng(rows).random((rows, features))
    groups = np.repeat(np.arange(len(sizes)), sizes)
    columns = data.draw(st.lists(st.integers(0, features - 1), min_size=1, max_size=features, unique=True))
    steps = tuple(range(1, horizon + 1)) if isinstance(horizon, int) else tuple(horizon)
    expected = by_hand(series, length, steps, stride, series[:, columns], groups)
    if not expected:
        with pytest.raises(ValueError, match="No window fits"):
            windows(series, length, horizon, stride, target=columns, groups=groups)
        return
    w = windows(series, length, horizon, stride, target=columns, groups=groups)
    inputs, targets = w.arrays()
    assert inputs.shape == w.shape == (len(expected), length, features)
    assert targets.shape == w.target_shape
    np.testing.assert_array_equal(inputs, np.stack([x for x, _ in expected]))
    np.testing.assert_array_equal(targets.reshape(len(expected), len(steps), len(columns)), [y for _, y in expected])
    chosen = data.draw(st.lists(st.integers(-len(w), len(w) - 1), max_size=5))
    np.testing.assert_array_equal(w[chosen][0] if chosen else w[:0][0], inputs[chosen] if chosen else inputs[:0])


@pytest.mark.parametrize(
    ("arguments", "shape"),
    [
        ({"horizon": 1, "target": 1}, (1,)),
        ({"horizon": 1, "target": [0, 2]}, (2,)),
        ({"horizon": 4, "target": 1}, (4,)),
        ({"horizon": 4, "target": [1]}, (4, 1)),
        ({"horizon": 4}, (4, 3)),
        ({"horizon": [4], "target": -1}, (1,)),
        ({"horizon": 0, "target": np.zeros(30)}, (1,)),
        ({"horizon": 0, "target": np.zeros((30, 5))}, (5,)),
    ],
)
def test_targets_never_have_one_axis(arguments, shape):
    w = windows(np.zeros((30, 3)), 6, **arguments)
    assert w[:2][1].shape == (2, *shape)
    assert w[0][1].shape == shape


def test_a_series_of_one_axis_has_one_feature():
    w = windows(np.arange(10), 3)
    assert w.shape == (7, 3, 1)
    assert w[6][0].tolist() == [[6], [7], [8]]
    assert w[6][1].tolist() == [9]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda s: windows(s, 40), "length 40 and 1 rows of horizon need 41 rows, but there are 30"),
        (lambda s: windows(s, 3, 0, target=1), "leak|already show"),
        (lambda s: windows(s, 3, -1), "leak"),
        (lambda s: windows(s, 0), "length is 0"),
        (lambda s: windows(s, 3, target=7), "no column 7"),
        (lambda s: windows(s, 3, target=np.zeros(29)), "29 rows"),
        (lambda s: windows(s, 3, groups=[0] * 10 + [1] * 10 + [0] * 10), "again at row 20"),
        (lambda s: windows(s, 3, groups=[0]), "one id per row"),
        (lambda s: windows(s.astype(object), 3), "dtype object"),
        (lambda s: windows(s[None], 3), r"\(1, 30, 3\)"),
        (lambda s: windows(s, 3).split(0.95, 0.05), "Part 2 has no window"),
        (lambda s: windows(s, 3).split(0.95, 0.5), "at most 1"),
        (lambda s: windows(s, 3).batches(64, drop_last=True), "do not fill one batch"),
    ],
)
def test_what_cannot_be_says_so(call, says):
    with pytest.raises(ValueError, match=says):
        call(np.zeros((30, 3)))


def test_nothing_is_copied_until_a_batch_is_taken():
    series = np.zeros((1000, 4), dtype=np.float32)
    w = windows(series, 16)
    assert np.shares_memory(w.series, series)
    series[0, 0] = 5
    assert w[0][0][0, 0] == 5
    batch, _ = w[:4]
    assert not np.shares_memory(batch, series)


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(12, 40), min_size=1, max_size=4),
    length=st.integers(1, 4),
    stride=st.integers(1, 3),
    gap=st.integers(0, 3),
)
def test_parts_share_no_row(sizes, length, stride, gap):
    rows = sum(sizes)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    w = windows(np.arange(rows), length, 2, stride, groups=groups)

    def seen(part):
        inputs, targets = part.arrays()
        return set(inputs.ravel().tolist()) | set(targets.ravel().tolist())

    if max(sizes) // 2 - gap < w.reach or (len(sizes) > 1 and min(sizes) < w.reach):
        return  # some part may have no window, which is an error of its own
    parts = [list(w.split(0.5, 0.5, gap=gap)), *map(list, block_folds(w, 2, gap=gap))]
    parts += [list(w.split_groups(0.5, 0.5, seed=rows))] if len(sizes) > 1 else []
    for first, second in parts:
        assert not seen(first) & seen(second)
    early, late = parts[0]
    for group in range(len(sizes)):
        before = [row for row in seen(early) if groups[row] == group]
        after = [row for row in seen(late) if groups[row] == group]
        if before and after:
            assert max(before) + gap < min(after)


def test_a_pass_sees_every_window_once_and_in_an_order_of_its_own():
    w = windows(np.arange(50), 4)
    loader = w.batches(8, shuffle=True, seed=3)
    passes = [np.concatenate([x[:, 0, 0] for x, _ in loader]).tolist() for _ in range(2)]
    assert passes[0] != passes[1]
    assert sorted(passes[0]) == sorted(passes[1]) == list(range(46))
    again = w.batches(8, shuffle=True, seed=3)
    assert np.concatenate([x[:, 0, 0] for x, _ in again]).tolist() == passes[0]
    plain = [x.shape[0] for x, _ in w.batches(8)]
    assert plain == [8, 8, 8, 8, 8, 6]
    assert len(w.batches(8, drop_last=True)) == 5


def test_files_are_read_where_they_lie(tmp_path):
    series = np.random.default_rng(0).random((40, 2))
    np.save(tmp_path / "series.npy", series)
    w = windows(tmp_path / "series.npy", 5, target=0)
    assert isinstance(w.series, np.memmap)
    np.testing.assert_array_equal(w[3][0], series[3:8])
    np.save(tmp_path / "objects.npy", np.array([None]), allow_pickle=True)
    with pytest.raises(ValueError, match=r"[Pp]ickle|[Oo]bject"):
        windows(tmp_path / "objects.npy", 1)


def test_columns_of_a_parquet_file(tmp_path):
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pa.table({"a": np.arange(50.0), "b": np.arange(50, dtype=np.int64), "name": ["x"] * 50})
    parquet.write_table(table, tmp_path / "series.parquet", row_group_size=20)
    w = windows(tmp_path / "series.parquet", 5, target="b", columns=["b", "a"])
    assert w.columns == ("b", "a")
    assert w[7][0][0].tolist() == [7, 7]
    with pytest.raises(ValueError, match="no numbers: name"):
        windows(tmp_path / "series.parquet", 5)
    with pytest.raises(ValueError, match="no column c"):
        windows(tmp_path / "series.parquet", 5, columns=["c"])


def test_a_frame_gives_names():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"load": np.arange(20.0), "when": pd.date_range("2024-01-01", periods=20)})
    with pytest.raises(ValueError, match="when"):
        windows(frame, 4)
    assert windows(frame[["load"]], 4, target="load").columns == ("load",)


def test_rows_of_a_part_are_its_own():
    w = windows(np.arange(20), 3)
    train, test = w.split(0.5, 0.5)
    assert train.rows().tolist() == list(range(10))
    for first, second in pairwise(test.rows().tolist()):
        assert second == first + 1


def test_a_file_with_its_columns_one_after_the_other_stays_where_it_is(tmp_path):
    series = np.random.default_rng(0).random((40, 2))
    np.save(tmp_path / "series.npy", np.asfortranarray(series))
    w, plain = windows(tmp_path / "series.npy", 5, 2, 3, target=0), windows(series, 5, 2, 3, target=0)
    assert isinstance(w.series, np.memmap)
    for batch, other in zip(w.batches(4, shuffle=True, seed=0), plain.batches(4, shuffle=True, seed=0)):
        np.testing.assert_array_equal(batch[0], other[0])
        np.testing.assert_array_equal(batch[1], other[1])
    np.testing.assert_array_equal(w.span(2, 6)[0], plain.span(2, 6)[0])
    with pytest.raises(IndexError, match="passes the end"):
        w.take(np.array([13]))


@pytest.mark.parametrize("horizon", [0, 3])
def test_a_data_loader_takes_windows_as_they_are(horizon):
    torch = pytest.importorskip("torch")
    w = windows(np.random.default_rng(0).random((40, 2)), 5, horizon)
    ways = [torch.utils.data.DataLoader(w, batch_size=8, **more) for more in ({}, {"collate_fn": w.collate})]
    for one, other in zip(*ways):
        pairs = zip(one, other) if horizon else [(one, other)]
        assert all(a.dtype == b.dtype == torch.float32 and torch.equal(a, b) for a, b in pairs)
    assert sum(map(len, (batch[0] if horizon else batch for batch in ways[0]))) == len(w)
