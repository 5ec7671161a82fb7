import numpy as np
import tensorflow as tf

NUM_CLASSES = 5
X = np.random.rand(60, 14, 3).astype("float32")
Y = np.random.randint(0, NUM_CLASSES, 60)

model = tf.keras.Sequential([
    tf.keras.layers.Input((14, 3)),
    tf.keras.layers.LSTM(8),
    tf.keras.layers.Dense(NUM_CLASSES),
])
optimizer = tf.keras.optimizers.Adam(1e-3)
ds = tf.data.Dataset.from_tensor_slices((X, tf.one_hot(Y, NUM_CLASSES))).batch(20)


def step(x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


for x, y in ds:
    print(float(step(x, y)))
