import numpy as np
import tensorflow as tf

n, steps, feats = 50, 12, 3
X = np.random.rand(n, steps, feats).astype("float32")
y = np.random.randint(0, 4, n).astype("int32")

train = tf.data.Dataset.from_tensor_slices((X[:40], y[:40])).shuffle(40).batch(16)
valid = tf.data.Dataset.from_tensor_slices((X[40:], y[40:])).batch(16)


def augment(x, label):
    noise = tf.random.normal(tf.shape(x), stddev=0.05)
    return x + noise, label


train = train.map(augment).prefetch(1)

model = tf.keras.Sequential([
    tf.keras.layers.Input(shape=(steps, feats)),
    tf.keras.layers.LayerNormalization(),
    tf.keras.layers.GRU(10, return_sequences=True),
    tf.keras.layers.GlobalAveragePooling1D(),
    tf.keras.layers.Dense(4),
])
model.compile(
    optimizer="adam",
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=[tf.keras.metrics.SparseCategoricalAccuracy()],
)
model.fit(train, validation_data=valid, epochs=1, verbose=0)

total = 0
for xb, yb in valid:
    logits = model(xb, training=False)
    probs = tf.nn.softmax(logits, axis=-1)
    best = tf.argmax(probs, axis=1, output_type=tf.int32)
    hits = tf.cast(tf.equal(best, yb), tf.float32)
    total += float(tf.reduce_sum(hits))
    per_class = tf.math.unsorted_segment_sum(hits, yb, num_segments=4)
print(total / 10)

stacked = tf.stack([xb[:, 0], xb[:, -1]], axis=1)
joined = tf.concat([stacked, stacked], axis=0)
first, second = tf.split(joined, 2, axis=0)
wide = tf.expand_dims(first[:, 0], axis=-1)
thin = tf.squeeze(wide, axis=-1)
moved = tf.transpose(joined, perm=[2, 0, 1])
onehot = tf.one_hot(yb, depth=4)
gram = tf.matmul(thin, thin, transpose_b=True)
ranked, where = tf.math.top_k(probs, k=2)
tiled = tf.tile(onehot[:1], [3, 2])
padded = tf.pad(thin, [[0, 0], [1, 2]])
norm = tf.norm(thin, axis=1)
print(gram.shape, ranked.shape, tiled.shape, padded.shape, moved.shape, norm.shape)
