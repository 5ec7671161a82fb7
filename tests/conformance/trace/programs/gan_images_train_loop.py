"""DCGAN on tiny images with tf.function."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

LATENT = 16
BATCH = 12


def make_generator():
    m = tf.keras.Sequential()
    m.add(layers.Dense(4 * 4 * 32, use_bias=False, input_shape=(LATENT,)))
    m.add(layers.BatchNormalization())
    m.add(layers.LeakyReLU())
    m.add(layers.Reshape((4, 4, 32)))
    m.add(layers.Conv2DTranspose(16, (5, 5), strides=(2, 2), padding="same", use_bias=False))
    m.add(layers.LeakyReLU())
    m.add(layers.Conv2DTranspose(1, (5, 5), strides=(2, 2), padding="same", activation="tanh"))
    return m


def make_discriminator():
    m = tf.keras.Sequential()
    m.add(layers.Conv2D(8, 5, strides=2, padding="same", input_shape=[16, 16, 1]))
    m.add(layers.LeakyReLU())
    m.add(layers.Dropout(0.3))
    m.add(layers.Flatten())
    m.add(layers.Dense(1))
    return m


bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
gen, disc = make_generator(), make_discriminator()
g_opt, d_opt = tf.keras.optimizers.Adam(1e-4), tf.keras.optimizers.Adam(1e-4)


@tf.function
def train_step(images):
    noise = tf.random.normal([BATCH, LATENT])
    with tf.GradientTape() as gt, tf.GradientTape() as dt:
        fake = gen(noise, training=True)
        real_out = disc(images, training=True)
        fake_out = disc(fake, training=True)
        g_loss = bce(tf.ones_like(fake_out), fake_out)
        d_loss = bce(tf.ones_like(real_out), real_out) + bce(tf.zeros_like(fake_out), fake_out)
    g_opt.apply_gradients(zip(gt.gradient(g_loss, gen.trainable_variables), gen.trainable_variables))
    d_opt.apply_gradients(zip(dt.gradient(d_loss, disc.trainable_variables), disc.trainable_variables))
    return g_loss, d_loss


digits = (np.random.rand(48, 16, 16, 1).astype("float32") - 0.5) * 2
dataset = tf.data.Dataset.from_tensor_slices(digits).shuffle(48).batch(BATCH)
history = []
for epoch in range(2):
    for batch in dataset:
        gl, dl = train_step(batch)
        history.append([float(gl), float(dl)])
curves = np.array(history)
seed = tf.random.normal([9, LATENT])
samples = gen(seed, training=False)
scores = disc(samples)
tiles = tf.reshape(samples, (3, 3, 16, 16))
canvas = tf.reshape(tf.transpose(tiles, [0, 2, 1, 3]), (48, 48))
alpha = tf.reshape(tf.linspace(0.0, 1.0, 5), (5, 1))
path = (1 - alpha) * seed[0] + alpha * seed[1]
morph = gen(path)
print(curves.shape[1], samples.shape, scores.shape, canvas.shape, path.shape, morph.shape)
