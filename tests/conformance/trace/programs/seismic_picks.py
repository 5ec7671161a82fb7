"""Waveform triggers: STA/LTA ratios, cutting around picks, three-class windows, a CNN with global pooling."""
import numpy as np
from tensorflow.keras import Sequential, Input
from tensorflow.keras.layers import Conv1D, Dense, Dropout, GlobalAveragePooling1D, MaxPooling1D, BatchNormalization, ReLU

RATE = 50
HALF = 64
rng = np.random.default_rng(555)


def synthetic(duration=60, n_events=3):
    n = duration * RATE
    wave = rng.normal(0, 0.1, size=(3, n))
    onsets = np.sort(rng.integers(5 * RATE, n - 5 * RATE, size=n_events))
    for onset in onsets:
        t = np.arange(n - onset) / RATE
        burst = np.exp(-t) * np.sin(2 * np.pi * 5 * t)
        wave[:, onset:] += burst * rng.uniform(0.5, 2, size=(3, 1))
    return wave, onsets


def sta_lta(trace, short, long):
    energy = trace ** 2
    csum = np.concatenate([[0.0], np.cumsum(energy)])
    sta = (csum[short:] - csum[:-short]) / short
    lta = (csum[long:] - csum[:-long]) / long
    m = min(len(sta), len(lta))
    return sta[-m:] / (lta[-m:] + 1e-9)


records = [synthetic() for _ in range(6)]
windows, kinds = [], []
for wave, onsets in records:
    for onset in onsets:
        start = onset - HALF
        windows.append(wave[:, start:start + 2 * HALF])
        kinds.append(1)
    for _ in range(2):
        start = int(rng.integers(0, 2 * RATE))
        windows.append(wave[:, start:start + 2 * HALF])
        kinds.append(0)
X = np.stack(windows).transpose(0, 2, 1)
y = np.array(kinds)
peak = np.abs(X).max(axis=(1, 2), keepdims=True)
X = X / peak
amplitude = np.log10(peak.squeeze())

net = Sequential([Input(shape=(2 * HALF, 3))])
for filters in (8, 16):
    net.add(Conv1D(filters, 9, padding="same"))
    net.add(BatchNormalization())
    net.add(ReLU())
    net.add(MaxPooling1D(4, padding="same"))
net.add(GlobalAveragePooling1D())
net.add(Dropout(0.2))
net.add(Dense(1, activation="sigmoid"))
net.compile("adam", "binary_crossentropy", metrics=["accuracy"])
shuffled = rng.permutation(len(X))
net.fit(X[shuffled], y[shuffled], validation_split=0.2, batch_size=8, epochs=1, verbose=0)

wave, onsets = records[0]
ratio = sta_lta(wave[2], RATE // 2, RATE * 4)
above = ratio > 3
edges = np.diff(above.astype(int))
rising = np.where(edges == 1)[0] + RATE * 4
hop = 32
starts = np.arange(0, wave.shape[1] - 2 * HALF + 1, hop)
scan = wave.T[starts[:, None] + np.arange(2 * HALF)[None, :]]
scan = scan / np.abs(scan).max(axis=(1, 2), keepdims=True)
prob = net.predict(scan, verbose=0).ravel()
is_max = (prob[1:-1] > prob[:-2]) & (prob[1:-1] >= prob[2:])
picks = starts[1:-1][is_max & (prob[1:-1] > 0.5)] + HALF
gap = np.abs(picks[:, None] - onsets[None, :])
closest = gap.min(axis=1) if len(picks) else np.array([])
spectrum = np.abs(np.fft.rfft(wave * np.hanning(wave.shape[1]), axis=1))
f = np.fft.rfftfreq(wave.shape[1], 1 / RATE)
dominant = f[spectrum.argmax(axis=1)]
print(amplitude.shape, rising.ndim, closest.ndim, dominant)
