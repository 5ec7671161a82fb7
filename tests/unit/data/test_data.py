"""Data sets against contracts: counts are exact, first offenders are the first, and parts give what the whole gives."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import numpy as np
import pytest
from click.testing import CliRunner

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

import pyarrow.parquet as parquet  # noqa: E402
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from foreshape.cli.data import command  # noqa: E402
from foreshape.contracts import Contract, ContractError, InputContract, LabelContract  # noqa: E402
from foreshape.data.binding import bind  # noqa: E402
from foreshape.data.kernel import summarise  # noqa: E402
from foreshape.data.summary import FIRST, merged  # noqa: E402

TOKENS = Contract(
    (InputContract("tokens", (None,), kind="integer", low=0, high=9),),
    (LabelContract("label", (), kind="class-index", classes=3, loss="sparse_categorical_crossentropy"),),
)
SERIES = Contract((InputContract("x", (4, 2), axes=("timesteps", "features"), kind="float"),))


def run(*arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


def check(path, contract, tmp_path, *more):
    (tmp_path / "contract.json").write_text(contract.to_json())
    done = run("check", path, "--contract", tmp_path / "contract.json", "--format", "json", *more)
    assert done.exit_code in (0, 1), done.output
    return json.loads(done.stdout)


@settings(max_examples=120, deadline=None)
@given(
    rows=st.lists(st.lists(st.integers(-2, 12), max_size=5), min_size=1, max_size=30),
    cuts=st.lists(st.integers(0, 30), max_size=4),
)
def test_counts_are_exact_however_the_rows_are_cut(rows, cuts):
    labels = [(len(row) * 7) % 5 - 1 for row in rows]
    table = pa.table({"tokens": pa.array(rows, pa.list_(pa.int64())), "label": labels})
    binding = bind(TOKENS, table.schema, {})
    edges = sorted({0, len(rows), *(min(cut, len(rows)) for cut in cuts)})
    parts = [table.slice(a, b - a).combine_chunks().to_batches() for a, b in pairwise(edges)]
    found = merged(summarise(batch, binding) for part in parts for batch in part)
    bad = [(r, s, v) for r, row in enumerate(rows) for s, v in enumerate(row) if not 0 <= v <= 9]
    tokens = found["tokens"]
    assert tokens.rows == len(rows)
    assert tokens.counts.get("index-range", 0) == len(bad)
    got = [(each.row, each.step[0], int(each.value)) for each in tokens.first.get("index-range", [])]
    assert got == bad[:FIRST]
    assert tokens.counts.get("empty", 0) == sum(not row for row in rows)
    assert sum(tokens.lengths.values()) == len(rows)
    wrong = [row for row, label in enumerate(labels) if not 0 <= label < 3]
    assert found["label"].counts.get("label-range", 0) == len(wrong)
    assert [each.row for each in found["label"].first.get("label-range", [])] == wrong[:FIRST]


def test_arrays(tmp_path):
    x = np.zeros((300, 4, 2), dtype=np.float32)
    x[7, 3, 1] = np.nan
    x[250, 0, 0] = -np.inf
    np.save(tmp_path / "x.npy", x)
    data = check(tmp_path / "x.npy", SERIES, tmp_path)
    (finding,) = data["findings"]
    assert (finding["fault"], finding["severity"], finding["count"]) == ("not-finite", "silent", 2)
    assert [(each["row"], each["step"]) for each in finding["first"]] == [(7, [3, 1]), (250, [0, 0])]
    np.save(tmp_path / "wide.npy", np.zeros((5, 4, 3)))
    assert {each["fault"] for each in check(tmp_path / "wide.npy", SERIES, tmp_path)["findings"]} == {"features"}
    np.save(tmp_path / "long.npy", np.zeros((5, 6, 2)))
    assert [each["count"] for each in check(tmp_path / "long.npy", SERIES, tmp_path)["findings"]] == [5]
    np.save(tmp_path / "flat.npy", np.zeros((5, 8)))
    assert [each["fault"] for each in check(tmp_path / "flat.npy", SERIES, tmp_path)["findings"]] == ["rank"]


def test_features_that_change_within_a_sequence(tmp_path):
    rows = [[[1.0, 2.0]] * 4, [[1.0, 2.0], [1.0], [1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]] * 3]
    parquet.write_table(pa.table({"x": rows}), tmp_path / "x.parquet")
    free = Contract((InputContract("x", (None, None), kind="float"),))
    faults = {each["fault"]: each for each in check(tmp_path / "x.parquet", free, tmp_path)["findings"]}
    assert faults["ragged-features"]["first"][0]["row"] == 1
    assert faults["ragged-features"]["first"][0]["step"] == [1]
    faults = {each["fault"]: each for each in check(tmp_path / "x.parquet", SERIES, tmp_path)["findings"]}
    assert [(each["row"], each["step"]) for each in faults["features"]["first"]] == [(1, [1])]
    assert [each["row"] for each in faults["length"]["first"]] == [2]


def test_splits_of_an_archive_and_a_stateful_batch(tmp_path):
    x = np.zeros((64, 4, 2))
    np.savez(tmp_path / "d.npz", x_train=x, y_train=np.zeros(64), x_test=x[:10], y_test=np.zeros(10))
    contract = Contract(SERIES.inputs, (LabelContract("y", (), kind="real"),), batch_size=32)
    data = check(tmp_path / "d.npz", contract, tmp_path)
    assert set(data["splits"]) == {"train", "test"}
    assert [(each["fault"], each["split"], each["count"]) for each in data["findings"]] == [("batch-size", "test", 10)]


def test_text_tables(tmp_path):
    lines = ["a,b,y"] + [f"{i},{'?' if i == 700 else i / 2},{i % 2}" for i in range(1000)]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    contract = Contract((InputContract("row", (2,), kind="float"),), (LabelContract("y", (1,), kind="binary"),))
    (finding,) = check(tmp_path / "t.csv", contract, tmp_path)["findings"]
    assert (finding["fault"], finding["column"], finding["count"]) == ("dtype", "b", 1)
    assert finding["first"][0] == {"row": 700, "step": [], "value": "'?'", "limit": "a number"}


@pytest.fixture
def folder(tmp_path):
    random = np.random.default_rng(0)
    (tmp_path / "d").mkdir()
    for split, longest in (("train", 20), ("test", 45)):
        rows = [random.integers(0, 11, size).tolist() for size in random.integers(0, longest, 700).tolist()]
        table = pa.table({"tokens": pa.array(rows, pa.list_(pa.int64())), "label": random.integers(0, 4, 700)})
        parquet.write_table(table, tmp_path / "d" / f"{split}.parquet", row_group_size=90)
    return tmp_path / "d"


def test_shards_merge_to_the_whole(folder, tmp_path):
    whole = check(folder, TOKENS, tmp_path)
    assert {each["fault"] for each in whole["findings"]} >= {"index-range", "label-range", "empty", "length-drift"}
    for number in range(1, 5):
        out = tmp_path / f"{number}.json"
        done = run("check", folder, "--contract", tmp_path / "contract.json", "--shard", f"{number}/4", "--out", out)
        assert done.exit_code == 0, done.output
    shards = sorted(tmp_path.glob("[1-4].json"))
    done = run("merge", "--format", "json", *shards)
    assert json.loads(done.stdout) == whole
    assert run("merge", *shards[:3]).exit_code == 2
    assert "another shard holds too" in run("merge", *shards, shards[0]).output


def test_a_hugging_face_data_set(tmp_path):
    datasets = pytest.importorskip("datasets")
    made = datasets.Dataset.from_dict({"tokens": [[1, 2], [3], [99]], "label": [0, 1, 2]})
    datasets.DatasetDict({"train": made, "test": made}).save_to_disk(tmp_path / "hf")
    data = check(tmp_path / "hf", TOKENS, tmp_path)
    assert [
        (each["split"], each["fault"], each["count"]) for each in data["findings"] if each["severity"] == "error"
    ] == [
        ("test", "index-range", 1),
        ("train", "index-range", 1),
    ]


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda path: path.with_name("none.parquet"), "no such file"),
        (lambda path: path.write_bytes(path.read_bytes()[:4000]) and path, "cannot be read"),
        (lambda path: parquet.write_table(pa.table({"other": [1], "more": ["a"]}), path) or path, "no column feeds"),
        (
            lambda path: (
                np.save(path.with_suffix(".npy"), np.array([None]), allow_pickle=True) or path.with_suffix(".npy")
            ),
            "",
        ),
    ],
)
def test_bad_data_is_one_line(folder, tmp_path, prepare, says):
    path = prepare(folder / "train.parquet")
    (tmp_path / "contract.json").write_text(TOKENS.to_json())
    done = run("check", path, "--contract", tmp_path / "contract.json")
    assert done.exit_code == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not done.stdout


def test_nothing_half_written_stays(folder, tmp_path):
    (tmp_path / "contract.json").write_text(TOKENS.to_json())
    out = tmp_path / "no" / "such" / "shard.json"
    done = run("check", folder, "--contract", tmp_path / "contract.json", "--shard", "1/2", "--out", out)
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
    full = "/dev/full"
    from foreshape.data import partial

    with pytest.raises(partial.DataError):
        partial.write_text(full + "/x", "text")
    assert not list(tmp_path.glob(".foreshape-*"))


def test_contracts_go_to_files_and_back():
    assert Contract.from_json(TOKENS.to_json()).as_dict() == TOKENS.as_dict()
    for text, says in (
        ("{", "not JSON"),
        ("[]", "no list of inputs"),
        ('{"inputs": [{"name": "x", "shape": [0]}]}', "input 1: shape"),
        ('{"inputs": [{"name": "x", "kind": "text"}]}', "kind is 'text'"),
        ('{"inputs": [{"name": "x"}], "batch_size": "a"}', "batch_size"),
    ):
        with pytest.raises(ContractError, match=says):
            Contract.from_json(text)


def test_nan_and_fractions_in_indices(tmp_path):
    rows = [[1.0, 2.5], [math.nan], [3.0, 20.0]]
    parquet.write_table(pa.table({"tokens": rows}), tmp_path / "t.parquet")
    faults = {each["fault"]: each["count"] for each in check(tmp_path / "t.parquet", TOKENS, tmp_path)["findings"]}
    assert {name: faults[name] for name in ("fraction", "not-finite", "index-range")} == {
        "fraction": 1,
        "not-finite": 1,
        "index-range": 1,
    }
