import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from sklearn.datasets import load_digits


class Autoencoder(keras.Model):
    def __init__(self, code=4, original_dim=64):
        super(Autoencoder, self).__init__()
        self.code = code
        self.encoder = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(code)])
        self.decoder = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(original_dim, activation="sigmoid")])

    def call(self, inputs):
        encoded = self.encoder(inputs)
        decoded = self.decoder(encoded)
        return decoded


class Denoiser(keras.Model):
    """Convolutional, on 8x8 images."""

    def __init__(self):
        super().__init__()
        self.down = [layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
                     layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")]
        self.up = [layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu"),
                   layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")]
        self.out = layers.Conv2D(1, 3, padding="same", activation="sigmoid")

    def call(self, x):
        for layer in self.down:
            x = layer(x)
        for layer in self.up:
            x = layer(x)
        return self.out(x)


digits = load_digits()
flat = digits.data / 16.0
flat = flat[:200].astype("float32")
pictures = flat.reshape(-1, 8, 8, 1)
noisy = pictures + 0.2 * np.random.normal(size=pictures.shape)
noisy = np.clip(noisy, 0.0, 1.0)

ae = Autoencoder()
ae.compile("adam", "mse")
ae.fit(flat, flat, epochs=1, batch_size=50, verbose=0)
codes = ae.encoder.predict(flat, verbose=0)
back = ae.decoder.predict(codes, verbose=0)
errors = ((back - flat) ** 2).mean(axis=1)
outliers = np.flatnonzero(errors > errors.mean() + 2 * errors.std())

den = Denoiser()
den.compile("adam", "binary_crossentropy")
den.fit(noisy, pictures, epochs=1, batch_size=50, verbose=0)
clean = den.predict(noisy[:16], verbose=0)
sheet = clean.reshape(4, 4, 8, 8).swapaxes(1, 2).reshape(32, 32)
psnr = 10 * np.log10(1.0 / ((clean - pictures[:16]) ** 2).mean(axis=(1, 2, 3)))
centroids = np.array([codes[digits.target[:200] == d].mean(0) for d in range(10)])
spread = np.linalg.norm(codes - centroids[digits.target[:200]], axis=1)
print(outliers.size >= 0, sheet.shape, psnr.mean(), spread.shape)
