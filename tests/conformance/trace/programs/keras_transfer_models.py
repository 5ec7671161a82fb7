"""A model of keras.applications under a head: what its arguments do to the shapes."""

import numpy as np
from tensorflow import keras
from tensorflow.keras.applications import MobileNet, MobileNetV2
from tensorflow.keras.applications.vgg16 import VGG16, decode_predictions, preprocess_input

pictures = np.random.randint(0, 255, (2, 96, 96, 3))
ready = preprocess_input(pictures.astype("float32"))
base = VGG16(weights=None, include_top=False, input_shape=(96, 96, 3))
base.trainable = False
maps = base(ready)
depth = base.output_shape[-1]
print(base.name, base.input_shape)

inputs = keras.Input((96, 96, 3))
x = base(inputs, training=False)
x = keras.layers.GlobalAveragePooling2D()(x)
outputs = keras.layers.Dense(5, activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy")
scores = model.predict(ready, verbose=0)

pooled = MobileNet(weights=None, include_top=False, pooling="avg", input_shape=(64, 64, 3), alpha=0.5)
vector = pooled(np.zeros((3, 64, 64, 3), "float32"))
width = pooled.output_shape

top = MobileNetV2(weights=None, classes=7, input_shape=(64, 64, 3))
seven = top(np.zeros((2, 64, 64, 3), "float32"))
open_size = MobileNetV2(weights=None, include_top=False, input_shape=(None, None, 3))
other = open_size(np.zeros((1, 70, 90, 3), "float32"))
named = keras.applications.EfficientNetB0(weights=None, include_top=False)
efficient = named(np.zeros((1, 71, 90, 3), "float32"))
full = VGG16(weights=None)
thousand = full.predict(np.zeros((1, 224, 224, 3), "float32"), verbose=0)
best = decode_predictions if thousand.shape[1] == 1000 else None
