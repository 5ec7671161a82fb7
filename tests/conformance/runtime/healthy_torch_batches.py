"""What PyTorch loops go over when nothing is wrong: loaders, data sets, streams, and batches of several parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from tests.conformance.runtime.case import Case, registry
from tests.conformance.runtime.faults_torch import FixedState, Recurrent, TimeFirst, floats, ids

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
def autoencoder_without_labels() -> Case:
    model = nn.Sequential(nn.Linear(6, 2), nn.Linear(2, 6))
    batches = [floats(8, 6) for _ in range(3)]
    return looped(model, nn.MSELoss(), batches, lambda batch: (model(batch), batch))


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


@case
def any_number_of_inputs() -> Case:
    class Sum(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head = nn.Linear(3, 1)

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            return self.head(sum(inputs))

    model = Sum()
    data = DataLoader(TensorDataset(floats(32, 3), floats(32, 3), floats(32, 1)), batch_size=8)
    return looped(model, nn.MSELoss(), data, lambda batch: (model(*batch[:-1]), batch[-1]))


@case
def a_module_that_comes_with_its_loss() -> Case:
    class Classifier(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.head = nn.Embedding(20, 4), nn.Linear(4, 2)

        def forward(self, input_ids: torch.Tensor, labels: torch.Tensor | None = None) -> dict[str, torch.Tensor]:
            logits = self.head(self.table(input_ids).mean(1))
            return {"loss": nn.functional.cross_entropy(logits, labels), "logits": logits}

    model = Classifier()
    data = DataLoader([{"input_ids": row, "labels": int(row[0] % 2)} for row in ids(32, 5, 20)], batch_size=8)
    return looped(model, lambda loss, _: loss, data, lambda batch: (model(**batch)["loss"], None))
