"""Camera frames, joint angles and a text command; dict inputs, nested helper models."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers as L

T, H, W, J, WORDS, VOC = 5, 12, 12, 6, 8, 40
rng = np.random.default_rng(31)


def vision(h, w):
    image = L.Input((h, w, 3))
    y = L.Conv2D(4, 3, strides=2, padding="same", activation="relu")(image)
    y = L.Conv2D(8, 3, strides=2, padding="same", activation="relu")(y)
    y = L.GlobalAveragePooling2D()(y)
    return keras.Model(image, y, name="vision")


def language(voc, n):
    tokens = L.Input((n,), dtype="int32")
    y = L.Embedding(voc, 6, mask_zero=True)(tokens)
    y = L.LSTM(5)(y)
    return keras.Model(tokens, y, name="language")


frames = L.Input((T, H, W, 3), name="frames")
joints = L.Input((T, J), name="joints")
command = L.Input((WORDS,), dtype="int32", name="command")

per_frame = L.TimeDistributed(vision(H, W))(frames)
motion = L.Concatenate()([per_frame, joints])
memory, last_h = L.GRU(9, return_sequences=True, return_state=True)(motion)
text = language(VOC, WORDS)(command)
text_steps = L.RepeatVector(T)(text)
attended = L.Attention()([memory, L.Dense(9)(text_steps)])
fused = L.Concatenate()([last_h, text, L.GlobalMaxPooling1D()(attended)])
torque = L.Dense(J, name="torque")(fused)
grip = L.Dense(1, activation="sigmoid", name="grip")(fused)
policy = keras.Model({"frames": frames, "joints": joints, "command": command}, {"torque": torque, "grip": grip})
policy.compile("adam", loss={"torque": "mse", "grip": "binary_crossentropy"})

N = 10
batch = {
    "frames": rng.random((N, T, H, W, 3), dtype=np.float32),
    "joints": rng.uniform(-np.pi, np.pi, (N, T, J)).astype(np.float32),
    "command": rng.integers(1, VOC, (N, WORDS)),
}
goal = {"torque": rng.normal(size=(N, J)), "grip": rng.integers(0, 2, (N, 1))}
policy.fit(batch, goal, epochs=1, batch_size=5, verbose=0)
action = policy.predict({k: v[:3] for k, v in batch.items()}, verbose=0)
tau = action["torque"]
close = action["grip"][:, 0] > 0.5
limits = np.array([5.0, 5, 3, 3, 1, 1])
clipped = np.clip(tau, -limits, limits)
angles = batch["joints"][:, -1]
c, s = np.cos(angles), np.sin(angles)
rot = np.stack([np.stack([c, -s], axis=-1), np.stack([s, c], axis=-1)], axis=-2)
chain = rot[:, 0]
for j in range(1, J):
    chain = chain @ rot[:, j]
tip = np.einsum("nij,j->ni", chain, np.array([1.0, 0.0]))
velocity = np.diff(batch["joints"], axis=1)
print(clipped.shape, close.shape, tip.shape, velocity.shape)
