"""One image turned and shifted by hand; pairs of words for an embedding."""
import numpy as np
from tensorflow import keras
from tensorflow.keras.preprocessing import image, sequence

picture = (np.random.rand(32, 40, 3) * 255).astype("uint8")
turned = image.random_rotation(picture, 20, row_axis=0, col_axis=1, channel_axis=2)
moved = image.random_shift(picture.astype("float32"), 0.1, 0.2, row_axis=0, col_axis=1, channel_axis=2)
sheared = image.random_shear(picture, 10, row_axis=0, col_axis=1, channel_axis=2)
zoomed = image.random_zoom(picture, (0.8, 1.2), row_axis=0, col_axis=1, channel_axis=2)
tinted = image.random_channel_shift(picture, 20.0, channel_axis=2)
paler = image.apply_channel_shift(picture.astype("float32"), 3.0, channel_axis=2)
tilted = image.apply_affine_transform(picture, theta=30, row_axis=0, col_axis=1, channel_axis=2)
stack = np.stack([turned, sheared, zoomed, tilted])
table = sequence.make_sampling_table(50)
couples, labels = sequence.skipgrams([3, 1, 4, 1, 5, 9, 2, 6], vocabulary_size=10, window_size=2)
pairs = np.array(couples)
words, contexts = pairs[:, 0], pairs[:, 1]
flags = np.array(labels, dtype="int32")
print(stack.shape, tinted.dtype, table.shape, pairs.shape[1], words.ndim, flags.ndim)
