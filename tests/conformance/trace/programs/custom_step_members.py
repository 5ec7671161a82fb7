"""What a model's own training step asks of its model, and what it says of itself."""
import numpy as np
import tensorflow as tf
from tensorflow import keras


class Regressor(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return self.compute_metrics(x, y, y_pred, None)

    def test_step(self, data):
        logs = super().test_step(data)
        checked = logs["loss"]
        return logs

    def predict_step(self, data):
        raw = super().predict_step(data)
        return tf.concat([raw, raw * 2.0], axis=-1)


rows = np.random.rand(24, 6).astype("float32")
target = np.random.rand(24, 2).astype("float32")
inputs = keras.Input((6,))
hidden = keras.layers.Dense(5, activation="relu")(inputs)
outputs = keras.layers.Dense(2)(hidden)
model = Regressor(inputs, outputs)
model.compile("adam", "mse", metrics=["mae"])
model.fit(rows, target, batch_size=8, verbose=0)
model.evaluate(rows, target, verbose=0)
doubled = model.predict(rows, verbose=0)
plain = keras.Model(inputs, outputs)
plain.compile("sgd", "mse", metrics=["mae"])
batch = (tf.constant(rows[:4]), tf.constant(target[:4]))
logs = plain.train_step(batch)
tested = plain.test_step(batch)
first = tested["loss"]
answer = plain.predict_step(batch[0])
loss = plain.compute_loss(batch[0], batch[1], plain(batch[0]))
told = plain.loss
results = plain.get_metrics_result()
error = results["mae"]
for layer in plain.layers[1:]:
    if layer.activation is None:
        raise ValueError("every layer has an activation")
names = [layer.activation.__name__ for layer in plain.layers[1:]]
squared = keras.losses.mse(target, doubled[:, :2])
absolute = keras.metrics.mae(target[:, None], doubled[:, None, 2:])
print(doubled.shape, names, float(first), answer.shape, squared.shape, absolute.shape)
