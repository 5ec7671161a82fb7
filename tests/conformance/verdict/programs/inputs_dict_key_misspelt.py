import numpy as np
import tensorflow as tf

text_in = tf.keras.Input(shape=(None,), dtype="int64", name="subject_tokens")
num_in = tf.keras.Input(shape=(3,), name="numeric")
h = tf.keras.layers.Embedding(80, 6)(text_in)
h = tf.keras.layers.LSTM(6)(h)
h = tf.keras.layers.concatenate([h, num_in])
prio = tf.keras.layers.Dense(1, name="priority")(h)
model = tf.keras.Model(inputs={"subject_tokens": text_in, "numeric": num_in}, outputs=prio)
model.compile(optimizer="adam", loss="mse")

tickets = {
    "subject": np.random.randint(0, 80, (20, 9)),
    "numeric": np.random.rand(20, 3).astype("float32"),
}
priority = np.random.rand(20, 1)
model.fit(tickets, priority, epochs=1, verbose=0)
