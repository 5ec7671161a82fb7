"""Windows and padding beside what else makes them, in one run, medians, every result checked against the same sums.

    python benchmarks/sequences.py [--rows 10000000] [--batches 200] [--runs 5] [--write]

Windows: float32 series of 8 columns, length 64, batch 256, one epoch's worth of `--batches` batches, sequential and shuffled. "gather"
is the machine's limit: as many bytes, copied from random places, one block per window. Padding: 100,000 ragged sequences of
integers of 1 to 200 steps. Peers that are not installed are left out and named. `--write` keeps the tables in benchmarks/sequences.md.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import resource
import statistics
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np

from foreshape.sequences import bucket, pad, windows

LENGTH, FEATURES, BATCH = 64, 8, 256
Epoch = Callable[[], Iterator[Any]]


def peak() -> float:
    """Megabytes at the highest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def available(name: str, left_out: list[str]) -> Any:
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        left_out.append(name)
        return None


# -- windows ----------------------------------------------------------------------------------------------------------


def window_peers(series: np.ndarray, batches: int, left_out: list[str]) -> dict[str, dict[str, Epoch]]:
    """Ways to get the first ``batches`` batches of an epoch, by name: sequential and shuffled where there are both."""
    count = len(series) - LENGTH
    order = np.random.default_rng(0).permutation(count)[: batches * BATCH]
    straight = np.arange(batches * BATCH)
    view = np.lib.stride_tricks.sliding_window_view(series, LENGTH, axis=0)

    def ours(shuffle: bool) -> Epoch:
        loader = windows(series, LENGTH, horizon=0).batches(BATCH, shuffle=shuffle, seed=0)
        return lambda: (loader[i] for i in range(batches))

    def with_targets(shuffle: bool) -> Epoch:
        loader = windows(series, LENGTH, horizon=1).batches(BATCH, shuffle=shuffle, seed=0)
        return lambda: (loader[i][0] for i in range(batches))

    def fancy(indices: np.ndarray) -> Epoch:
        return lambda: (view[indices[i : i + BATCH]] for i in range(0, len(indices), BATCH))

    def append(indices: np.ndarray) -> Epoch:
        def epoch() -> Iterator[Any]:
            for i in range(0, len(indices), BATCH):
                yield np.array([series[start : start + LENGTH] for start in indices[i : i + BATCH].tolist()])

        return epoch

    blocks = series[: len(series) // LENGTH * LENGTH].reshape(-1, LENGTH * FEATURES)

    def gather(indices: np.ndarray) -> Epoch:
        places = indices % len(blocks) if indices is order else indices // LENGTH
        return lambda: (blocks.take(places[i : i + BATCH], axis=0) for i in range(0, len(places), BATCH))

    found: dict[str, dict[str, Epoch]] = {
        "gather (the machine)": {"sequential": gather(straight), "shuffled": gather(order)},
        "foreshape.sequences.windows": {"sequential": ours(False), "shuffled": ours(True)},
        "the same, with targets": {"sequential": with_targets(False), "shuffled": with_targets(True)},
        "sliding_window_view + fancy index": {"sequential": fancy(straight), "shuffled": fancy(order)},
        "slices in a list + np.array": {"sequential": append(straight), "shuffled": append(order)},
    }
    keras = available("keras", left_out)
    if keras is not None:
        from itertools import islice

        def dataset(shuffle: bool) -> Epoch:
            made = keras.utils.timeseries_dataset_from_array(
                series, None, sequence_length=LENGTH, batch_size=BATCH, shuffle=shuffle, seed=0 if shuffle else None
            )
            return lambda: islice(iter(made), batches)

        found["timeseries_dataset_from_array"] = {"sequential": dataset(False), "shuffled": dataset(True)}
    torch = available("torch", left_out)
    if torch is not None:
        found |= torch_peers(torch, series, order, straight)
        if available("darts", left_out) is not None:
            found["darts dataset + DataLoader"] = darts_peer(torch, series, order, straight)
    if available("gluonts", left_out) is not None:
        found["GluonTS InstanceSplitter + batches"] = {"shuffled": gluonts_peer(series, batches)}
    return found


def torch_peers(torch: Any, series: np.ndarray, order: np.ndarray, straight: np.ndarray) -> dict[str, dict[str, Epoch]]:
    """A ``Dataset`` with a ``DataLoader``, and ``unfold`` with an index."""
    tensor = torch.from_numpy(series)

    class Slices(torch.utils.data.Dataset):  # type: ignore[misc, name-defined]
        def __len__(self) -> int:
            return len(series) - LENGTH

        def __getitem__(self, start: int) -> Any:
            return tensor[start : start + LENGTH]

    def loader(indices: np.ndarray) -> Epoch:
        made = torch.utils.data.DataLoader(Slices(), batch_size=BATCH, sampler=indices.tolist())
        return lambda: iter(made)

    unfolded = tensor.unfold(0, LENGTH, 1)

    def unfold(indices: np.ndarray) -> Epoch:
        chosen = torch.from_numpy(indices)
        return lambda: (unfolded[chosen[i : i + BATCH]] for i in range(0, len(chosen), BATCH))

    return {
        "DataLoader over a Dataset": {"sequential": loader(straight), "shuffled": loader(order)},
        "torch unfold + index": {"sequential": unfold(straight), "shuffled": unfold(order)},
    }


def darts_peer(torch: Any, series: np.ndarray, order: np.ndarray, straight: np.ndarray) -> dict[str, Epoch]:
    """The data set that darts trains its PyTorch models on; of each sample, the window of the past alone is put into the batch."""
    from darts import TimeSeries
    from darts.utils.data import SequentialTorchTrainingDataset

    data = SequentialTorchTrainingDataset(TimeSeries.from_values(series), input_chunk_length=LENGTH)

    def past(samples: list[Any]) -> Any:
        return torch.from_numpy(np.stack([each.past_target for each in samples]))

    def loader(indices: np.ndarray) -> Epoch:
        places = (len(series) - LENGTH - 1 - indices).tolist()  # darts counts from the end
        made = torch.utils.data.DataLoader(data, batch_size=BATCH, sampler=places, collate_fn=past)
        return lambda: iter(made)

    return {"sequential": loader(straight), "shuffled": loader(order)}


def gluonts_peer(series: np.ndarray, batches: int) -> Epoch:
    """As its models are trained: so many windows drawn from all places of a series, which it keeps with time last."""
    import pandas as pd
    from gluonts.dataset.loader import as_stacked_batches
    from gluonts.itertools import Cyclic
    from gluonts.transform import ExpectedNumInstanceSampler, InstanceSplitter

    sampler = ExpectedNumInstanceSampler(num_instances=batches * BATCH, min_past=LENGTH, min_future=1)
    splitter = InstanceSplitter("target", "is_pad", "start", "forecast_start", sampler, LENGTH, 1)
    entry = {"start": pd.Period("2000-01-01", freq="s"), "target": np.ascontiguousarray(series.T)}

    def epoch() -> Iterator[Any]:
        drawn = splitter.apply(Cyclic([entry]), is_train=True)
        made = as_stacked_batches(drawn, batch_size=BATCH, field_names=["past_target"], num_batches_per_epoch=batches)
        return (batch["past_target"] for batch in made)

    return epoch


def consume(epoch: Epoch) -> tuple[float, int]:
    """Seconds for the batches, and how many bytes they had."""
    began, size = time.perf_counter(), 0
    for batch in epoch():
        size += int(np.prod(batch.shape)) * 4
    return time.perf_counter() - began, size


def window_table(rows: int, batches: int, runs: int, left_out: list[str]) -> list[str]:
    series = np.random.default_rng(1).random((rows, FEATURES), dtype=np.float32)
    before = peak()
    mine = windows(series, LENGTH).batches(BATCH, shuffle=True, seed=0)
    for index in range(batches):
        mine[index]
    extra = peak() - before
    peers = window_peers(series, batches, left_out)
    times: dict[tuple[str, str], list[float]] = {}
    for turn in range(runs + 1):
        for name, kinds in peers.items():
            for kind, epoch in kinds.items():
                seconds, size = consume(epoch)
                expected = batches * BATCH * LENGTH * FEATURES * 4
                assert size == expected, f"{name} gave {size} bytes instead of {expected}"
                if turn:
                    times.setdefault((name, kind), []).append(seconds)
    lines = [f"Windows of {LENGTH} rows from {rows:,} x {FEATURES} float32, batches of {BATCH}, {batches} batches.", ""]
    lines += ["| | sequential, us a batch | shuffled, us a batch | shuffled, GB/s |", "|---|---|---|---|"]
    for name in peers:
        one, two = (
            statistics.median(times.get((name, kind), [math.nan])) / batches * 1e6 for kind in ("sequential", "shuffled")
        )
        first = "-" if math.isnan(one) else f"{one:.0f}"
        lines.append(f"| {name} | {first} | {two:.0f} | {BATCH * LENGTH * FEATURES * 4 / two / 1e3:.2f} |")
    mean = {key: statistics.median(values) for key, values in times.items()}
    names = ("foreshape.sequences.windows", "sliding_window_view + fancy index", "gather (the machine)")
    ours, fancy, gather = (mean[name, "shuffled"] for name in names)
    said = [
        f"- {fancy / ours:.2f} times as fast as `sliding_window_view` with an index, shuffled; aim: 1, {met(fancy >= ours)}.",
        f"- {gather / ours:.0%} of the machine's rate of gathering, shuffled; aim: 90 %, {met(gather / ours >= 0.9)}.",
        f"- {max(extra, 0):.0f} MB beyond the series, shuffled; aim: less than 100 MB, {met(extra < 100)}.",
    ]
    return [*lines, "", *said, ""]


# -- padding ----------------------------------------------------------------------------------------------------------


def padding_table(count: int, runs: int, left_out: list[str]) -> list[str]:
    random = np.random.default_rng(2)
    arrays = [random.integers(0, 1000, size, dtype=np.int64) for size in random.integers(1, 201, count).tolist()]
    lists = [each.tolist() for each in arrays]
    total = sum(int(each.sum()) for each in arrays)
    peers: dict[str, Callable[[], Any]] = {
        "foreshape pad, arrays": lambda: pad(arrays).values,
        "foreshape pad, lists": lambda: pad(lists).values,
        "reading the lists alone (array.fromlist)": lambda: read_alone(lists),
    }
    keras = available("keras", left_out)
    if keras is not None:
        sequence = keras.utils.pad_sequences
        peers["keras pad_sequences, arrays"] = lambda: sequence(arrays, padding="post", dtype="int64")
        peers["keras pad_sequences, lists"] = lambda: sequence(lists, padding="post", dtype="int64")
    torch = available("torch", left_out)
    if torch is not None:
        tensors = [torch.from_numpy(each) for each in arrays]
        peers["torch pad_sequence, tensors"] = lambda: torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True)
    awkward = available("awkward", left_out)
    if awkward is not None:

        def with_awkward(given: Any) -> Any:
            ragged = awkward.Array(given)
            width = int(awkward.max(awkward.num(ragged)))
            return awkward.to_numpy(awkward.fill_none(awkward.pad_none(ragged, width, clip=True), 0))

        peers["awkward pad_none, lists"] = lambda: with_awkward(lists)
    transformers = available("transformers", left_out)
    if transformers is not None:  # what its tokenizers do with ids; a class without a vocabulary is enough for that

        class Ids(transformers.PreTrainedTokenizer):  # type: ignore[misc, name-defined]
            vocab_size = 1

            def get_vocab(self) -> dict[str, int]:
                return {"<pad>": 0}

            def _convert_token_to_id(self, token: str) -> int:
                return 0

        tokenizer = Ids(pad_token="<pad>")
        peers["Hugging Face tokenizer.pad, lists"] = lambda: tokenizer.pad({"input_ids": lists}, return_tensors="np")[
            "input_ids"
        ]
    times: dict[str, list[float]] = {}
    for turn in range(runs + 1):
        for name, run in peers.items():
            began = time.perf_counter()
            found = run()
            seconds = time.perf_counter() - began
            assert int(found.sum()) == total, name
            if turn:
                times.setdefault(name, []).append(seconds)
    lines = [f"Padding {count:,} sequences of 1 to 200 int64 to one array.", "", "| | ms |", "|---|---|"]
    lines += [f"| {name} | {statistics.median(values) * 1e3:.0f} |" for name, values in times.items()]
    lines += ["", *padding_verdict({name: statistics.median(values) for name, values in times.items()})]
    whole, batched = pad(arrays).padding_share, bucket(arrays, 64).padding_share
    shuffled = np.array([len(each) for each in arrays])
    usual = 1 - shuffled.sum() / sum(
        shuffled[i : i + 64].max() * len(shuffled[i : i + 64]) for i in range(0, count, 64)
    )
    return [
        *lines,
        "",
        f"Padding among the cells: {whole:.1%} in one array, {usual:.1%} in batches of 64 as they come, {batched:.1%} in "
        "batches of 64 by `bucket`.",
        "",
    ]


def met(is_met: bool) -> str:
    return "met" if is_met else "not met"


def padding_verdict(medians: dict[str, float]) -> list[str]:
    """How many times as fast as Keras, beside the aim of 2."""
    lines = []
    for kind in ("arrays", "lists"):
        ours, keras = medians[f"foreshape pad, {kind}"], medians.get(f"keras pad_sequences, {kind}")
        if keras is not None:
            lines.append(f"- {kind}: {keras / ours:.2f} times as fast as Keras; aim: 2, {met(keras / ours >= 2)}.")
    bare = medians.get("reading the lists alone (array.fromlist)")
    if bare is not None:
        share = bare / medians["foreshape pad, lists"]
        lines.append(
            f"- reading Python's integers one by one would take {share:.0%} of the whole time for lists; they are read in blocks."
        )
    return [*lines, ""]


def read_alone(lists: list[list[int]]) -> Any:
    """Python's integers into memory, without anything else."""
    found = array("q")
    for each in lists:
        found.fromlist(each)
    return np.frombuffer(found, dtype=np.int64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--batches", type=int, default=200)
    parser.add_argument("--sequences", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    left_out: list[str] = []
    lines = window_table(options.rows, options.batches, options.runs, left_out)
    lines += padding_table(options.sequences, options.runs, left_out)
    if left_out:
        lines += [f"Not installed, left out: {', '.join(sorted(set(left_out)))}.", ""]
    lines.append(
        f"NumPy {np.__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, {options.runs} runs."
    )
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (Path(__file__).parent / "sequences.md").write_text("# Windows and padding\n\n" + text)


if __name__ == "__main__":
    main()
