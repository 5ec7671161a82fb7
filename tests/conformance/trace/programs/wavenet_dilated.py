"""Gated dilated convolutions with residual and skip connections, built in loops."""
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Activation, Add, Conv1D, Input, Multiply, Cropping1D
from tensorflow.keras.models import Model

N_LAYERS = 4
FILTERS = 8
QUANT = 16
LENGTH = 40


def mu_law(x, bins):
    mu = bins - 1
    mag = np.sign(x) * np.log1p(mu * np.abs(x)) / np.log1p(mu)
    return ((mag + 1) / 2 * mu + 0.5).astype(np.int32)


signal = np.sin(np.linspace(0, 30, 800)) * 0.9
quantized = mu_law(signal, QUANT)
n = (len(quantized) - 1) // LENGTH
inputs = quantized[:n * LENGTH].reshape(n, LENGTH)
targets = quantized[1:n * LENGTH + 1].reshape(n, LENGTH)
onehot = tf.keras.utils.to_categorical(inputs, QUANT)

history_seq = Input(shape=(None, QUANT))
x = Conv1D(FILTERS, 1, padding="same")(history_seq)
skips = []
for dilation_rate in [2 ** i for i in range(N_LAYERS)]:
    x_f = Conv1D(FILTERS, 2, padding="causal", dilation_rate=dilation_rate)(x)
    x_g = Conv1D(FILTERS, 2, padding="causal", dilation_rate=dilation_rate)(x)
    z = Multiply()([Activation("tanh")(x_f), Activation("sigmoid")(x_g)])
    z = Conv1D(FILTERS, 1, padding="same", activation="relu")(z)
    x = Add()([x, z])
    skips.append(z)
out = Activation("relu")(Add()(skips))
out = Conv1D(2 * FILTERS, 1)(out)
out = Conv1D(QUANT, 1, activation="softmax")(out)
model = Model(history_seq, out)
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(onehot, targets, epochs=1, batch_size=4, verbose=0)

receptive = 1 + sum(2 ** i for i in range(N_LAYERS))
context = onehot[:1, -receptive:, :]
generated = []
for _ in range(5):
    probs = model.predict(context, verbose=0)[0, -1]
    sample = np.random.choice(QUANT, p=probs / probs.sum()) if abs(probs.sum() - 1) < 1 else 0
    generated.append(sample)
    step = tf.one_hot([[sample]], QUANT).numpy()
    context = np.concatenate([context[:, 1:], step], axis=1)
generated = np.array(generated)
centers = (2 * np.arange(QUANT) / (QUANT - 1)) - 1
wave = centers[generated]
trimmed = Model(history_seq, Cropping1D((receptive, 0))(out)).predict(onehot, verbose=0)
print(wave.shape, receptive, trimmed.shape)
