"""An old MNIST script on tf.compat.v1: the test images are fed without being flattened."""
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
tf1.disable_eager_execution()
images = np.random.rand(100, 28, 28).astype("float32")
labels = np.random.randint(0, 10, 100)
x = tf1.placeholder(tf.float32, [None, 784])
y_ = tf1.placeholder(tf.int64, [None])
w = tf1.Variable(tf.zeros([784, 10]))
b = tf1.Variable(tf.zeros([10]))
logits = tf.matmul(x, w) + b
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y_, logits=logits))
step = tf1.train.GradientDescentOptimizer(0.5).minimize(loss)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y_), tf.float32))
with tf1.Session() as sess:
    sess.run(tf1.global_variables_initializer())
    flat = images[:80].reshape(80, -1)
    for start in range(0, 80, 20):
        sess.run(step, feed_dict={x: flat[start:start + 20], y_: labels[start:start + 20]})
    print(sess.run(accuracy, feed_dict={x: images[80:], y_: labels[80:]}))
