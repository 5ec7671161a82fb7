"""Keyword spotting: STFT, mel, MFCC and a convnet."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models

RATE = 8000
SECONDS = 1
CLASSES = ["yes", "no", "stop"]


def synth(freq, n=RATE * SECONDS):
    t = np.arange(n) / RATE
    return np.sin(2 * np.pi * freq * t).astype(np.float32)


waves = np.stack([synth(f) for f in np.linspace(200, 1200, 24)])
targets = np.arange(24) % len(CLASSES)


def to_spectrogram(wave):
    stft = tf.signal.stft(wave, frame_length=256, frame_step=128)
    return tf.abs(stft)


def to_log_mel(spec, bins=40):
    matrix = tf.signal.linear_to_mel_weight_matrix(bins, spec.shape[-1], RATE, 80.0, 3800.0)
    mel = tf.tensordot(spec, matrix, 1)
    return tf.math.log(mel + 1e-6)


spec = to_spectrogram(waves)
mel = to_log_mel(spec)
mfcc = tf.signal.mfccs_from_log_mel_spectrograms(mel)[..., :13]
frames = tf.signal.frame(waves, 400, 160, pad_end=True)
energy = tf.reduce_mean(frames ** 2, axis=-1)
window = tf.signal.hann_window(256)
fft = tf.signal.rfft(waves[0])
power = tf.math.real(fft * tf.math.conj(fft))
peak = tf.argmax(power)
images = mel[..., tf.newaxis]
norm = layers.Normalization()
norm.adapt(images)
model = models.Sequential(
    [
        layers.Input(shape=images.shape[1:]),
        layers.Resizing(32, 32),
        norm,
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(len(CLASSES)),
    ]
)
model.compile(optimizer="adam", loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
ds = tf.data.Dataset.from_tensor_slices((images, targets)).batch(8)
model.fit(ds, epochs=1, verbose=0)
logits = model.predict(images, verbose=0)
pred = tf.argmax(logits, axis=1)
cm = tf.math.confusion_matrix(targets, pred, num_classes=3)
print(spec.shape, mel.shape, mfcc.shape, frames.shape, energy.shape, window.shape, power.shape, cm.shape, peak.shape)
