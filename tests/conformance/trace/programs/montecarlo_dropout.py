import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def build(n_features, width=16, depth=2, rate=0.2):
    inputs = tf.keras.Input((n_features,))
    x = inputs
    for _ in range(depth):
        x = layers.Dense(width, activation="elu")(x)
        x = layers.Dropout(rate)(x, training=True)
    mean = layers.Dense(1)(x)
    log_var = layers.Dense(1)(x)
    out = layers.Concatenate()([mean, log_var])
    return tf.keras.Model(inputs, out)


def nll(y_true, y_pred):
    mean, log_var = y_pred[:, :1], y_pred[:, 1:]
    return 0.5 * tf.reduce_mean(tf.exp(-log_var) * (y_true - mean) ** 2 + log_var)


rs = np.random.RandomState(0)
x = rs.uniform(-3, 3, size=(120, 1))
noise = rs.normal(scale=0.1 + 0.1 * np.abs(x))
y = np.sin(x) + noise
poly = np.concatenate([x ** p for p in range(1, 4)], axis=1)
mu, sd = poly.mean(0, keepdims=True), poly.std(0, keepdims=True)
z = (poly - mu) / sd

ensemble = [build(z.shape[1]) for _ in range(2)]
for member in ensemble:
    member.compile(optimizer="adam", loss=nll)
    rows = rs.choice(len(z), size=len(z))
    member.fit(z[rows], y[rows], epochs=1, batch_size=32, verbose=0)

grid = np.linspace(-3, 3, 50)[:, np.newaxis]
gz = (np.hstack([grid ** p for p in (1, 2, 3)]) - mu) / sd
draws = np.stack([m.predict(gz, verbose=0) for m in ensemble for _ in range(3)])
means = draws[..., 0]
variances = np.exp(draws[..., 1])
epistemic = means.var(axis=0)
aleatoric = variances.mean(axis=0)
total = epistemic + aleatoric
centre = means.mean(axis=0)
band = np.stack([centre - 2 * np.sqrt(total), centre + 2 * np.sqrt(total)], axis=1)
inside = (np.sin(grid[:, 0]) > band[:, 0]) & (np.sin(grid[:, 0]) < band[:, 1])
q05, q95 = np.percentile(means, [5, 95], axis=0)
weights = np.array([m.get_weights()[0] for m in ensemble])
norm = np.sqrt((weights ** 2).sum(axis=(1, 2)))
print(inside.mean(), q05.shape, norm, weights.shape, q95 is not None)
