import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def transformer_encoder(inputs, head_size, num_heads, ff_dim, dropout=0.0):
    x = layers.MultiHeadAttention(key_dim=head_size, num_heads=num_heads, dropout=dropout)(inputs, inputs)
    x = layers.Dropout(dropout)(x)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    res = x + inputs
    # feed forward
    x = layers.Conv1D(filters=ff_dim, kernel_size=1, activation="relu")(res)
    x = layers.Dropout(dropout)(x)
    x = layers.Conv1D(filters=inputs.shape[-1], kernel_size=1)(x)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    return x + res


def build_model(input_shape, blocks=2):
    inputs = keras.Input(shape=input_shape)
    x = inputs
    for _ in range(blocks):
        x = transformer_encoder(x, head_size=8, num_heads=2, ff_dim=4)
    x = layers.GlobalAveragePooling1D()(x)
    outputs = layers.Dense(2, activation="softmax")(x)
    return keras.Model(inputs, outputs)


model = build_model((50, 3))
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
model.fit(np.random.rand(8, 50, 3), np.random.randint(0, 2, 8), epochs=1, verbose=0)
