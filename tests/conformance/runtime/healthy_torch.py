"""Pairs of PyTorch modules and data with which nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from tests.conformance.runtime.case import Case, registry
from tests.conformance.runtime.faults_torch import FixedState, Recurrent, Words, fitted, floats, ids

CASES, case = registry()


def looped(
    model: nn.Module, loss: Any, batches: Any, call: Callable[[Any], tuple[Any, Any]] | None = None, **options: Any
) -> Case:
    """A loop over batches; call: (model, batch) to output and labels."""
    case_ = Case(model, batches, loss=loss, **options)

    def train() -> int:
        optimizer = None
        count = 0
        for batch in case_.fed:
            output, labels = call(batch) if call is not None else (model(batch[0]), batch[1])
            value = loss(output, labels)
            optimizer = optimizer or torch.optim.SGD(model.parameters(), 0.01)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            count += 1
        return count

    case_.train = train
    return case_


def pairs(*x: int) -> TensorDataset:
    return TensorDataset(floats(*x), floats(x[0], 1))


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
def loader_that_shuffles() -> Case:
    return looped(Recurrent(), nn.MSELoss(), DataLoader(pairs(50, 6, 3), batch_size=16, shuffle=True))


@case
def loader_with_a_generator() -> Case:
    generator = torch.Generator().manual_seed(3)
    return looped(
        Recurrent(), nn.MSELoss(), DataLoader(pairs(50, 6, 3), batch_size=16, shuffle=True, generator=generator)
    )


@case
def loader_that_drops_the_last() -> Case:
    return looped(FixedState(8), nn.MSELoss(), DataLoader(pairs(20, 6, 3), batch_size=8, drop_last=True))


@case
def a_state_of_whole_batches() -> Case:
    return fitted(FixedState(8), nn.MSELoss(), floats(24, 6, 3), floats(24, 1), batch_size=8)


@case
def a_state_and_nobody_says_the_batch_size() -> Case:
    model, loss, x, y = FixedState(8), nn.MSELoss(), floats(24, 6, 3), floats(24, 1)
    return Case(model, x, y, loss=loss, train=fitted(model, loss, x, y, batch_size=8).train)


class Noisy(Dataset[Any]):
    """Draws from NumPy and Python for every sample."""

    def __len__(self) -> int:
        return 37

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        if index >= len(self):
            raise IndexError(index)
        return np.random.normal(size=(6, 3)).astype("float32"), np.array([index / 37], "float32")


@case
def data_set_given_itself() -> Case:
    data = Noisy()
    made = looped(Recurrent(), nn.MSELoss(), DataLoader(data, batch_size=8))
    return Case(made.model, data, loss=made.options["loss"], batch_size=8, train=lambda: made.train())


@case
def data_set_that_augments() -> Case:
    return looped(Recurrent(), nn.MSELoss(), DataLoader(Noisy(), batch_size=8, shuffle=True))


class Stream(IterableDataset[Any]):
    def __iter__(self) -> Iterator[Any]:
        for i in range(90):
            yield floats(6, 3) + i / 90, floats(1)


@case
def stream() -> Case:
    return looped(Recurrent(), nn.MSELoss(), DataLoader(Stream(), batch_size=8))


class Once(IterableDataset[Any]):
    """Hands out what it has once."""

    def __init__(self) -> None:
        self.rest = iter([(floats(6, 3) + i / 90, floats(1)) for i in range(90)])

    def __iter__(self) -> Iterator[Any]:
        return self.rest


@case
def stream_that_is_gone_then() -> Case:
    return looped(Recurrent(), nn.MSELoss(), DataLoader(Once(), batch_size=8), elements=12)


@case
def generator() -> Case:
    def batches() -> Iterator[Any]:
        for i in range(20):
            yield floats(8, 6, 3) + i, floats(8, 1)

    return looped(Recurrent(), nn.MSELoss(), batches(), elements=20)


@case
def short_generator() -> Case:
    return looped(Recurrent(), nn.MSELoss(), ((floats(8, 6, 3), floats(8, 1)) for _ in range(3)), elements=3)


@case
def list_of_batches() -> Case:
    return looped(Recurrent(), nn.MSELoss(), [(floats(8, 6, 3), floats(8, 1)) for _ in range(3)])


@case
def batches_of_different_lengths() -> Case:
    """Bucketed: every batch is as long as its longest sequence."""
    return looped(Recurrent(), nn.MSELoss(), [(floats(8, steps, 3), floats(8, 1)) for steps in (4, 9, 6)])


@case
def padded_with_lengths() -> Case:
    class Packed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.head = nn.LSTM(3, 4, batch_first=True), nn.Linear(4, 1)

        def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
            packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            _, (h, _) = self.lstm(packed)
            return self.head(h[-1])

    data = [(torch.arange(steps * 3.0).reshape(steps, 3) / 30, torch.tensor([1.0])) for steps in (4, 9, 6, 2, 3)]

    def collate(items: list[Any]) -> tuple[Any, Any, Any]:
        x = nn.utils.rnn.pad_sequence([each for each, _ in items], batch_first=True)
        return x, torch.tensor([len(each) for each, _ in items]), torch.stack([y for _, y in items])

    model = Packed()
    loader = DataLoader(data, batch_size=2, collate_fn=collate)
    return looped(model, nn.MSELoss(), loader, lambda batch: (model(batch[0], batch[1]), batch[2]))


@case
def lengths_that_the_model_does_not_take() -> Case:
    model = Recurrent()
    batches = [(floats(8, 6, 3), torch.full((8,), 6), floats(8, 1)) for _ in range(3)]
    return looped(model, nn.MSELoss(), batches, lambda batch: (model(batch[0]), batch[2]))


@case
def source_and_target() -> Case:
    class Translator(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.head = nn.Embedding(20, 4), nn.Linear(4, 20)
            self.encoder, self.decoder = nn.GRU(4, 4, batch_first=True), nn.GRU(4, 4, batch_first=True)

        def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
            _, state = self.encoder(self.table(source))
            return self.head(self.decoder(self.table(target), state)[0])

    model = Translator()
    data = TensorDataset(ids(24, 7, 20), ids(24, 5, 20))

    def loss(output: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return nn.functional.cross_entropy(output.reshape(-1, 20), labels.reshape(-1))

    def call(batch: Any) -> tuple[Any, Any]:
        return model(batch[0], batch[1][:, :-1]), batch[1][:, 1:]

    return looped(model, loss, DataLoader(data, batch_size=8), call)


@case
def two_inputs() -> Case:
    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.head = nn.Embedding(20, 4), nn.Linear(7, 1)

        def forward(self, words: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
            return self.head(torch.cat([self.table(words).mean(1), numbers], 1))

    model = Two()
    data = TensorDataset(ids(24, 5, 20), floats(24, 3), floats(24, 1))
    return looped(
        model, nn.MSELoss(), DataLoader(data, batch_size=8), lambda batch: (model(batch[0], batch[1]), batch[2])
    )


@case
def inputs_by_name() -> Case:
    class Named(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.head = nn.Embedding(20, 4), nn.Linear(4, 1)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> dict[str, torch.Tensor]:
            weights = attention_mask[..., None].float()
            return {"logits": self.head((self.table(input_ids) * weights).sum(1))}

    model = Named()
    batches = [
        {"input_ids": ids(8, 5, 20), "attention_mask": torch.ones(8, 5), "labels": floats(8, 1)} for _ in range(3)
    ]

    def call(batch: Any) -> tuple[Any, Any]:
        return model(batch["input_ids"], batch["attention_mask"])["logits"], batch["labels"]

    return looped(model, nn.MSELoss(), batches, call)


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
def autoencoder_without_labels() -> Case:
    model = nn.Sequential(nn.Linear(6, 2), nn.Linear(2, 6))
    batches = [floats(8, 6) for _ in range(3)]
    return looped(model, nn.MSELoss(), batches, lambda batch: (model(batch), batch))


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
def batches_of_a_class_of_ones_own() -> Case:
    class Both:
        def __init__(self) -> None:
            self.x, self.y = floats(8, 3), floats(8, 1)

    class Reads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head = nn.Linear(3, 1)

        def forward(self, batch: Both) -> torch.Tensor:
            return self.head(batch.x)

    model = Reads()
    return looped(model, nn.MSELoss(), [Both(), Both()], lambda batch: (model(batch), batch.y))


@case
def bags_and_where_they_begin() -> Case:
    class Bag(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.head = nn.EmbeddingBag(20, 4), nn.Linear(4, 3)

        def forward(self, words: torch.Tensor, begins: torch.Tensor) -> torch.Tensor:
            return self.head(self.table(words, begins))

    model = Bag()
    batches = [(ids(1, size, 20)[0], torch.tensor([0, 2, 5]), torch.tensor([0, 2, 1])) for size in (9, 7)]
    return looped(model, nn.CrossEntropyLoss(), batches, lambda batch: (model(batch[0], batch[1]), batch[2]))


@case
def time_first_batches() -> Case:
    class TimeFirst(Recurrent):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(3, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(self.lstm(x)[0][-1])

    batches = [(floats(steps, 8, 3), floats(8, 1)) for steps in (6, 9, 4)]
    return looped(TimeFirst(), nn.MSELoss(), batches)


class Samples(Dataset[Any]):
    """Windows of different lengths, with a name."""

    def __len__(self) -> int:
        return 20

    def __getitem__(self, place: int) -> Any:
        return place, floats(2 + place % 3, 3), floats(1), f"patient {place}"


def _padded(samples: Any) -> Any:
    places, x, y, names = zip(*samples)
    return torch.tensor(places), nn.utils.rnn.pad_sequence(x, batch_first=True), torch.stack(y), names


@case
def the_place_comes_first() -> Case:
    model = Recurrent()
    data = DataLoader(Samples(), batch_size=8, collate_fn=_padded)
    return looped(model, nn.MSELoss(), data, lambda batch: (model(batch[1]), batch[2]))


@case
def names_in_a_dict() -> Case:
    model = Recurrent()

    def collate(samples: Any) -> Any:
        _, x, y, names = _padded(samples)
        return {"name": names, "x": x, "y": y}

    data = DataLoader(Samples(), batch_size=8, collate_fn=collate)
    return looped(model, nn.MSELoss(), data, lambda batch: (model(batch["x"]), batch["y"]))


@case
def a_list_of_samples() -> Case:
    class OneByOne(Recurrent):
        def forward(self, samples: Any) -> torch.Tensor:
            return torch.cat([super(OneByOne, self).forward(each[None]) for each in samples])

    def collate(samples: Any) -> Any:
        return [x for _, x, _, _ in samples], torch.stack([y for _, _, y, _ in samples])

    return looped(OneByOne(), nn.MSELoss(), DataLoader(Samples(), batch_size=8, collate_fn=collate))


@case
def bags_of_a_short_last_batch() -> Case:
    class Bags(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.EmbeddingBag(20, 4)
            self.head = nn.Linear(4, 1)

        def forward(self, flat: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
            return self.head(self.table(flat, starts))

    def collate(samples: Any) -> Any:
        words = [torch.arange(2 + place % 4) for place in samples]
        starts = torch.tensor([0, *(len(each) for each in words[:-1])]).cumsum(0)
        return torch.cat(words), starts, torch.zeros(len(words), 1)

    model = Bags()
    data = DataLoader(range(20), batch_size=8, collate_fn=collate)  # type: ignore[arg-type]
    return looped(model, nn.MSELoss(), data, lambda batch: (model(*batch[:2]), batch[2]))


@case
def numbers_that_numpy_does_not_have() -> Case:
    data = TensorDataset(floats(32, 3).bfloat16(), floats(32, 1).bfloat16())
    return looped(nn.Linear(3, 1).bfloat16(), nn.MSELoss(), DataLoader(data, batch_size=8))


@case
def a_mask_by_name() -> Case:
    class Encoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding(20, 8)
            layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
            self.encoder = nn.TransformerEncoder(layer, 1)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            return self.encoder(self.table(input_ids), src_key_padding_mask=~attention_mask)[:, 0]

    mask = torch.ones(8, 5, dtype=torch.bool)
    data = [{"input_ids": ids(8, 5, 20), "attention_mask": mask, "labels": floats(8, 8)} for _ in range(3)]
    model = Encoder()
    call = lambda batch: (model(batch["input_ids"], batch["attention_mask"]), batch["labels"])  # noqa: E731
    return looped(model, nn.MSELoss(), data, call)


@case
def labels_before_inputs() -> Case:
    model = Recurrent()
    data = [(floats(8, 1), floats(8, 6, 3), ("a", "b") * 4) for _ in range(3)]
    return looped(model, nn.MSELoss(), data, lambda batch: (model(batch[1]), batch[0]))


@case
def lengths_from_long_to_short() -> Case:
    class Packed(Recurrent):
        def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
            packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
            return self.head(self.lstm(packed)[1][0][-1])

    data = TensorDataset(floats(32, 6, 3), torch.tensor([6, 5, 5, 4, 3, 2, 1, 1] * 4), floats(32, 1))
    model = Packed()
    return looped(model, nn.MSELoss(), DataLoader(data, batch_size=8), lambda batch: (model(*batch[:2]), batch[2]))
