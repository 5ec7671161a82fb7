"""Data that is cut short, mistyped, missing, or has no room: one clear line, status 2, and nothing half-written."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

import pyarrow.parquet as parquet  # noqa: E402

from foreshape.contracts import Contract, InputContract, LabelContract  # noqa: E402

ROOT = Path(__file__).parents[3]
# No bytecode: where files may not grow, half of one would stay behind for the runs after it.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
TOKENS = Contract(
    (InputContract("tokens", (None,), kind="integer", low=0, high=9),),
    (LabelContract("label", (), kind="class-index", classes=3, loss="sparse_categorical_crossentropy"),),
)
SERIES = Contract((InputContract("x", (4, 2), axes=("timesteps", "features"), kind="float"),))


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "foreshape", "data", *map(str, arguments)],
        capture_output=True, text=True, env=ENVIRONMENT, check=False, **options,
    )  # fmt: skip


@pytest.fixture
def contract(tmp_path):
    """Writes a contract and gives its path."""

    def write(given):
        path = tmp_path / "contract.json"
        path.write_text(given.to_json())
        return path

    return write


def tokens(rows: int = 50) -> pa.Table:
    return pa.table(
        {"tokens": pa.array([[i % 10] * (i % 7 + 1) for i in range(rows)]), "label": [i % 3 for i in range(rows)]}
    )


def write_stream(path, table):
    with pa.ipc.new_stream(path, table.schema) as sink:
        for batch in table.to_batches(max_chunksize=10):
            sink.write_batch(batch)


def write_file(path, table):
    with pa.ipc.new_file(path, table.schema) as sink:
        for batch in table.to_batches(max_chunksize=10):
            sink.write_batch(batch)


WRITERS = {
    "d.parquet": lambda path: parquet.write_table(tokens(), path),
    "stream.arrow": lambda path: write_stream(path, tokens()),
    "file.arrow": lambda path: write_file(path, tokens()),
    "x.npy": lambda path: np.save(path, np.zeros((50, 4, 2))),
    "x.npz": lambda path: np.savez(path, x=np.zeros((50, 4, 2))),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_a_file_cut_short(tmp_path, contract, name, share):
    path = tmp_path / name
    WRITERS[name](path)
    chosen = contract(SERIES if name.startswith("x.") else TOKENS)
    assert run("check", path, "--contract", chosen).returncode == 0
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    done = run("check", path, "--contract", chosen)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "cannot be read" in done.stderr
    assert str(path) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not done.stdout


def test_one_of_many_files_cut_short(tmp_path, contract):
    folder = tmp_path / "d"
    folder.mkdir()
    for number in range(3):
        parquet.write_table(tokens(), folder / f"part-{number}.parquet")
    bad = folder / "part-1.parquet"
    bad.write_bytes(bad.read_bytes()[:300])
    done = run("check", folder, "--contract", contract(TOKENS))
    assert (done.returncode, done.stdout) == (2, "")
    assert "part-1.parquet" in done.stderr


def test_damage_within_a_file(tmp_path, contract):
    path = tmp_path / "d.parquet"
    parquet.write_table(pa.table({"tokens": [[i % 10] * 9 for i in range(3000)]}), path, compression="snappy")
    data = bytearray(path.read_bytes())
    data[20:200] = bytes(255 - each for each in data[20:200])
    path.write_bytes(data)
    done = run("check", path, "--contract", contract(TOKENS))
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "cannot be read" in done.stderr


def test_a_column_is_missing(tmp_path, contract):
    path = tmp_path / "d.parquet"
    parquet.write_table(pa.table({"words": [["a"]], "length": [[1]], "kind": [0]}), path)
    done = run("check", path, "--contract", contract(TOKENS))
    assert done.returncode == 2
    assert (
        "no column feeds the input tokens; there are: words, length, kind. Name one: --column tokens=NAME"
        in done.stderr
    )
    done = run("check", path, "--contract", contract(TOKENS), "--column", "tokens=wrods")
    assert done.returncode == 2
    assert "there is no column wrods; there are: words, length, kind" in done.stderr
    done = run("check", path, "--contract", contract(TOKENS), "--column", "tokns=words")
    assert "there is no input or label tokns" in done.stderr


def test_files_of_one_folder_with_other_columns(tmp_path, contract):
    folder = tmp_path / "d"
    folder.mkdir()
    parquet.write_table(tokens(), folder / "a.parquet")
    parquet.write_table(tokens().rename_columns(["tokens", "kind"]), folder / "b.parquet")
    done = run("check", folder, "--contract", contract(TOKENS))
    assert done.returncode == 2
    assert "b.parquet: has the columns tokens, kind, but" in done.stderr


def test_a_wrong_type_is_a_finding(tmp_path, contract):
    parquet.write_table(pa.table({"tokens": [["a", "b"], ["c"]], "label": [0, 1]}), tmp_path / "d.parquet")
    done = run("check", tmp_path / "d.parquet", "--contract", contract(TOKENS), "--format", "json")
    assert done.returncode == 1, done.stderr
    (found,) = [each for each in json.loads(done.stdout)["findings"] if each["column"] == "tokens"]
    assert found["fault"] == "dtype"


@pytest.mark.parametrize("command", ["shard", "contract"])
def test_a_disk_that_fills(tmp_path, contract, command):
    """No file may grow beyond a few bytes: what is written in place of the old one is not left there half."""
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "out.json"
    out.write_text("old")
    parquet.write_table(tokens(), tmp_path / "d.parquet")
    if command == "shard":
        arguments = ("check", tmp_path / "d.parquet", "--contract", contract(TOKENS), "--shard", "1/1", "--out", out)
    else:
        keras_file(tmp_path / "m.keras")
        arguments = ("contract", "--model", tmp_path / "m.keras", "--out", out)
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))  # noqa: E731
    done = run(*arguments, preexec_fn=limit)
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr
    assert out.read_text() == "old"
    assert [each.name for each in folder.iterdir()] == ["out.json"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_nowhere_to_print(tmp_path, contract):
    parquet.write_table(tokens(), tmp_path / "d.parquet")
    command = [
        sys.executable,
        "-m",
        "foreshape",
        "data",
        "check",
        tmp_path / "d.parquet",
        "--contract",
        contract(TOKENS),
    ]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode not in (0, 1)
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_archives_and_orders_of_bytes(tmp_path, contract):
    x = np.zeros((30, 4, 2))
    x[21, 3, 1] = np.nan
    made = {
        "plain.npy": x, "fortran.npy": np.asfortranarray(x), "big.npy": x.astype(">f8"), "half.npy": x.astype("f2"),
        "small.npy": x.astype("<f4"),
    }  # fmt: skip
    for name, array in made.items():
        np.save(tmp_path / name, array)
        data = json.loads(run("check", tmp_path / name, "--contract", contract(SERIES), "--format", "json").stdout)
        (found,) = data["findings"]
        assert (found["fault"], found["first"][0]["row"], found["first"][0]["step"]) == ("not-finite", 21, [3, 1]), name
    np.savez_compressed(tmp_path / "x.npz", x=x)
    data = json.loads(run("check", tmp_path / "x.npz", "--contract", contract(SERIES), "--format", "json").stdout)
    assert data["findings"][0]["first"][0]["row"] == 21


def test_a_memory_map_is_read_in_blocks(tmp_path, contract):
    big = np.lib.format.open_memmap(tmp_path / "x.npy", mode="w+", dtype="float32", shape=(600_000, 4, 2))
    big[599_999, 0, 1] = np.inf
    big.flush()
    done = run("check", tmp_path / "x.npy", "--contract", contract(SERIES), "--format", "json")
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["count"], found["first"][0]["row"], found["first"][0]["step"]) == (1, 599_999, [0, 1])


def test_no_pickle_is_loaded(tmp_path, contract):
    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "opened"),)

    np.save(tmp_path / "x.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "x.npz", x=np.array([Bomb()], dtype=object))
    for name in ("x.npy", "x.npz"):
        done = run("check", tmp_path / name, "--contract", contract(SERIES))
        assert (done.returncode, done.stdout) == (2, "")
        assert "cannot be read" in done.stderr
    assert not (tmp_path / "opened").exists()


def test_text_tables_that_are_none(tmp_path, contract):
    rows = Contract((InputContract("row", (2,), kind="float"),))
    (tmp_path / "empty.csv").write_text("")
    done = run("check", tmp_path / "empty.csv", "--contract", contract(rows))
    assert done.returncode == 2, done.stdout
    assert "there is no row in it" in done.stderr
    (tmp_path / "t.csv").write_text("a,b\n" + "".join(f"{i},{'nan' if i == 7 else i}\n" for i in range(20)))
    done = run("check", tmp_path / "t.csv", "--contract", contract(rows), "--format", "json")
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["fault"], found["count"], found["first"][0]["row"]) == ("not-finite", 1, 7)


def test_lengths_that_drift_between_splits(tmp_path, contract):
    folder = tmp_path / "d"
    folder.mkdir()
    for split, size in (("train", 5), ("test", 50)):
        rows = [[1] * (size + i % 3) for i in range(300)]
        parquet.write_table(
            pa.table({"tokens": rows, "label": [i % 3 for i in range(300)]}), folder / f"{split}.parquet"
        )
    done = run("check", folder, "--contract", contract(TOKENS), "--format", "json")
    assert "length-drift" in {each["fault"] for each in json.loads(done.stdout)["findings"]}


def hugging_face(folder, state):
    """What ``save_to_disk`` writes, without the library."""
    folder.mkdir(parents=True)
    write_stream(folder / "data-00000-of-00001.arrow", tokens())
    (folder / "state.json").write_text(state)
    (folder / "dataset_info.json").write_text("{}")
    return folder


def test_a_hugging_face_data_set_without_the_library(tmp_path, contract):
    good = json.dumps({"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_split": "train"})
    done = run("check", hugging_face(tmp_path / "a", good), "--contract", contract(TOKENS))
    assert done.returncode == 0, done.stderr
    for number, state in enumerate(
        ("{", '{"_data_files": [{}]}', '{"_data_files": [{"filename": "gone.arrow"}]}', "[]")
    ):
        done = run("check", hugging_face(tmp_path / str(number), state), "--contract", contract(TOKENS))
        assert (done.returncode, done.stdout) == (2, ""), (state, done.stderr)
        assert len(done.stderr.strip().splitlines()) == 1
        assert "internal error" not in done.stderr


def test_ctrl_c_leaves_what_there_is(tmp_path, contract):
    """The data comes slowly, through a copy of the kernel that waits."""
    folder = tmp_path / "d"
    folder.mkdir()
    for number in range(6):
        parquet.write_table(pa.table({"tokens": [[99]] * 10, "label": [0] * 10}), folder / f"{number}.parquet")
    script = tmp_path / "slow.py"
    script.write_text(
        "import sys, time\nfrom foreshape.data import engines\nreal = engines.summarise\n"
        "def slow(batch, binding):\n    sys.stderr.write('batch\\n'); sys.stderr.flush()\n    time.sleep(0.3)\n"
        "    return real(batch, binding)\n"
        "engines.summarise = slow\nfrom foreshape.cli.main import main\nmain()\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script), "data", "check", str(folder), "--contract", str(contract(TOKENS)), "--format", "json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
        # a test run in the background ignores Ctrl-C, and what it starts would inherit that
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert process.stderr is not None
    for _ in range(3):
        assert process.stderr.readline() == "batch\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    data = json.loads(said)
    assert data["complete"] is False
    assert 10 <= data["splits"]["all"]["tokens"]["rows"] < 60


# -- contracts of saved models ----------------------------------------------------------------------------------------


def keras_file(path, layers=None):
    """A ``.keras`` file as Keras writes it, with a configuration and weights that are none."""
    inner = layers or [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4, 2], "dtype": "float32", "name": "series"}},
        {"class_name": "LSTM", "config": {"units": 3, "name": "lstm"}, "build_config": {"input_shape": [None, 4, 2]}},
        {"class_name": "Dense", "config": {"units": 1, "name": "dense"}, "build_config": {"input_shape": [None, 3]}},
    ]
    config = {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "m", "layers": inner},
        "compile_config": {"loss": "mse"},
    }
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("metadata.json", "{}")
        archive.writestr("model.weights.h5", b"no weights")
    return path


def test_a_saved_model_is_read_without_running_it(tmp_path):
    code = {"class_name": "__lambda__", "config": {"code": "4wEAAAAAAAAAAAAAAAAAAAA="}}
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4, 2], "dtype": "float32", "name": "series"}},
        {
            "class_name": "Lambda",
            "config": {"function": code, "name": "evil"},
            "build_config": {"input_shape": [None, 4, 2]},
        },
        {"module": "not.installed", "class_name": "Own", "registered_name": "not>Own", "config": {"name": "own"}},
    ]
    done = run("contract", "--model", keras_file(tmp_path / "m.keras", layers))
    assert done.returncode == 0, done.stderr
    (series,) = json.loads(done.stdout)["inputs"]
    assert (series["name"], series["shape"]) == ("series", [4, 2])
    np.save(tmp_path / "x.npy", np.zeros((5, 4, 3)))
    done = run("check", tmp_path / "x.npy", "--model", tmp_path / "m.keras", "--format", "json")
    assert {each["fault"] for each in json.loads(done.stdout)["findings"]} >= {"features"} or done.returncode == 1


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04"])
def test_what_is_no_saved_model(tmp_path, content):
    (tmp_path / "m.keras").write_bytes(content)
    done = run("contract", "--model", tmp_path / "m.keras")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not a .keras file that can be read" in done.stderr


def test_a_saved_model_of_keras_itself(tmp_path):
    keras = pytest.importorskip("keras")
    model = keras.Sequential(
        [keras.Input((None,), dtype="int32", name="tokens"), keras.layers.Embedding(10, 4), keras.layers.LSTM(3),
         keras.layers.Lambda(lambda x: x * 2), keras.layers.Dense(3, activation="softmax")]
    )  # fmt: skip
    model.compile(loss="sparse_categorical_crossentropy")
    model.save(tmp_path / "m.keras")
    done = run("contract", "--model", tmp_path / "m.keras")
    data = json.loads(done.stdout)
    assert [(each["name"], each["shape"], each["high"]) for each in data["inputs"]] == [("tokens", [None], 9)]
    assert [(each["kind"], each["classes"]) for each in data["labels"]] == [("class-index", 3)]
