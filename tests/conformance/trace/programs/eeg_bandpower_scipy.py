"""EEG epochs: filtering and Welch spectra with SciPy, then EEGNet-like convolutions."""
import numpy as np
import scipy.signal as sig
from scipy import stats
from scipy.spatial.distance import cdist
from tensorflow import keras
from tensorflow.keras import layers

FS = 128
CHANNELS = 6
SECONDS = 2
BANDS = {"theta": (4, 8), "alpha": (8, 13), "beta": (13, 30)}

rng = np.random.default_rng(100)
continuous = rng.normal(size=(CHANNELS, FS * 40))
events = np.arange(FS, FS * 38, 2 * FS)
b, a = sig.butter(4, [1, 40], btype="bandpass", fs=FS)
filtered = sig.filtfilt(b, a, continuous, axis=-1)
epochs = np.stack([filtered[:, e:e + FS * SECONDS] for e in events])
labels = rng.integers(0, 2, size=len(events))
baseline = epochs[..., :FS // 2].mean(axis=-1, keepdims=True)
epochs = epochs - baseline
zscored = stats.zscore(epochs, axis=-1)
downsampled = zscored[..., ::2]

freqs, psd = sig.welch(epochs, fs=FS, nperseg=FS, axis=-1)
band_power = np.empty((len(epochs), CHANNELS, len(BANDS)))
for k, (low, high) in enumerate(BANDS.values()):
    inside = (freqs >= low) & (freqs < high)
    band_power[:, :, k] = psd[:, :, inside].mean(axis=-1)
features = np.log(band_power).reshape(len(epochs), -1)
cov = np.einsum("nct,ndt->ncd", epochs, epochs) / epochs.shape[-1]
upper = np.triu_indices(CHANNELS)
connectivity = cov[:, upper[0], upper[1]]
table = np.concatenate([features, connectivity], axis=1)
distance = cdist(table, table)
neighbours = distance.argsort(axis=1)[:, 1:4]
votes = labels[neighbours].mean(axis=1) > 0.5
knn_accuracy = np.mean(votes == labels)

x = downsampled[..., None]
model = keras.Sequential([
    layers.Input(shape=x.shape[1:]),
    layers.Conv2D(4, (1, 16), padding="same", use_bias=False),
    layers.BatchNormalization(),
    layers.DepthwiseConv2D((CHANNELS, 1), depth_multiplier=2, use_bias=False),
    layers.Activation("elu"),
    layers.AveragePooling2D((1, 4)),
    layers.SeparableConv2D(6, (1, 8), padding="same"),
    layers.AveragePooling2D((1, 4)),
    layers.Flatten(),
    layers.Dense(2, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x, labels, epochs=1, batch_size=6, verbose=0)
probs = model.predict(x, verbose=0)
erp = np.array([epochs[labels == c].mean(axis=0) for c in (0, 1)])
difference = erp[1] - erp[0]
peak_channel, peak_time = np.unravel_index(np.abs(difference).argmax(), difference.shape)
envelope = np.abs(sig.hilbert(epochs, axis=-1))
correlation = np.corrcoef(continuous)
print(knn_accuracy, probs.shape, peak_channel < CHANNELS, envelope.shape, correlation.shape)
