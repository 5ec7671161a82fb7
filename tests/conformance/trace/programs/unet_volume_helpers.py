"""3D segmentation, a dice loss, patches cut from a volume."""
import numpy as np
from tensorflow.keras import backend as K
from tensorflow.keras.layers import BatchNormalization, Concatenate, Conv3D, Conv3DTranspose, Input, MaxPooling3D
from tensorflow.keras.models import Model


def dice_coef(y_true, y_pred, smooth=1.0):
    t = K.flatten(y_true)
    p = K.flatten(y_pred)
    inter = K.sum(t * p)
    return (2.0 * inter + smooth) / (K.sum(t) + K.sum(p) + smooth)


def dice_loss(y_true, y_pred):
    return 1 - dice_coef(y_true, y_pred)


def conv_block(x, n, name):
    for k in range(2):
        x = Conv3D(n, 3, padding="same", activation="relu", name=f"{name}_{k}")(x)
        x = BatchNormalization()(x)
    return x


def unet3d(shape, base=4, depth=2):
    inputs = Input(shape)
    skips, x = [], inputs
    for d in range(depth):
        x = conv_block(x, base * 2 ** d, f"down{d}")
        skips.append(x)
        x = MaxPooling3D(2)(x)
    x = conv_block(x, base * 2 ** depth, "bottom")
    for d in reversed(range(depth)):
        x = Conv3DTranspose(base * 2 ** d, 2, strides=2)(x)
        x = Concatenate()([x, skips[d]])
        x = conv_block(x, base * 2 ** d, f"up{d}")
    outputs = Conv3D(1, 1, activation="sigmoid")(x)
    return Model(inputs, outputs)


def patches(volume, mask, size=16, step=8):
    vs, ms = [], []
    for z in range(0, volume.shape[0] - size + 1, step):
        for y in range(0, volume.shape[1] - size + 1, step):
            for x in range(0, volume.shape[2] - size + 1, step):
                sl = (slice(z, z + size), slice(y, y + size), slice(x, x + size))
                vs.append(volume[sl])
                ms.append(mask[sl])
    return np.array(vs)[..., None], np.array(ms)[..., None]


vol = np.random.rand(24, 32, 32).astype("float32")
seg = (vol > 0.7).astype("float32")
X, M = patches(vol, seg)
model = unet3d(X.shape[1:])
model.compile("adam", dice_loss, metrics=[dice_coef])
model.fit(X[:4], M[:4], batch_size=2, epochs=1, verbose=0)
p = model.predict(X[:2], verbose=0)
binary = (p[..., 0] > 0.5).astype(np.uint8)
projection = binary.max(axis=1)
volume_fraction = binary.reshape(len(binary), -1).mean(axis=1)
print(X.shape, M.shape, p.shape, projection.shape, volume_fraction.shape)
