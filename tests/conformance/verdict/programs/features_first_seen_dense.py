import numpy as np
import tensorflow as tf

# clickstream: one-hot of the page category plus dwell time
def features(categories, n_categories):
    onehot = tf.keras.utils.to_categorical(categories, n_categories)
    dwell = np.random.exponential(5.0, size=(len(categories), 1))
    return np.concatenate([onehot, dwell], axis=1)


train_pages = np.random.randint(0, 7, 90)
test_pages = np.random.randint(0, 7, 30)

x_train = features(train_pages, 7)
x_test = features(test_pages, 8)
y_train = np.random.rand(90)

model = tf.keras.Sequential([
    tf.keras.layers.Dense(16, activation="relu"),
    tf.keras.layers.Dense(1),
])
model.compile(optimizer="sgd", loss="mse")
model.fit(x_train, y_train, epochs=1, verbose=0)

predictions = model.predict(x_test, verbose=0)
print(predictions.mean())
