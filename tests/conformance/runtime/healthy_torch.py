"""PyTorch modules, losses and values with which nothing is wrong. What batches come as: ``healthy_torch_batches``."""

from __future__ import annotations

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from tests.conformance.runtime.case import Case, registry
from tests.conformance.runtime.faults_torch import FixedState, Recurrent, Words, fitted, floats, ids
from tests.conformance.runtime.healthy_torch_batches import looped

CASES, case = registry()


@case
def arrays_of_numpy() -> Case:
    return fitted(Recurrent(), nn.MSELoss(), floats(40, 6, 3).numpy(), floats(40, 1).numpy())


@case
def tensors() -> Case:
    return fitted(Recurrent(), nn.MSELoss(), floats(40, 6, 3), floats(40, 1))


@case
def targets_of_float64() -> Case:
    return fitted(Recurrent(), nn.MSELoss(), floats(32, 6, 3), floats(32, 1).double())


@case
def lists_of_samples() -> Case:
    return fitted(nn.Linear(3, 1), nn.MSELoss(), floats(40, 3).tolist(), floats(40, 1).tolist())


@case
def sequences_against_sequences() -> Case:
    return fitted(Recurrent(sequences=True), nn.MSELoss(), floats(32, 6, 3), floats(32, 6, 1))


@case
def classes() -> Case:
    return fitted(Recurrent(units=4), nn.CrossEntropyLoss(), floats(32, 6, 3), torch.arange(32) % 4)


@case
def classes_as_probabilities() -> Case:
    return fitted(Recurrent(units=4), nn.CrossEntropyLoss(), floats(32, 6, 3), torch.eye(4)[torch.arange(32) % 4])


@case
def classes_left_out() -> Case:
    y = torch.arange(32) % 4
    y[::5] = -100
    return fitted(Recurrent(units=4), nn.CrossEntropyLoss(), floats(32, 6, 3), y)


@case
def another_class_left_out() -> Case:
    y = torch.arange(32) % 4
    y[::5] = 255
    return fitted(Recurrent(units=4), nn.CrossEntropyLoss(ignore_index=255), floats(32, 6, 3), y)


@case
def weights_of_classes() -> Case:
    loss = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0, 4.0]))
    return fitted(Recurrent(units=4), loss, floats(32, 6, 3), torch.arange(32) % 4)


@case
def tags_of_every_step() -> Case:
    class Tagger(Recurrent):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(x).transpose(1, 2)

    y = torch.arange(32 * 6).reshape(32, 6) % 5
    return fitted(Tagger(units=5, sequences=True), nn.CrossEntropyLoss(), floats(32, 6, 3), y)


@case
def loss_that_transposes() -> Case:
    def loss(output: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return nn.functional.cross_entropy(output.transpose(1, 2), labels)

    y = torch.arange(32 * 6).reshape(32, 6) % 5
    return fitted(Recurrent(units=5, sequences=True), loss, floats(32, 6, 3), y)


@case
def binary_logits() -> Case:
    return fitted(Recurrent(), nn.BCEWithLogitsLoss(), floats(32, 6, 3), (floats(32, 1) > 0).float())


@case
def squeezed_output() -> Case:
    class Flat(Recurrent):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(x).squeeze(-1)

    return fitted(Flat(), nn.HuberLoss(), floats(32, 6, 3), floats(32))


@case
def words() -> Case:
    return fitted(Words(), nn.MSELoss(), ids(40, 5, 20), floats(40, 1))


@case
def words_of_int32() -> Case:
    return fitted(Words(), nn.MSELoss(), ids(40, 5, 20).int(), floats(40, 1))


@case
def ids_that_the_model_clamps() -> Case:
    class Clamped(Words):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(x.clamp(0, 19))

    x = ids(64, 5, 20)
    x[60, 1] = 90
    return fitted(Clamped(), nn.MSELoss(), x, floats(64, 1))


@case
def nan_that_the_model_fills() -> Case:
    class Filled(Recurrent):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(torch.nan_to_num(x))

    x = floats(32, 6, 3)
    x[4, 3, 2] = float("nan")
    return fitted(Filled(), nn.MSELoss(), x, floats(32, 1))


@case
def labels_that_a_loss_of_ones_own_leaves_out() -> Case:
    def masked(output: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        known = ~torch.isnan(labels)
        return ((output[known] - labels[known]) ** 2).sum()

    y = floats(32, 1)
    y[3] = float("nan")
    return fitted(Recurrent(), masked, floats(32, 6, 3), y)


@case
def images() -> Case:
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 10))
    return fitted(model, nn.CrossEntropyLoss(), floats(32, 1, 8, 8), torch.arange(32) % 10)


@case
def dropout_and_batch_norm() -> Case:
    model = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 1))
    return fitted(model, nn.MSELoss(), floats(32, 3), floats(32, 1))


@case
def lazy_layers() -> Case:
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(8), nn.ReLU(), nn.LazyLinear(1))
    x, y = floats(32, 6, 3), floats(32, 1)
    return looped(model, nn.MSELoss(), [(x[:16], y[:16]), (x[16:], y[16:])])


@case
def a_state_of_whole_batches() -> Case:
    return fitted(FixedState(8), nn.MSELoss(), floats(24, 6, 3), floats(24, 1), batch_size=8)


@case
def a_state_and_nobody_says_the_batch_size() -> Case:
    model, loss, x, y = FixedState(8), nn.MSELoss(), floats(24, 6, 3), floats(24, 1)
    return Case(model, x, y, loss=loss, train=fitted(model, loss, x, y, batch_size=8).train)


@case
def hidden_state_too() -> Case:
    model = nn.LSTM(3, 4, batch_first=True)
    data = TensorDataset(floats(24, 6, 3), floats(24, 6, 4))
    return looped(model, nn.MSELoss(), DataLoader(data, batch_size=8), lambda batch: (model(batch[0])[0], batch[1]))


@case
def the_second_of_two_outputs() -> Case:
    class Both(Recurrent):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:  # type: ignore[override]
            return self.lstm(x)[0], super().forward(x)

    model = Both(units=4)
    y = torch.arange(24) % 4
    data = DataLoader(TensorDataset(floats(24, 6, 3), y), batch_size=8)
    return looped(model, nn.CrossEntropyLoss(), data, lambda batch: (model(batch[0])[1], batch[1]))


@case
def loss_of_three() -> Case:
    class Mean(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mean = nn.Linear(3, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.mean(x)

    model, loss = Mean(), nn.GaussianNLLLoss()
    made = looped(
        model, lambda out, y: loss(out, y, torch.ones_like(out)), [(floats(8, 3), floats(8, 1)) for _ in range(3)]
    )
    return Case(model, made.x, loss=loss, train=made.train)


@case
def float64_model() -> Case:
    return fitted(Recurrent().double(), nn.MSELoss(), floats(32, 6, 3).double(), floats(32, 1).double())


@case
def transformer() -> Case:
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.1, batch_first=True)
    model = nn.Sequential(nn.TransformerEncoder(layer, 1), nn.Flatten(), nn.Linear(48, 1))
    return fitted(model, nn.MSELoss(), floats(32, 6, 8), floats(32, 1))


@case
def model_that_counts_its_calls() -> Case:
    class Counting(Recurrent):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("calls", torch.zeros(1))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            return super().forward(x)

    return fitted(Counting(), nn.MSELoss(), floats(32, 6, 3), floats(32, 1))


@case
def scripted() -> Case:
    model = torch.jit.script(nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)))
    return fitted(model, nn.MSELoss(), floats(32, 3), floats(32, 1))


@case
def numbers_that_numpy_does_not_have() -> Case:
    data = TensorDataset(floats(32, 3).bfloat16(), floats(32, 1).bfloat16())
    return looped(nn.Linear(3, 1).bfloat16(), nn.MSELoss(), DataLoader(data, batch_size=8))
