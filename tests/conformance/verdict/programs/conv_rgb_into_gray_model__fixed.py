import numpy as np
from tensorflow.keras import layers, models

model = models.Sequential([
    layers.Conv2D(8, (3, 3), activation='relu', input_shape=(24, 24, 1)),
    layers.MaxPooling2D((2, 2)),
    layers.Conv2D(8, (3, 3), activation='relu'),
    layers.Flatten(),
    layers.Dense(2, activation='softmax'),
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])

photos = np.random.randint(0, 256, size=(20, 24, 24, 3)).astype('float32') / 255.0
is_cat = np.random.randint(0, 2, size=20)

photos = photos.mean(axis=-1, keepdims=True)
print('photos', photos.shape, 'labels', is_cat.shape)
history = model.fit(photos, is_cat, epochs=1, verbose=0)
