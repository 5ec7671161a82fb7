import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import LSTM, Embedding, Dense
from tensorflow.keras.preprocessing.sequence import pad_sequences

# Assume 'sentences' is a list of sentences, and 'embeddings' is a pre-trained embedding matrix.
# Each sentence is tokenized and represented by a list of indices in 'embeddings'.

# Pad sequences to ensure consistent length
maxlen = 50 # Maximum sentence length
padded_sentences = pad_sequences(sentences, maxlen=maxlen)

# Assuming embeddings has shape (vocabulary_size, embedding_dim)
embedding_dim = 100
model = keras.Sequential([
    Embedding(len(embeddings), embedding_dim, weights=[embeddings], input_length=maxlen, trainable=False),
    LSTM(100),
    Dense(1, activation='sigmoid')
])

model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(padded_sentences, labels, epochs=10) # labels are 0 or 1 for sentiment
