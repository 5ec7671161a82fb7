"""Spectrogram and mel filters by hand, then a small convolutional net."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SR = 4000
N_FFT = 256
HOP = 128
N_MELS = 20
CLASSES = ("low", "mid", "high")


def tone(freq, seconds=0.5):
    t = np.linspace(0, seconds, int(SR * seconds), endpoint=False)
    return np.sin(2 * np.pi * freq * t) + 0.05 * np.random.randn(t.size)


def frame_signal(signal, size=N_FFT, hop=HOP):
    n_frames = 1 + (len(signal) - size) // hop
    idx = np.arange(size)[None, :] + hop * np.arange(n_frames)[:, None]
    return signal[idx]


def mel_filters(n_mels=N_MELS):
    def to_mel(f):
        return 2595 * np.log10(1 + f / 700)

    def to_hz(m):
        return 700 * (10 ** (m / 2595) - 1)

    points = to_hz(np.linspace(to_mel(0), to_mel(SR / 2), n_mels + 2))
    bins = np.floor((N_FFT + 1) * points / SR).astype(int)
    bank = np.zeros((n_mels, N_FFT // 2 + 1))
    for m in range(1, n_mels + 1):
        left, centre, right = bins[m - 1], bins[m], bins[m + 1]
        for k in range(left, centre):
            bank[m - 1, k] = (k - left) / max(centre - left, 1)
        for k in range(centre, right):
            bank[m - 1, k] = (right - k) / max(right - centre, 1)
    return bank


bank = mel_filters()
features, targets = [], []
for label, (lo, hi) in enumerate([(100, 300), (400, 800), (1000, 1800)]):
    for _ in range(6):
        wave = tone(np.random.uniform(lo, hi))
        frames = frame_signal(wave) * np.hamming(N_FFT)
        spectrum = np.fft.rfft(frames)
        power = np.abs(spectrum) ** 2
        mel = np.log(power @ bank.T + 1e-8)
        features.append(mel)
        targets.append(label)

X = np.array(features)[..., None]
y = np.array(targets)
X = (X - X.mean()) / X.std()

model = keras.Sequential([
    keras.Input(shape=X.shape[1:]),
    layers.Conv2D(8, 3, strides=(1, 2), activation="relu"),
    layers.MaxPooling2D((2, 2)),
    layers.Conv2D(16, 3, activation="relu"),
    layers.GlobalAveragePooling2D(),
    layers.Dense(len(CLASSES), activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X, y, epochs=1, verbose=0, shuffle=True)
p = model.predict(X[:4], verbose=0)
freqs = np.fft.rfftfreq(N_FFT, d=1 / SR)
centroid = (freqs * power).sum(axis=1) / power.sum(axis=1)
print(p.shape, centroid.shape, [CLASSES[i] for i in p.argmax(-1)])
