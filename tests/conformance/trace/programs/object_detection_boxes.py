"""Anchor boxes and IoU in NumPy, a head with two branches."""
import itertools

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

IMG, GRID, CLASSES = 64, 8, 4


def make_anchors(grid=GRID, scales=(0.2, 0.4), ratios=(0.5, 1.0, 2.0)):
    centres = (np.arange(grid) + 0.5) / grid
    boxes = []
    for cy, cx in itertools.product(centres, centres):
        for s, r in itertools.product(scales, ratios):
            boxes.append([cy, cx, s * np.sqrt(r), s / np.sqrt(r)])
    return np.array(boxes, dtype=np.float32)


def to_corners(b):
    yx, hw = b[..., :2], b[..., 2:]
    return np.concatenate([yx - hw / 2, yx + hw / 2], axis=-1)


def iou(a, b):
    tl = np.maximum(a[:, None, :2], b[None, :, :2])
    br = np.minimum(a[:, None, 2:], b[None, :, 2:])
    wh = np.clip(br - tl, 0, None)
    inter = wh[..., 0] * wh[..., 1]
    area_a = np.prod(a[:, 2:] - a[:, :2], axis=1)
    area_b = np.prod(b[:, 2:] - b[:, :2], axis=1)
    return inter / (area_a[:, None] + area_b[None, :] - inter)


anchors = make_anchors()
k = len(anchors) // (GRID * GRID)
truth = np.array([[0.3, 0.3, 0.2, 0.3], [0.7, 0.6, 0.4, 0.4], [0.5, 0.2, 0.1, 0.2]], dtype=np.float32)
overlap = iou(to_corners(anchors), to_corners(truth))
best_truth = overlap.argmax(axis=1)
best_iou = overlap.max(axis=1)
assigned = np.where(best_iou[:, None] > 0.3, truth[best_truth], 0.0)
offsets = (assigned - anchors) / np.maximum(anchors, 1e-3)
inp = layers.Input((IMG, IMG, 3))
x = inp
for f in (8, 16, 32):
    x = layers.Conv2D(f, 3, strides=2, padding="same", activation="relu")(x)
cls = layers.Conv2D(k * CLASSES, 3, padding="same")(x)
cls = layers.Reshape((-1, CLASSES), name="cls")(cls)
box = layers.Conv2D(k * 4, 3, padding="same")(x)
box = layers.Reshape((-1, 4), name="box")(box)
model = tf.keras.Model(inp, [cls, box])
images = np.random.rand(2, IMG, IMG, 3).astype("float32")
c, b = model.predict(images, verbose=0)
scores = tf.nn.softmax(c[0], axis=-1)
top = tf.reduce_max(scores, axis=-1)
keep = tf.image.non_max_suppression(to_corners(anchors + 0 * b[0]), top, max_output_size=10)
label = tf.argmax(scores, axis=-1)
print(anchors.shape, overlap.shape, offsets.shape, c.shape, b.shape, top.shape, label.shape)
