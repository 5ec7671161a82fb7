import numpy as np
import tensorflow as tf

# Minute bars of a stock: open, high, low, close, volume
bars = np.random.rand(200, 30, 5).astype("float32")
direction = np.random.randint(0, 2, 200).astype("float32")

train = tf.data.Dataset.from_tensor_slices((bars[:160], direction[:160]))
test = tf.data.Dataset.from_tensor_slices((bars[160:], direction[160:]))
train = train.shuffle(160).batch(32)

model = tf.keras.Sequential([
    tf.keras.Input(shape=(30, 5)),
    tf.keras.layers.LSTM(8),
    tf.keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(train, epochs=1, verbose=0)
loss, acc = model.evaluate(test, verbose=0)
print(f"accuracy {acc:.2f}")
