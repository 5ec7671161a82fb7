import numpy as np
from tensorflow.keras.layers import BatchNormalization, Conv2D, Conv3D, ConvLSTM2D, Input, TimeDistributed, MaxPooling2D, Flatten, LSTM, Dense
from tensorflow.keras.models import Model, Sequential

frames, height, width = 6, 16, 16
n_movies = 5


def drifting_squares(n, frames, size):
    movies = np.zeros((n, frames + 1, size, size, 1), dtype=np.float32)
    for m in range(n):
        x, y = np.random.randint(2, size - 6, 2)
        dx, dy = np.random.randint(-1, 2, 2)
        for f in range(frames + 1):
            x = int(np.clip(x + dx, 0, size - 4))
            y = int(np.clip(y + dy, 0, size - 4))
            movies[m, f, x:x + 3, y:y + 3, 0] = 1
    return movies


movies = drifting_squares(n_movies, frames, height)
noisy = movies + 0.1 * np.random.standard_normal(movies.shape).astype(np.float32)
noisy = np.clip(noisy, 0, 1)
past, future = noisy[:, :-1], movies[:, 1:]

seq = Sequential()
seq.add(Input(shape=(None, height, width, 1)))
seq.add(ConvLSTM2D(filters=4, kernel_size=(3, 3), padding="same", return_sequences=True))
seq.add(BatchNormalization())
seq.add(ConvLSTM2D(filters=4, kernel_size=(3, 3), padding="same", return_sequences=True))
seq.add(Conv3D(filters=1, kernel_size=(3, 3, 3), activation="sigmoid", padding="same"))
seq.compile(loss="binary_crossentropy", optimizer="adadelta")
seq.fit(past, future, batch_size=2, epochs=1, verbose=0)

track = movies[0][:4, ::, ::, ::]
for _ in range(2):
    new_pos = seq.predict(track[np.newaxis], verbose=0)
    new = new_pos[:, -1]
    track = np.concatenate((track, new), axis=0)

clip = Input((frames, height, width, 1))
x = TimeDistributed(Conv2D(4, 3, strides=2, activation="relu"))(clip)
x = TimeDistributed(MaxPooling2D())(x)
x = TimeDistributed(Flatten())(x)
x = LSTM(8)(x)
speed = Dense(2)(x)
motion = Model(clip, speed)
centres = np.stack([np.argwhere(m[0, ..., 0] > 0).mean(axis=0) for m in movies])
motion.compile("sgd", "mse")
motion.fit(past, centres, epochs=1, verbose=0)
guess = motion.predict_on_batch(past[:2])
iou_top = np.minimum(new_pos[0, 0], movies[0, 0]).sum(axis=(0, 1))
print(track.shape, guess.shape, iou_top)
