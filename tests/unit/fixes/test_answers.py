"""The first fix is what somebody who knows the field would answer, not merely what silences the error."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from foreshape.cli.session import CheckSession

KERAS = """
import numpy as np
from keras.models import Model, Sequential
from keras.layers import *
from keras.utils import to_categorical
"""
TORCH = """
import numpy as np
import torch
import torch.nn as nn
"""

CASES: dict[str, tuple[str, str, str]] = {
    "declared_from_the_data": (
        KERAS,
        """
        x, y = np.zeros((60, 20, 2)), np.zeros((60, 1))
        model = Sequential([Dense(5, input_shape=(2,)), LSTM(8), Dense(1)])
        model.compile("adam", "mse")
        model.fit(x, y)
        """,
        "Sequential([Dense(5, input_shape=x.shape[1:]), LSTM(8), Dense(1)])",
    ),
    "declared_the_other_way_round": (
        KERAS,
        """
        steps = 3
        x = np.zeros((60, 3)).reshape((60, 1, steps))
        model = Sequential([LSTM(4, input_shape=(steps, 1)), Dense(1)])
        model.compile("adam", "mse")
        model.fit(x, np.zeros(60))
        """,
        "LSTM(4, input_shape=(1, steps)), Dense(1)])",
    ),
    "a_table_for_a_model_of_sequences": (
        KERAS,
        """
        x = np.zeros((60, 6))
        model = Sequential([LSTM(4, input_shape=(50, 6)), Dense(1)])
        model.compile("adam", "mse")
        model.fit(x, np.zeros(60))
        """,
        "",
    ),
    "flatten_before_the_head": (
        KERAS,
        """
        model = Sequential([Conv1D(4, 3, input_shape=(20, 2)), Dense(8), Dense(3, activation="softmax")])
        model.compile("adam", "categorical_crossentropy")
        model.fit(np.zeros((40, 20, 2)), np.zeros((40, 3)))
        """,
        "Flatten(), Dense(8), Dense(3, ...",
    ),
    "a_label_for_every_step": (
        KERAS,
        """
        model = Sequential([LSTM(8, input_shape=(12, 5)), Dense(12)])
        model.compile("adam", "mse")
        model.fit(np.zeros((40, 12, 5)), np.zeros((40, 12, 2)))
        """,
        "return_sequences=True and 2 units",
    ),
    "steps_of_the_decoder": (
        KERAS,
        """
        n_in, n_out = 9, 4
        model = Sequential([LSTM(8, input_shape=(n_in, 2)), RepeatVector(n_in), LSTM(8, return_sequences=True), Dense(1)])
        model.compile("adam", "mse")
        model.fit(np.zeros((40, n_in, 2)), np.zeros((40, n_out, 1)))
        """,
        "RepeatVector(n_out)",
    ),
    "one_sample_and_its_label": (
        KERAS,
        """
        xs, ys = np.zeros((30, 12, 2)), np.zeros((30, 3))
        model = Sequential([LSTM(8, input_shape=(12, 2)), Dense(3)])
        model.compile("adam", "mse")
        for x, y in zip(xs, ys):
            model.fit(x, y)
        """,
        "model.fit(x[np.newaxis], y[np.newaxis])",
    ),
    "samples_that_a_generator_yields": (
        KERAS,
        """
        def samples():
            while True:
                yield np.zeros(4), np.zeros(1)

        model = Sequential([Dense(8, input_shape=(4,)), Dense(1)])
        model.compile("adam", "mse")
        model.fit(samples(), steps_per_epoch=3)
        """,
        "yield np.zeros(4)[np.newaxis], np.zeros(1)[np.newaxis]",
    ),
    "whole_batches_for_a_model_of_fixed_ones": (
        KERAS,
        """
        x, y = np.zeros((100, 5, 2)), np.zeros(100)
        model = Sequential([Input(batch_shape=(32, 5, 2)), LSTM(4, stateful=True), Dense(1)])
        model.compile("adam", "mse")
        model.fit(x, y, batch_size=32)
        """,
        "model.fit(x[: len(x) // 32 * 32], y[: len(y) // 32 * 32], batch_size=32)",
    ),
    "a_branch_without_axes": (
        KERAS,
        """
        image, table = Input((16, 16, 3)), Input((6,))
        maps, numbers = Conv2D(4, 3)(image), Dense(8)(table)
        both = Concatenate()([maps, numbers])
        """,
        "both = Concatenate()([Flatten()(maps), numbers])",
    ),
    "images_in_every_timestep": (
        KERAS,
        """
        x, y = np.zeros((6, 8, 16, 16, 3)), np.zeros(6)
        model = Sequential()
        model.add(Conv2D(4, 3, input_shape=(16, 16, 3)))
        model.add(Flatten())
        model.add(LSTM(4))
        model.add(Dense(1))
        model.compile("adam", "mse")
        model.fit(x, y)
        """,
        "",
    ),
    "labels_of_the_validation": (
        KERAS,
        """
        x, y, held, classes = np.zeros((40, 5)), np.arange(40) % 3, np.zeros((9, 5)), np.arange(9) % 3
        model = Sequential([Dense(8, input_shape=(5,)), Dense(3, activation="softmax")])
        model.compile("adam", "categorical_crossentropy")
        model.fit(x, to_categorical(y, 3), validation_data=(held, classes))
        """,
        "validation_data=(held, to_categorical(classes, 3)))",
    ),
    "a_column_for_each_output": (
        KERAS,
        """
        given = Input((5,))
        model = Model(given, [Dense(1)(given), Dense(1)(given)])
        model.compile("adam", ["mse", "mse"])
        y = np.zeros((40, 2))
        model.fit(np.zeros((40, 5)), y)
        """,
        "model.fit(np.zeros((40, 5)), [y[:, 0], y[:, 1]])",
    ),
    "inputs_that_were_joined": (
        KERAS,
        """
        one, two = Input((3,)), Input((4,))
        model = Model([one, two], Dense(1)(Concatenate()([one, two])))
        model.compile("adam", "mse")
        a, b = np.zeros((40, 3)), np.zeros((40, 4))
        model.fit(np.hstack([a, b]), np.zeros(40))
        """,
        "model.fit([a, b], np.zeros(40))",
    ),
    "a_class_that_is_not_called": (
        KERAS,
        """
        model = Sequential
        model.add(Dense(3, input_shape=(4,)))
        """,
        "model = Sequential()",
    ),
    "rows_that_windows_used_up": (
        KERAS,
        """
        window = 7
        values = np.arange(50.0)
        smooth = np.array([values[i:i + window].mean() for i in range(len(values) - window)])
        error = values - smooth
        """,
        "error = values[window:] - smooth",
    ),
    "the_mask_of_the_other_part": (
        KERAS,
        """
        x_train, x_test, y_train, y_test = np.zeros((70, 2)), np.zeros((30, 2)), np.random.rand(70), np.random.rand(30)
        found = x_test[y_train > 0.5]
        """,
        "found = x_test[y_test > 0.5]",
    ),
    "rows_longer_than_what_was_allocated": (
        KERAS,
        """
        table = np.zeros((90, 4))
        filled = np.zeros((9, 10))
        for i in range(9):
            filled[i] = table[10 * i:10 * (i + 1)]
        """,
        "filled = np.zeros((9, 10, table.shape[-1]))",
    ),
    "a_shortcut_around_a_block": (
        TORCH,
        """
        class Block(nn.Module):
            def __init__(self, given, made):
                super().__init__()
                self.conv = nn.Conv2d(given, made, 3, padding=1)

            def forward(self, x):
                return self.conv(x) + x

        Block(3, 8)(torch.zeros(2, 3, 9, 9))
        """,
        "self.shortcut = nn.Conv2d(given, made, 1) if given != made else nn.Identity(); return self.conv(x) + self.shortcut(x)",
    ),
    "states_for_as_many_samples_as_come_in": (
        TORCH,
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.GRU(3, 4, batch_first=True)

            def start(self):
                return torch.zeros(1, 16, 4)

            def forward(self, x):
                h = self.start()
                return self.rnn(x, h)

        Net()(torch.zeros(5, 7, 3))
        """,
        "h = self.start(x.size(0))",
    ),
    "axes_of_matrices_in_a_batch": (
        TORCH,
        """
        q, k = torch.zeros(4, 10, 8), torch.zeros(4, 10, 8)
        scores = torch.matmul(q, k.transpose(0, 1))
        """,
        "scores = torch.matmul(q, k.transpose(-2, -1))",
    ),
    "columns_of_maps_as_steps": (
        TORCH,
        """
        rnn = nn.LSTM(8, 16, batch_first=True)
        out, _ = rnn(nn.Conv2d(1, 8, 3, padding=1)(torch.zeros(2, 1, 4, 30)))
        """,
        ".permute(0, 3, 1, 2).flatten(2), input_size 32",
    ),
    "the_axis_and_the_dtype_of_labels": (
        TORCH,
        """
        y = torch.randint(0, 2, (16,))
        loss = nn.BCELoss()(torch.sigmoid(nn.Linear(3, 1)(torch.zeros(16, 3))), y)
        """,
        "y.unsqueeze(-1).float())",
    ),
    "masks_without_the_axis_of_channels": (
        TORCH,
        """
        masks = torch.zeros(2, 9, 9)
        loss = nn.BCEWithLogitsLoss()(nn.Conv2d(3, 1, 1)(torch.zeros(2, 3, 9, 9)), masks)
        """,
        "masks.unsqueeze(1))",
    ),
    "batches_that_are_lists_of_one": (
        TORCH,
        """
        net = nn.Linear(3, 1)
        for x in torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.zeros(8, 3)), batch_size=4):
            net(x)
        """,
        "for (x,) in ...",
    ),
    "texts_as_classes": (
        TORCH,
        """
        labels = ["yes", "no", "yes"]
        y = torch.tensor(labels)
        """,
        "y = torch.tensor([sorted(set(labels)).index(each) for each in labels])",
    ),
    "a_flatten_that_was_too_much": (
        KERAS,
        """
        words = Input((30,))
        known = Embedding(100, 8)(words)
        flat = Flatten()(known)
        state = LSTM(4)(flat)
        """,
        "flat = known",
    ),
    "channels_that_one_sample_has": (
        KERAS,
        """
        images = np.zeros((50, 64)).reshape(-1, 8, 8, 3)
        """,
        "reshape(-1, 8, 8, 1)",
    ),
    "a_matrix_that_has_to_be_turned": (
        KERAS,
        """
        x, error = np.zeros((50, 4)), np.zeros(50)
        gradient = x.dot(error)
        """,
        "gradient = x.T.dot(error)",
    ),
    "what_maps_of_this_size_hold": (
        TORCH,
        """
        head = nn.Linear(8 * 5 * 5, 10)
        maps = torch.zeros(4, 8, 3, 3)
        out = head(maps.view(-1, 8 * 5 * 5))
        """,
        "head = nn.Linear(8 * 3 * 3, 10); out = head(maps.view(-1, 8 * 3 * 3))",
    ),
    "the_last_step_only": (
        TORCH,
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn, self.head = nn.LSTM(3, 8, batch_first=True), nn.Linear(8, 5)

            def forward(self, x):
                out, _ = self.rnn(x)
                return self.head(out)

        loss = nn.CrossEntropyLoss()(Net()(torch.zeros(6, 9, 3)), torch.zeros(6, dtype=torch.long))
        """,
        "return self.head(out[:, -1])",
    ),
    "the_values_of_a_maximum": (
        TORCH,
        """
        target = torch.zeros(6) + 0.9 * torch.zeros(6, 3).max(1)
        """,
        "torch.zeros(6, 3).max(1).values",
    ),
    "letters_of_an_equation_turned": (
        TORCH,
        """
        scores = torch.einsum("bhqd,bhdk->bhqk", torch.zeros(2, 4, 7, 8), torch.zeros(2, 4, 7, 8))
        """,
        'torch.einsum("bhqd,bhkd->bhqk", torch.zeros(2, ...',
    ),
    "axes_of_one_of_a_batch": (
        TORCH,
        """
        image = torch.zeros(10, 3, 32, 30)[0].permute(0, 2, 3, 1)
        """,
        "[0].permute(1, 2, 0)",
    ),
    "the_axis_that_is_repeated": (
        TORCH,
        """
        state, outputs = torch.zeros(8, 16), torch.zeros(8, 5, 24)
        both = torch.cat((state.repeat(1, 5, 1), outputs), dim=2)
        """,
        "both = torch.cat((state.unsqueeze(1).repeat(1, 5, 1), outputs), dim=2)",
    ),
    "two_layers_made_alike": (
        TORCH,
        """
        one, two = nn.Linear(5, 16), nn.Linear(7, 8)
        a, b = one(torch.zeros(4, 5)), two(torch.zeros(4, 7))
        difference = a - b
        """,
        "one, two = nn.Linear(5, 8), nn.Linear(7, 8)",
    ),
    "moments_of_columns": (
        KERAS,
        """
        table = np.random.rand(200, 7)
        mean = table.mean(axis=1)
        std = table.std(axis=1)
        scaled = (table - mean) / std
        """,
        "mean = table.mean(axis=0); std = table.std(axis=0)",
    ),
    "a_row_for_every_step": (
        KERAS,
        """
        steps, row = Input((10, 3)), Input((5,))
        both = concatenate([steps, Dense(8)(row)])
        """,
        "both = concatenate([steps, RepeatVector(10)(Dense(8)(row))])",
    ),
    "a_pooling_of_other_axes": (
        KERAS,
        """
        model = Sequential()
        model.add(Conv1D(8, 3, input_shape=(50, 4)))
        model.add(MaxPooling2D(2))
        model.add(Flatten())
        """,
        "model.add(MaxPooling1D(2))",
    ),
    "flat_before_a_linear": (
        TORCH,
        """
        net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.AdaptiveAvgPool2d(1), nn.Linear(8, 4))
        net(torch.zeros(2, 3, 9, 9))
        """,
        "nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4))",
    ),
    "labels_cut_as_scores_are": (
        TORCH,
        """
        out, labels = torch.zeros(12, 8, 50), torch.zeros(12, 8, dtype=torch.long)
        loss = nn.CrossEntropyLoss()(out[1:].view(-1, 50), labels.view(-1))
        """,
        "labels[1:].view(-1))",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_first_fix(name: str, tmp_path: Path) -> None:
    head, code, wanted = CASES[name]
    path = tmp_path / "program.py"
    path.write_text(head.strip() + "\n\n" + textwrap.dedent(code), encoding="utf-8")
    reports = CheckSession({}, fix_seconds=10.0).check([str(path)]).reports
    errors = [each for each in reports if each.severity == "error"]
    titles = [fix.title for fix in errors[0].fixes if fix.verified]
    assert titles and titles[0].endswith(wanted), titles
