import numpy as np
import tensorflow as tf

LATENT, SEQ_LEN = 16, 24


def make_generator():
    return tf.keras.Sequential([
        tf.keras.layers.Input((LATENT,)),
        tf.keras.layers.Dense(48, activation="relu"),
        tf.keras.layers.Dense(SEQ_LEN, activation="tanh"),
    ], name="generator")


def make_discriminator():
    return tf.keras.Sequential([
        tf.keras.layers.Input((SEQ_LEN,)),
        tf.keras.layers.Dense(16, activation="relu"),
        tf.keras.layers.Dense(1, activation="sigmoid"),
    ], name="discriminator")


generator, discriminator = make_generator(), make_discriminator()
noise = tf.random.normal((8, LATENT))
fake = generator(noise)
real = tf.constant(np.random.rand(8, SEQ_LEN), dtype=tf.float32)
scores = tf.concat([discriminator(real), discriminator(fake)], axis=0)
print(scores.shape)
