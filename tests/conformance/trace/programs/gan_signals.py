"""A tiny GAN over 1-D signals; two models, alternating train_on_batch."""
import numpy as np
from tensorflow.keras import Input, Model, Sequential
from tensorflow.keras.layers import BatchNormalization, Conv1D, Conv1DTranspose, Dense, Dropout, Flatten, LeakyReLU, Reshape

LENGTH, LATENT, BATCH = 32, 5, 10


def build_generator():
    g = Sequential(name="generator")
    g.add(Input((LATENT,)))
    g.add(Dense(8 * 16))
    g.add(LeakyReLU())
    g.add(Reshape((8, 16)))
    g.add(Conv1DTranspose(8, 4, strides=2, padding="same"))
    g.add(BatchNormalization())
    g.add(Conv1DTranspose(1, 4, strides=2, padding="same", activation="tanh"))
    return g


def build_discriminator():
    d = Sequential(name="discriminator")
    d.add(Input((LENGTH, 1)))
    d.add(Conv1D(8, 5, strides=2, padding="same"))
    d.add(LeakyReLU())
    d.add(Dropout(0.3))
    d.add(Conv1D(8, 5, strides=4))
    d.add(Flatten())
    d.add(Dense(1, activation="sigmoid"))
    d.compile("adam", "binary_crossentropy")
    return d


def real_batch(n):
    phase = np.random.uniform(0, 2 * np.pi, size=(n, 1))
    t = np.linspace(0, 2 * np.pi, LENGTH).reshape(1, -1)
    return np.sin(t + phase)[:, :, np.newaxis]


generator = build_generator()
discriminator = build_discriminator()
noise_in = Input((LATENT,))
fake_out = generator(noise_in)
verdict = discriminator(fake_out)
gan = Model(noise_in, verdict)
gan.compile("adam", "binary_crossentropy")

ones, zeros = np.ones((BATCH, 1)), np.zeros((BATCH, 1))
for step in range(2):
    noise = np.random.normal(0, 1, (BATCH, LATENT))
    fakes = generator.predict(noise, verbose=0)
    reals = real_batch(BATCH)
    both = np.concatenate([reals, fakes])
    answers = np.concatenate([ones, zeros]) * 0.9
    order = np.random.permutation(2 * BATCH)
    discriminator.train_on_batch(both[order], answers[order])
    gan.train_on_batch(np.random.normal(size=(2 * BATCH, LATENT)), np.ones((2 * BATCH, 1)))

sample = generator.predict(np.zeros((1, LATENT)), verbose=0)[0, :, 0]
steps = np.linspace(0, 1, 6)[:, None]
path = (1 - steps) * np.full((1, LATENT), -1.0) + steps * np.ones((1, LATENT))
morph = generator.predict(path, verbose=0).squeeze(axis=2)
score = discriminator.predict(morph[..., None], verbose=0)
print(sample.shape, morph.shape, score.shape)
