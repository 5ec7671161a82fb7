import tensorflow as tf

# pages visited per session
sessions = [[3, 7, 7, 1], [2, 9], [4, 4, 8]]
bought = [[1.0], [0.0], [1.0]]

page_ids = tf.constant(sessions)
target = tf.constant(bought)

inputs = tf.keras.Input(shape=(None,), dtype="int32")
h = tf.keras.layers.Embedding(16, 4, mask_zero=True)(inputs)
h = tf.keras.layers.GRU(6)(h)
out = tf.keras.layers.Dense(1, activation="sigmoid")(h)
model = tf.keras.Model(inputs, out)
model.compile("adam", "binary_crossentropy")
model.fit(page_ids, target, epochs=1, verbose=0)
print(model.predict(page_ids, verbose=0))
