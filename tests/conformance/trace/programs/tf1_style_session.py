"""TensorFlow 1 code on TensorFlow 2: placeholders, variables, a session."""
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
n_in, n_hidden, n_out = 10, 16, 3
X = tf.placeholder(tf.float32, [None, n_in], name="X")
Y = tf.placeholder(tf.int64, [None], name="Y")
keep = tf.placeholder_with_default(1.0, shape=())
W1 = tf.get_variable("W1", [n_in, n_hidden], initializer=tf.truncated_normal_initializer(stddev=0.1))
b1 = tf.Variable(tf.zeros([n_hidden]))
h = tf.nn.relu(tf.matmul(X, W1) + b1)
h = tf.nn.dropout(h, rate=1 - keep)
with tf.variable_scope("out"):
    W2 = tf.get_variable("W2", shape=(n_hidden, n_out))
    logits = tf.matmul(h, W2)
cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=Y, logits=logits))
train_op = tf.train.AdamOptimizer(0.01).minimize(cost)
correct = tf.equal(tf.argmax(logits, 1), Y)
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
data = np.random.rand(50, n_in).astype(np.float32)
labels = np.random.randint(0, n_out, 50)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(3):
        for i in range(0, 50, 10):
            bx, by = data[i:i + 10], labels[i:i + 10]
            _, c = sess.run([train_op, cost], feed_dict={X: bx, Y: by, keep: 0.8})
    acc, out = sess.run([accuracy, logits], {X: data, Y: labels})
    hidden = sess.run(h, feed_dict={X: data[:5]})
    w = W1.eval()
print(c, acc, out.shape, hidden.shape, w.shape)
