"""A small transformer block over sensor tokens, written with the functional API."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

seq_len, d_model, heads, blocks = 16, 24, 4, 2


def transformer_block(x, heads, ff_dim, rate=0.1):
    attended = layers.MultiHeadAttention(num_heads=heads, key_dim=x.shape[-1] // heads)(x, x)
    attended = layers.Dropout(rate)(attended)
    x = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, attended]))
    forward = layers.Dense(ff_dim, activation="gelu")(x)
    return layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, forward]))


def positional_encoding(length, depth):
    positions = np.arange(length)[:, np.newaxis]
    rates = 1 / 10000 ** (2 * (np.arange(depth)[np.newaxis, :] // 2) / depth)
    angles = positions * rates
    angles[:, 0::2] = np.sin(angles[:, 0::2])
    angles[:, 1::2] = np.cos(angles[:, 1::2])
    return angles[np.newaxis].astype("float32")


inputs = keras.Input(shape=(seq_len, 8))
x = layers.Dense(d_model)(inputs)
x = layers.Lambda(lambda t: t + positional_encoding(seq_len, d_model))(x)
for _ in range(blocks):
    x = transformer_block(x, heads, ff_dim=48)
x = layers.GlobalAveragePooling1D()(x)
outputs = layers.Dense(1, activation="sigmoid")(x)

model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
signals = np.random.randn(32, seq_len, 8).astype("float32")
alarm = (signals[:, :, 0].max(axis=1) > 2).astype("int32")
model.fit(signals, alarm, epochs=1, batch_size=8, verbose=0)
score = model.evaluate(signals, alarm, verbose=0)
print("loss", round(score[0], 3))
