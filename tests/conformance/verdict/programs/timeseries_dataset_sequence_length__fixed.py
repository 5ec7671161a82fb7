import numpy as np
import tensorflow as tf

SEQUENCE_LENGTH = 24
temps = np.random.rand(300, 2).astype("float32")

train_ds = tf.keras.utils.timeseries_dataset_from_array(
    data=temps[:-SEQUENCE_LENGTH],
    targets=temps[SEQUENCE_LENGTH:, 0],
    sequence_length=SEQUENCE_LENGTH,
    sampling_rate=1,
    batch_size=32,
)

for batch, target in train_ds.take(1):
    print(batch.shape, target.shape)

model = tf.keras.Sequential([
    tf.keras.layers.Input((SEQUENCE_LENGTH, 2)),
    tf.keras.layers.GRU(6),
    tf.keras.layers.Dense(1),
])
model.compile("adam", "mae")
model.fit(train_ds, epochs=1, verbose=0)
