"""Faults in what PyTorch modules are trained on."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from tests.conformance.runtime.case import Case, registry

CASES, case = registry()


def floats(*shape: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).normal(size=shape).astype("float32"))


def ids(rows: int, steps: int, size: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).integers(0, size, (rows, steps)))


def fitted(model: nn.Module, loss: Any, x: Any, y: Any = None, batch_size: int = 16, **kwargs: Any) -> Case:
    """A plain training loop, over arrays in batches or over a loader."""

    options = {} if y is None else {"batch_size": batch_size}
    made = Case(model, x, y, loss=loss, **{**options, **kwargs})

    def train() -> None:
        optimizer = torch.optim.SGD(model.parameters(), 0.01)
        if y is None:
            batches = made.fed
        else:
            given, wanted = torch.as_tensor(x), torch.as_tensor(y)
            if len(given) != len(wanted):
                TensorDataset(given, wanted)
            batches = [
                (given[i : i + batch_size], wanted[i : i + batch_size]) for i in range(0, len(given), batch_size)
            ]
        for batch, labels in batches:
            optimizer.zero_grad()
            loss(model(batch), labels).backward()
            optimizer.step()

    made.train = train
    return made


class Recurrent(nn.Module):
    def __init__(self, features: int = 3, units: int = 1, sequences: bool = False) -> None:
        super().__init__()
        self.lstm = nn.LSTM(features, 4, batch_first=True)
        self.head = nn.Linear(4, units)
        self.sequences = sequences

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out, _ = self.lstm(x)
        return self.head(out if self.sequences else out[:, -1])


class TimeFirst(Recurrent):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.lstm(x)[0][-1])


class Words(nn.Module):
    def __init__(self, size: int = 20, units: int = 1) -> None:
        super().__init__()
        self.table = nn.Embedding(size, 4)
        self.head = nn.Linear(4, units)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.table(x).mean(1))


class FixedState(nn.Module):
    def __init__(self, batch: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.head = nn.Linear(4, 1)
        self.register_buffer("h", torch.zeros(1, batch, 4))
        self.register_buffer("c", torch.zeros(1, batch, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out, _ = self.lstm(x, (self.h, self.c))
        return self.head(out[:, -1])


@case
def sequence_output_against_flat_targets() -> Case:
    return fitted(Recurrent(sequences=True), nn.MSELoss(), floats(32, 16, 3), floats(32), rule="silent-loss-broadcast")


@case
def loss_broadcasts() -> Case:
    return fitted(Recurrent(), nn.MSELoss(), floats(32, 6, 3), floats(32), rule="silent-loss-broadcast")


@case
def loss_function_broadcasts() -> Case:
    return fitted(
        Recurrent(), nn.functional.l1_loss, floats(32, 6, 3).numpy(), floats(32).numpy(), rule="silent-loss-broadcast"
    )


@case
def loss_cannot_compare() -> Case:
    return fitted(Recurrent(units=3), nn.MSELoss(), floats(32, 6, 3), floats(32, 2), rule="label-shape")


@case
def bce_of_flat_targets() -> Case:
    y = (floats(32) > 0).float()
    return fitted(Recurrent(), nn.BCEWithLogitsLoss(), floats(32, 6, 3), y, rule="label-shape")


@case
def nan_in_x() -> Case:
    x = floats(32, 6, 3)
    x[7, 2, 1] = float("nan")
    return fitted(Recurrent(), nn.MSELoss(), x, floats(32, 1), rule="not-finite", place=(7, (2, 1), "nan"), count=1)


@case
def infinity_in_x() -> Case:
    x = floats(32, 6, 3)
    x[9, 0, 2] = x[10, 0, 2] = float("inf")
    return fitted(Recurrent(), nn.MSELoss(), x, floats(32, 1), rule="not-finite", place=(9, (0, 2), "inf"), count=2)


@case
def nan_in_loader() -> Case:
    x, y = floats(48, 6, 3), floats(48, 1)
    y[37, 0] = float("nan")
    data = DataLoader(TensorDataset(x, y), batch_size=16)
    return fitted(Recurrent(), nn.MSELoss(), data, rule="not-finite", place=(37, (0,), "nan"), count=1)


@case
def id_below_zero() -> Case:
    x = ids(32, 5, 20)
    x[11, 3] = -1
    return fitted(Words(), nn.MSELoss(), x, floats(32, 1), rule="embedding-range", place=(11, (3,), "-1"), count=1)


@case
def id_past_the_end() -> Case:
    x = ids(32, 5, 20)
    x[24, 1], x[25, 0] = 20, 25
    return fitted(Words(), nn.MSELoss(), x, floats(32, 1), rule="embedding-range", place=(24, (1,), "20"), count=2)


@case
def ids_of_floats() -> Case:
    return fitted(Words(), nn.MSELoss(), ids(32, 5, 20).float(), floats(32, 1), rule="dtype-mismatch")


@case
def fewer_features() -> Case:
    return fitted(Recurrent(), nn.MSELoss(), floats(32, 6, 2), floats(32, 1), rule="feature-mismatch")


@case
def swapped_axes() -> Case:
    model = nn.Sequential(nn.Conv1d(3, 4, 2), nn.Flatten(), nn.Linear(20, 1))
    return fitted(model, nn.MSELoss(), floats(32, 6, 3), floats(32, 1), rule="feature-mismatch")


@case
def more_timesteps() -> Case:
    model = nn.Sequential(nn.Conv1d(3, 4, 2), nn.Flatten(), nn.Linear(20, 1))
    return fitted(model, nn.MSELoss(), floats(32, 3, 8), floats(32, 1), rule="feature-mismatch")


@case
def labels_from_one() -> Case:
    y = torch.arange(32) % 4 + 1
    return fitted(
        Recurrent(units=4), nn.CrossEntropyLoss(), floats(32, 6, 3), y, rule="label-range", place=(3, (), "4"), count=8
    )


@case
def labels_below_zero() -> Case:
    y = torch.arange(32) % 4
    y[20] = -1
    return fitted(
        Recurrent(units=4),
        nn.CrossEntropyLoss(),
        floats(32, 6, 3),
        y,
        rule="label-range",
        place=(20, (), "-1"),
        count=1,
    )


@case
def bce_of_minus_one() -> Case:
    y = torch.where(torch.arange(32) % 2 == 0, -1.0, 1.0)[:, None]
    model = nn.Sequential(Recurrent(), nn.Sigmoid())
    return fitted(model, nn.BCELoss(), floats(32, 6, 3), y, rule="label-range", place=(0, (0,), "-1.0"), count=16)


@case
def one_hot_integers() -> Case:
    y = torch.eye(4).long()[torch.arange(32) % 4]
    return fitted(Recurrent(units=4), nn.CrossEntropyLoss(), floats(32, 6, 3), y, rule="label-shape|dtype-mismatch")


@case
def labels_as_a_column() -> Case:
    y = (torch.arange(32) % 4)[:, None]
    return fitted(Recurrent(units=4), nn.CrossEntropyLoss(), floats(32, 6, 3), y, rule="label-shape")


@case
def classes_on_the_last_axis() -> Case:
    y = torch.arange(32 * 6).reshape(32, 6) % 4
    return fitted(Recurrent(units=4, sequences=True), nn.CrossEntropyLoss(), floats(32, 6, 3), y, rule="label-shape")


@case
def integer_targets_of_bce() -> Case:
    y = (torch.arange(32) % 2)[:, None]
    return fitted(Recurrent(), nn.BCEWithLogitsLoss(), floats(32, 6, 3), y, rule="dtype-mismatch")


@case
def float_classes() -> Case:
    y = (torch.arange(32) % 4).float()
    return fitted(Recurrent(units=4), nn.CrossEntropyLoss(), floats(32, 6, 3), y, rule="dtype-mismatch|label-shape")


@case
def float64_inputs() -> Case:
    return fitted(
        Recurrent(), nn.MSELoss(), floats(32, 6, 3).numpy().astype("float64"), floats(32, 1), rule="dtype-mismatch"
    )


@case
def ragged_objects() -> Case:
    x = np.empty(8, dtype=object)
    x[:] = [np.zeros((6 if i != 5 else 4, 3)) for i in range(8)]
    return fitted(Recurrent(), nn.MSELoss(), x, floats(8, 1), rule="ragged-array", place=(5, (), "4 long"), count=1)


@case
def other_number_of_labels() -> Case:
    return fitted(Recurrent(), nn.MSELoss(), floats(32, 6, 3), floats(31, 1), rule="cardinality")


@case
def short_last_batch() -> Case:
    return fitted(FixedState(8), nn.MSELoss(), floats(20, 6, 3), floats(20, 1), batch_size=8, rule="short-batch")


@case
def short_last_batch_of_a_loader() -> Case:
    data = DataLoader(TensorDataset(floats(20, 6, 3), floats(20, 1)), batch_size=8)
    return fitted(FixedState(8), nn.MSELoss(), data, rule="short-batch")


@case
def batch_norm_of_one() -> Case:
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    data = DataLoader(TensorDataset(floats(17, 3), floats(17, 1)), batch_size=8)
    return fitted(model, nn.MSELoss(), data, rule="short-batch")


@case
def one_window_of_another_width() -> Case:
    batches = [(floats(8, 6, 3), floats(8, 1)), (floats(8, 6, 4), floats(8, 1))]
    return fitted(Recurrent(), nn.MSELoss(), iter(batches), rule="feature-mismatch", elements=2)


@case
def samples_that_cannot_be_stacked() -> Case:
    class Uneven(torch.utils.data.Dataset[Any]):
        def __len__(self) -> int:
            return 12

        def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
            return torch.ones(5 + index % 2, 3), 1

    return fitted(Recurrent(), nn.MSELoss(), DataLoader(Uneven(), batch_size=4), rule="ragged-array")


@case
def samples_read_as_time() -> Case:
    return fitted(TimeFirst(), nn.MSELoss(), floats(32, 6, 3), floats(32, 1), rule="label-shape")


@case
def squeezed_batch_of_one() -> Case:
    class Squeezed(Recurrent):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(x).squeeze()

    data = DataLoader(TensorDataset(floats(33, 6, 3), torch.arange(33) % 4), batch_size=16)
    return fitted(Squeezed(units=4), nn.CrossEntropyLoss(), data, rule="short-batch")


@case
def more_steps_than_positions() -> Case:
    class Placed(Words):
        def __init__(self) -> None:
            super().__init__()
            self.places = nn.Embedding(5, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head((self.table(x) + self.places(torch.arange(x.size(1)))).mean(1))

    return fitted(Placed(), nn.MSELoss(), ids(32, 7, 20), floats(32, 1), rule="index-range")


@case
def squeezed_to_no_axis() -> Case:
    class Squeezed(Recurrent):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(x).squeeze()

    data = DataLoader(TensorDataset(floats(33, 6, 3), (torch.arange(33) % 2).float()), batch_size=16)
    return fitted(Squeezed(), nn.BCEWithLogitsLoss(), data, rule="short-batch")


def _with_second(model: nn.Module, loss: Any, data: DataLoader[Any], **kwargs: Any) -> Case:
    """A loop over (x, another input, y)."""

    def train() -> None:
        for x, second, y in data:
            loss(model(x, second), y)

    return Case(model, data, loss=loss, train=train, **kwargs)


@case
def a_sequence_of_no_steps() -> Case:
    class Packed(Recurrent):
        def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
            packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            return self.head(self.lstm(packed)[1][0][-1])

    lengths = torch.arange(48) % 6 + 1
    lengths[21] = 0
    data = DataLoader(TensorDataset(floats(48, 6, 3), lengths, floats(48, 1)), batch_size=16)
    return _with_second(Packed(), nn.MSELoss(), data, rule="model-error", place=(21, (), "0"), count=1)


@case
def a_mask_of_another_length() -> Case:
    class Attending(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

        def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return self.attention(x, x, x, key_padding_mask=mask)[0].mean(1)

    mask = torch.zeros(32, 5, dtype=torch.bool)
    data = DataLoader(TensorDataset(floats(32, 6, 8), mask, floats(32, 8)), batch_size=16)
    return _with_second(Attending(), nn.MSELoss(), data, rule="mask-shape")


@case
def a_column_past_its_own_table() -> Case:
    class Columns(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tables = nn.ModuleList([nn.Embedding(size, 2) for size in (5, 9, 3)])
            self.head = nn.Linear(6, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(torch.cat([table(x[:, i]) for i, table in enumerate(self.tables)], -1))

    x = torch.stack([torch.arange(48) % size for size in (5, 9, 3)], 1)
    x[37, 2] = 4
    return fitted(Columns(), nn.MSELoss(), x, floats(48, 1), rule="index-range", place=(37, (2,), "4"), count=1)


@case
def scores_instead_of_probabilities() -> Case:
    y = (torch.arange(32) % 2).float()[:, None]
    return fitted(nn.Linear(3, 1), nn.BCELoss(), floats(32, 3), y, rule="logits-as-probabilities")


@case
def more_steps_than_sinusoids() -> Case:
    class Placed(Words):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("places", torch.zeros(10, 4))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head((self.table(x) + self.places[: x.size(1)]).mean(1))

    return fitted(Placed(), nn.MSELoss(), ids(32, 14, 20), floats(32, 1), rule="broadcast-mismatch")


@case
def a_reshape_that_does_not_divide() -> Case:
    class Flat(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head = nn.Linear(20, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(x.reshape(x.size(0), 20))

    return fitted(Flat(), nn.MSELoss(), floats(32, 6, 3), floats(32, 1), rule="reshape-size")


@case
def ragged_lists() -> Case:
    x = [[1.0, 2.0, 3.0], [4.0, 5.0], [6.0, 7.0, 8.0]] * 4
    train = lambda: torch.tensor(x)  # noqa: E731
    place = (1, (), "2 long")
    return Case(nn.Linear(3, 1), x, floats(12, 1), loss=nn.MSELoss(), train=train, rule="ragged-array", place=place, count=4)
