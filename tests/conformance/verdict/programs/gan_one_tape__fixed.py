"""A small GAN that makes noise into waves: both networks learn from one tape."""

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

LATENT, STEPS, BATCH = 6, 20, 16
waves = np.sin(np.linspace(0, 9, STEPS) + np.random.default_rng(3).uniform(0, 6, (64, 1))).astype("float32")[..., None]

generator = keras.Sequential([
    keras.Input((LATENT,)),
    layers.Dense(8),
    layers.RepeatVector(STEPS),
    layers.LSTM(8, return_sequences=True),
    layers.TimeDistributed(layers.Dense(1)),
])
critic = keras.Sequential([keras.Input((STEPS, 1)), layers.LSTM(8), layers.Dense(1)])
entropy = keras.losses.BinaryCrossentropy(from_logits=True)
for_generator, for_critic = keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)


def train_step(real):
    noise = tf.random.normal((len(real), LATENT))
    with tf.GradientTape(persistent=True) as tape:
        made = generator(noise)
        on_real, on_made = critic(real), critic(made)
        critic_loss = entropy(tf.ones_like(on_real), on_real) + entropy(tf.zeros_like(on_made), on_made)
        generator_loss = entropy(tf.ones_like(on_made), on_made)
    gradients = tape.gradient(generator_loss, generator.trainable_variables)
    for_generator.apply_gradients(zip(gradients, generator.trainable_variables))
    gradients = tape.gradient(critic_loss, critic.trainable_variables)
    for_critic.apply_gradients(zip(gradients, critic.trainable_variables))
    return generator_loss, critic_loss


for epoch in range(2):
    for start in range(0, len(waves), BATCH):
        losses = train_step(waves[start : start + BATCH])
    print(epoch, [float(each) for each in losses])
