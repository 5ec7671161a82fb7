"""Data as it lies about: nulls at every depth, archives with more than arrays, damaged shards. One clear line, never a traceback."""

from __future__ import annotations

import json
import os
from itertools import pairwise

import pytest

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

import numpy as np  # noqa: E402
import pyarrow.parquet as parquet  # noqa: E402
from click.testing import CliRunner  # noqa: E402
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from foreshape.cli.data import command  # noqa: E402
from foreshape.contracts import Contract, InputContract, LabelContract  # noqa: E402
from foreshape.data.binding import Binding, bind  # noqa: E402
from foreshape.data.kernel import summarise  # noqa: E402
from foreshape.data.partial import summary_as_dict, summary_from_dict  # noqa: E402
from foreshape.data.summary import merged  # noqa: E402
from foreshape.data.verdict import findings  # noqa: E402

IDS = Contract(
    (InputContract("x", (None,), kind="integer", low=0, high=9),), (LabelContract("y", (), kind="class-index", classes=3),)
)
SERIES = Contract((InputContract("x", (4, 2), kind="float"),))
ROW = st.none() | st.lists(st.none() | st.integers(-2, 12), max_size=4)


def run(*arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ROW, st.none() | st.integers(-1, 3)), min_size=1, max_size=30), st.lists(st.integers(0, 30), max_size=6))
def test_what_is_told_does_not_hang_on_where_batches_end(rows, cuts):
    table = pa.table(
        {"x": pa.array([x for x, _ in rows], pa.list_(pa.int64())), "y": pa.array([y for _, y in rows], pa.int64())}
    )
    binding = bind(IDS, table.schema, {})

    def told(edges):
        parts = (summarise(table.slice(a, b - a).to_batches()[0], binding) for a, b in pairwise(edges) if a < b)
        through_json = (summary_from_dict(json.loads(json.dumps(summary_as_dict(part)))) for part in parts)
        return [each.as_dict() for each in findings(binding, {"all": merged(through_json)})]

    assert told(sorted({0, len(rows), *(min(cut, len(rows)) for cut in cuts)})) == told([0, len(rows)])


@pytest.fixture
def check(tmp_path):
    def run_check(name, contract=IDS):
        path = tmp_path / "contract.json"
        path.write_text(contract.to_json())
        return run("check", tmp_path / name, "--contract", path)

    return run_check


def test_an_archive_may_hold_more_than_columns(tmp_path, check):
    x = np.zeros((3, 4, 2))
    np.savez(tmp_path / "a.npz", x=x, mean=np.float64(3), names=np.array(["a", "b"]), notes=np.array([None], dtype=object))
    assert check("a.npz", SERIES).exit_code == 0
    np.savez(tmp_path / "b.npz", x=np.array([[1], [2, 3]], dtype=object))
    assert check("b.npz").exit_code == 2 and "allow_pickle=False" in check("b.npz").output


def test_columns_may_stand_in_another_order_and_files_be_named_by_a_pattern(tmp_path, check):
    parquet.write_table(pa.table({"x": [[1], [10]], "y": [1, 2]}), tmp_path / "part-0.parquet")
    parquet.write_table(pa.table({"y": [3], "x": [[4]]}), tmp_path / "part-1.parquet")
    found = check("part-*.parquet").output
    assert "row 1, timestep 0: 10" in found and "row 2: 3" in found
    assert check("part-0*").output.count("row ") == 2  # the head of the histogram apart
    assert "there is no such file" in check("other-*.parquet").output


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("short.csv", b"a,b,c\n1,2,3\n1,2\n", "line 3 has 2 columns, but the first line has 3"),
        ("none.txt", b"1", "its name ends in none of .npy"),
        ("zero.npz", b"PK\x05\x06" + bytes(18), "there is no array in it"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path, check, name, content, says):
    (tmp_path / name).write_bytes(content)
    done = check(name)
    assert done.exit_code == 2 and says in done.output and len(done.output.splitlines()) == 1, done.output


def test_rows_without_a_number_are_told(tmp_path, check):
    np.save(tmp_path / "zero.npy", np.ones((3, 0, 2)))
    assert "its rows are (0, 2)" in check("zero.npy", SERIES).output


@pytest.mark.parametrize("change", [{"parts": 5}, {"parts": [{}]}, {"pieces": "a"}, {"schema": 9}])
def test_a_damaged_shard_is_one_line(tmp_path, check, change):
    parquet.write_table(pa.table({"x": [[1]], "y": [1]}), tmp_path / "a.parquet")
    check("a.parquet")
    out = tmp_path / "shard.json"
    run("check", tmp_path / "a.parquet", "--contract", tmp_path / "contract.json", "--shard", "1/1", "--out", out)
    assert run("merge", out).exit_code == 0
    out.write_text(json.dumps({**json.loads(out.read_text()), **change}))
    done = run("merge", out)
    assert done.exit_code == 2 and len(done.output.splitlines()) == 1, done.output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"inputs": []}', "names no input"),
        ('{"inputs": [{"name": "x"}], "labels": 5}', "labels is 5"),
        ('{"inputs": [{"name": "x"}, {"name": "x"}]}', "has the name x twice"),
        ('{"inputs": [{"name": "x", "shape": [true]}]}', "shape is [True]"),
    ],
)
def test_a_contract_that_makes_no_sense_is_one_line(tmp_path, text, says):
    (tmp_path / "c.json").write_text(text)
    np.save(tmp_path / "x.npy", np.zeros((3, 1)))
    done = run("check", tmp_path / "x.npy", "--contract", tmp_path / "c.json")
    assert done.exit_code == 2 and says in done.output and len(done.output.splitlines()) == 1


@pytest.mark.parametrize(("model", "says"), [("m.h5", "HDF5 are not read"), ("m.pt", "a file of weights")])
def test_models_that_are_not_read_say_what_to_do(model, says):
    done = run("contract", "--model", model)
    assert done.exit_code == 2 and says in done.output


def test_an_input_and_an_output_of_one_name():
    contract = Contract((InputContract("dense", (3,), kind="float"),), (LabelContract("dense", (), kind="real"),))
    binding = bind(contract, pa.schema([("x", pa.list_(pa.float64(), 3)), ("y", pa.float64())]), {})
    again = Binding.from_dict(json.loads(json.dumps(binding.as_dict())))
    assert [type(part) for part, _ in again.columns] == [type(part) for part, _ in binding.columns]
    assert Contract.from_json(contract.to_json()).as_dict() == contract.as_dict()


def test_axes_are_called_what_they_are_and_swapped_ones_are_seen(tmp_path, check):
    np.save(tmp_path / "x.npy", np.zeros((3, 2, 4), dtype="float32"))
    found = check("x.npy", SERIES).output
    assert "another number of timesteps than x wants, 4: its two axes look swapped" in found
    values = np.zeros((3, 4, 2))
    values[1, 2, 1] = np.nan
    np.save(tmp_path / "x.npy", values)
    named = Contract((InputContract("x", (2, 4), axes=("channels", "timesteps"), kind="float"),))
    assert "row 1, timestep 2, feature 1: nan" in check("x.npy", SERIES).output
    found = check("x.npy", named).output
    assert "another number of channels than x wants, 2" in found and "row 1, channel 2, timestep 1: nan" in found
    vector = Contract((InputContract("x", (5,), kind="float"),))
    parquet.write_table(pa.table({"x": [[1.0, 2.0], [1.0] * 5]}), tmp_path / "x.parquet")
    assert "another number of numbers than x wants, 5" in check("x.parquet", vector).output


def test_a_table_with_a_column_too_few_says_how_many_there_are(tmp_path, check):
    (tmp_path / "x.csv").write_text("a,b,label\n1,2,0\n3,4,1\n")
    contract = Contract((InputContract("input_layer", (3,), kind="float"),), (LabelContract("out", (), kind="binary"),))
    assert "the input input_layer wants 3 columns, but there are 2: a, b" in check("x.csv", contract).output


def test_what_is_written_has_the_mode_of_any_file_and_goes_where_a_link_points(tmp_path):
    (tmp_path / "c.json").write_text(IDS.to_json())
    parquet.write_table(pa.table({"x": [[1], [2]], "y": [0, 1]}), tmp_path / "x.parquet")
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(real)
    where = tmp_path / "x.parquet", "--contract", tmp_path / "c.json", "--shard", "1/1", "--out"
    usual = tmp_path / "usual"
    usual.touch()
    assert run("check", *where, link).exit_code == 0
    assert link.is_symlink() and json.loads(real.read_text()) and real.stat().st_mode == usual.stat().st_mode
    real.chmod(0o640)
    assert run("check", *where, link).exit_code == 0 and real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="pipes have no name here")
def test_what_is_no_file_is_written_to(tmp_path):
    (tmp_path / "c.json").write_text(IDS.to_json())
    parquet.write_table(pa.table({"x": [[1], [2]], "y": [0, 1]}), tmp_path / "x.parquet")
    read, write = os.pipe()
    try:
        done = run("check", tmp_path / "x.parquet", "--contract", tmp_path / "c.json", "--shard", "1/1", "--out", f"/dev/fd/{write}")
        os.close(write)
        assert done.exit_code == 0 and json.loads(os.read(read, 1 << 16))
    finally:
        os.close(read)


def test_stopped_before_the_first_row_says_so():
    from foreshape.data.telling import as_text

    binding = bind(IDS, pa.schema([("x", pa.list_(pa.int64())), ("y", pa.int64())]), {})
    assert as_text(binding, {}, complete=False).startswith("Stopped before the first row was read.")
