"""tf.data from a generator, padded batches, masked LSTM."""
import numpy as np
import tensorflow as tf

NUM_WORDS = 50
rng = np.random.default_rng(7)
sentences = [rng.integers(1, NUM_WORDS, size=rng.integers(3, 12)).tolist() for _ in range(40)]
labels = rng.integers(0, 2, size=40)


def gen():
    for s, l in zip(sentences, labels):
        yield s, l


ds = tf.data.Dataset.from_generator(
    gen,
    output_signature=(tf.TensorSpec(shape=(None,), dtype=tf.int32), tf.TensorSpec(shape=(), dtype=tf.int32)),
)
padded = ds.shuffle(40).padded_batch(8, padded_shapes=([None], []))
fixed = ds.padded_batch(8, padded_shapes=([12], []), drop_remainder=True)
for xb, yb in fixed.take(1):
    lengths = tf.reduce_sum(tf.cast(xb > 0, tf.int32), axis=1)
    longest = tf.reduce_max(lengths)
    mask = tf.sequence_mask(lengths, maxlen=12)
model = tf.keras.Sequential(
    [
        tf.keras.layers.Embedding(NUM_WORDS, 8, mask_zero=True),
        tf.keras.layers.LSTM(6),
        tf.keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(loss="binary_crossentropy", optimizer="adam")
model.fit(padded, epochs=1, verbose=0)
scores = model.predict(fixed, verbose=0)
flat = scores.reshape(-1)
picked = np.where(flat > 0.5, 1, 0)
total = 0.0
for step, (xb, yb) in enumerate(fixed):
    with tf.GradientTape() as tape:
        out = model(xb, training=True)
        yy = tf.cast(yb[:, None], tf.float32)
        loss = tf.reduce_mean(tf.keras.losses.binary_crossentropy(yy, out))
    grads = tape.gradient(loss, model.trainable_variables)
    norm = tf.linalg.global_norm(grads)
    total += float(loss)
print(scores.shape, flat.shape, picked.shape, norm.shape, mask.shape, longest.shape, total)
