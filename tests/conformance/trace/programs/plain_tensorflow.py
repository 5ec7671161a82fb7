"""Plain TensorFlow: variables, tf.function, while over gradients, tf.Module."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(0)


class Linear(tf.Module):
    def __init__(self, n_in, n_out, name=None):
        super().__init__(name=name)
        self.w = tf.Variable(tf.random.normal([n_in, n_out], stddev=0.1), name="w")
        self.b = tf.Variable(tf.zeros([n_out]), name="b")

    def __call__(self, x):
        return tf.matmul(x, self.w) + self.b


class MLP(tf.Module):
    def __init__(self, sizes):
        super().__init__()
        self.blocks = [Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])]

    def __call__(self, x):
        for block in self.blocks[:-1]:
            x = tf.nn.relu(block(x))
        return self.blocks[-1](x)


points = np.random.randn(64, 2).astype(np.float32)
labels = (points[:, 0] * points[:, 1] > 0).astype(np.int64)
net = MLP([2, 8, 8, 2])
data = tf.constant(points)
target = tf.constant(labels)
lr = 0.1
for epoch in range(5):
    with tf.GradientTape() as tape:
        logits = net(data)
        ce = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=logits)
        loss = tf.reduce_mean(ce)
    variables = net.trainable_variables
    grads = tape.gradient(loss, variables)
    for v, g in zip(variables, grads):
        v.assign_sub(lr * g)
pred = tf.argmax(net(data), axis=1)
acc = tf.reduce_mean(tf.cast(pred == target, tf.float32))
table = tf.math.confusion_matrix(target, pred, num_classes=2)
ids = tf.range(10)
even = tf.gather(ids, [0, 2, 4, 6, 8])
rows = tf.gather(data, even)
pairs = tf.gather_nd(data, [[0, 1], [5, 0]])
mask = data[:, 0] > 0
right = tf.boolean_mask(data, mask)
chosen = tf.where(mask, 1.0, -1.0)
cumulative = tf.cumsum(data, axis=0)
normed = tf.math.l2_normalize(data, axis=1)
cos = tf.linalg.matmul(normed, normed, transpose_b=True)
upper = tf.linalg.band_part(cos, 0, -1)
flat = tf.reshape(upper, [-1])
seg = tf.math.segment_sum(tf.ones([6, 3]), [0, 0, 1, 1, 1, 2])
stacked = tf.stack([data, -data])
unstacked = tf.unstack(stacked, axis=0)
swapped = tf.transpose(stacked, [1, 0, 2])
image = tf.random.uniform((2, 9, 9, 3))
small = tf.image.resize(image, (5, 4))
gray = tf.image.rgb_to_grayscale(image)
pooled = tf.nn.max_pool2d(image, ksize=2, strides=2, padding="VALID")
kernel = tf.random.normal((3, 3, 3, 7))
conv = tf.nn.conv2d(image, kernel, strides=1, padding="SAME")
lookup = tf.nn.embedding_lookup(tf.random.normal((11, 4)), [[1, 2], [3, 4], [9, 10]])
spread = tf.linspace(0.0, 1.0, 7)
back = flat.numpy()
fill = tf.fill([2, 3], 9)
casted = tf.cast(fill, "float16")
print(float(acc), table.shape, rows.shape, pairs.shape, seg.shape, small.shape, conv.shape, lookup.shape)
