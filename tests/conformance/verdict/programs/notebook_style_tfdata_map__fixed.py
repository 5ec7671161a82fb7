# %%
import numpy as np
import tensorflow as tf

# %%
n_classes = 6
x = np.random.rand(70, 32, 2).astype("float32")
y = np.random.randint(0, n_classes, 70)

# %%
def prepare(signal, label):
    return signal, tf.one_hot(label, n_classes)

ds = tf.data.Dataset.from_tensor_slices((x, y)).map(prepare).shuffle(70).batch(14)
ds.element_spec

# %%
model = tf.keras.Sequential([
    tf.keras.layers.Conv1D(8, 5, activation="relu", input_shape=(32, 2)),
    tf.keras.layers.GlobalMaxPooling1D(),
    tf.keras.layers.Dense(n_classes),
])
model.compile(
    optimizer="adam",
    loss=tf.keras.losses.CategoricalCrossentropy(from_logits=True),
)
model.fit(ds, epochs=1, verbose=0)
