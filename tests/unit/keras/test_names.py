"""Names of layers, as Keras makes them."""

from __future__ import annotations

import pytest

from foreshape.semantics.keras.names import snake_case


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("LSTM", "lstm"),
        ("MaxPooling2D", "max_pooling2d"),
        ("Conv2D", "conv2d"),
        ("Conv2DTranspose", "conv2d_transpose"),
        ("GlobalAveragePooling1D", "global_average_pooling1d"),
        ("TimeDistributed", "time_distributed"),
        ("ConvLSTM2D", "conv_lstm2d"),
        ("MultiHeadAttention", "multi_head_attention"),
        ("GRUCell", "gru_cell"),
        ("InputLayer", "input_layer"),
        ("My_Layer", "my__layer"),
        ("ReLU", "re_lu"),
    ],
)
def test_snake_case(name: str, wanted: str) -> None:
    assert snake_case(name) == wanted
