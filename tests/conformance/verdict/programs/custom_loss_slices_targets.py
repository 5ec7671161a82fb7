import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def quantile_loss(y_true, y_pred):
    """Pinball loss for three quantiles."""
    quantiles = tf.constant([[0.1, 0.5, 0.9, 0.95]])
    error = y_true - y_pred
    return tf.reduce_mean(tf.maximum(quantiles * error, (quantiles - 1) * error), axis=-1)


inputs = layers.Input((21, 2))
x = layers.GRU(8)(inputs)
outputs = layers.Dense(3)(x)
model = tf.keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss=quantile_loss)
x = np.random.rand(20, 21, 2)
y = np.random.rand(20, 1)
model.fit(x, y, batch_size=10, epochs=1, verbose=0)
