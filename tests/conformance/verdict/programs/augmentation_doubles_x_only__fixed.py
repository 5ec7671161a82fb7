import numpy as np
import tensorflow as tf

accel = np.random.randn(50, 40, 3).astype("float32")
label = np.random.randint(0, 5, 50)


def jitter(x, sigma=0.03):
    return x + np.random.normal(0.0, sigma, x.shape)


def scaling(x, sigma=0.1):
    factor = np.random.normal(1.0, sigma, size=(x.shape[0], 1, x.shape[2]))
    return x * factor


pool = [accel]
for fn in (jitter, scaling):
    pool.append(fn(accel))
accel_aug = np.concatenate(pool, axis=0)
print("after augmentation:", accel_aug.shape)

model = tf.keras.Sequential([
    tf.keras.layers.GRU(8, input_shape=(40, 3)),
    tf.keras.layers.Dense(5, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(accel_aug, np.tile(label, len(pool)), batch_size=25, epochs=1, verbose=0)
