"""Bucketing by length, zip, cache, interleave and other tf.data steps."""
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
lengths = rng.integers(2, 30, 64)
sequences = [rng.integers(1, 90, n).astype("int32") for n in lengths]
ragged = tf.ragged.constant([s.tolist() for s in sequences])
labels = tf.constant((lengths % 2).astype("int64"))
ds = tf.data.Dataset.from_tensor_slices((ragged, labels))
ds = ds.map(lambda s, l: (s.to_tensor() if isinstance(s, tf.RaggedTensor) else s, l))
bucketed = ds.bucket_by_sequence_length(
    element_length_func=lambda s, l: tf.shape(s)[0], bucket_boundaries=[10, 20], bucket_batch_sizes=[8, 8, 8]
)
for tokens, label in bucketed.take(1):
    present = tf.cast(tokens != 0, tf.int32)
    size = tf.reduce_sum(present, axis=1)
a = tf.data.Dataset.range(10)
b = tf.data.Dataset.from_tensor_slices(np.random.rand(10, 4))
zipped = tf.data.Dataset.zip((a, b)).batch(5)
for i, row in zipped:
    doubled = row * 2
    first = i[0]
many = tf.data.Dataset.from_tensors(tf.zeros((3, 2))).repeat(4)
flat = many.unbatch().batch(6)
for piece in flat:
    total = tf.reduce_sum(piece, axis=0)
files = tf.data.Dataset.range(3).interleave(lambda k: tf.data.Dataset.from_tensor_slices(tf.fill([4, 2], k)), cycle_length=2)
for item in files.batch(4, drop_remainder=True):
    inter = tf.cast(item, tf.float32)
evens = a.filter(lambda v: v % 2 == 0).map(lambda v: tf.one_hot(v, 10))
stacked = tf.stack(list(evens))
count = a.reduce(np.int64(0), lambda s, v: s + v)
enum = b.enumerate().skip(2).take(3)
rows = [r.numpy() for _, r in enum]
table = np.array(rows)
spec = bucketed.element_spec
sharded = b.shard(num_shards=2, index=0).cache().shuffle(5).repeat(2).batch(4)
batches = [x.shape[0] for x in sharded]
model = tf.keras.Sequential([tf.keras.layers.Embedding(90, 6), tf.keras.layers.GlobalAveragePooling1D(), tf.keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(bucketed, epochs=1, verbose=0)
y_hat = model.predict(bucketed, verbose=0)
print(present.shape[0], size.shape[0], doubled.shape, first.shape, total.shape, inter.shape, stacked.shape, count.shape, table.shape, len(batches), y_hat.shape[1], len(spec))
