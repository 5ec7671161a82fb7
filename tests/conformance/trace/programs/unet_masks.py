"""U-Net with skip connections on synthetic discs; Dice by hand."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import (BatchNormalization, Concatenate, Conv2D, Conv2DTranspose, Dropout, LeakyReLU,
                                     MaxPooling2D, UpSampling2D)

SIZE, DEPTH, BASE = 16, 2, 4


def conv_block(x, filters, drop=0.0):
    for _ in range(2):
        x = Conv2D(filters, 3, padding="same")(x)
        x = BatchNormalization()(x)
        x = LeakyReLU()(x)
    return Dropout(drop)(x) if drop else x


def unet(size, depth, base, transpose=True):
    inputs = Input((size, size, 1))
    skips = []
    x = inputs
    for level in range(depth):
        x = conv_block(x, base * 2 ** level)
        skips.append(x)
        x = MaxPooling2D(2)(x)
    x = conv_block(x, base * 2 ** depth, drop=0.2)
    for level, skip in zip(reversed(range(depth)), reversed(skips)):
        filters = base * 2 ** level
        if transpose:
            x = Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
        else:
            x = UpSampling2D(2)(x)
        x = Concatenate()([x, skip])
        x = conv_block(x, filters)
    mask = Conv2D(1, 1, activation="sigmoid")(x)
    return Model(inputs, mask)


def discs(n, size, rng):
    yy, xx = np.mgrid[:size, :size]
    centre = rng.uniform(4, size - 4, size=(n, 2))
    radius = rng.uniform(2, 4, size=(n, 1, 1))
    dist = np.hypot(yy[None] - centre[:, 0, None, None], xx[None] - centre[:, 1, None, None])
    mask = (dist < radius).astype("float32")
    image = mask + rng.normal(0, 0.3, size=mask.shape)
    return image[..., None], mask[..., None]


def dice_loss(y_true, y_pred, smooth=1.0):
    inter = tf.reduce_sum(y_true * y_pred, axis=[1, 2, 3])
    total = tf.reduce_sum(y_true, axis=[1, 2, 3]) + tf.reduce_sum(y_pred, axis=[1, 2, 3])
    return 1 - (2 * inter + smooth) / (total + smooth)


rng = np.random.default_rng(9)
x_train, m_train = discs(12, SIZE, rng)
x_test, m_test = discs(4, SIZE, rng)
net = unet(SIZE, DEPTH, BASE)
other = unet(SIZE, 1, BASE, transpose=False)
net.compile("adam", dice_loss)
net.fit(x_train, m_train, batch_size=4, epochs=1, verbose=0)
pred = net.predict(x_test, verbose=0)
hard = (pred > 0.5).astype(np.uint8)
inter = np.logical_and(hard, m_test).sum(axis=(1, 2, 3))
union = np.logical_or(hard, m_test).sum(axis=(1, 2, 3))
iou = inter / np.maximum(union, 1)
rows = hard.any(axis=2)[..., 0]
cols = hard.any(axis=1)[..., 0]
strip = np.concatenate([x_test[0], pred[0], m_test[0]], axis=1)[:, :, 0]
both = np.hstack(list(pred[:, :, :, 0]))
rgb = np.repeat(x_test, 3, axis=-1)
rgb[..., 0][hard[..., 0] == 1] = 1.0
print(iou, rows.shape, cols.shape, strip.shape, both.shape, other.output_shape, rgb.max())
