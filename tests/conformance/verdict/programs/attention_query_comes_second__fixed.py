from tensorflow.keras import layers

encoder = layers.Input(shape=(9, 8))
decoder = layers.Input(shape=(5, 8))
context = layers.Attention()([decoder, encoder])
merged = layers.Concatenate(axis=-1)([decoder, context])
