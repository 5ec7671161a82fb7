"""House prices from a listing text, a few numbers and a district: three inputs, one output."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

VOCAB, TEXT_LEN = 500, 25
DISTRICTS = 12
NUMERIC = ["area", "rooms", "age", "floor"]


def make_data(n, seed=0):
    r = np.random.RandomState(seed)
    data = {
        "text": r.randint(1, VOCAB, size=(n, TEXT_LEN)),
        "numbers": r.rand(n, len(NUMERIC)).astype("float32"),
        "district": r.randint(0, DISTRICTS, size=(n, 1)),
    }
    price = 1000 * data["numbers"][:, 0] + 50 * r.randn(n)
    return data, price


text_in = keras.Input(shape=(TEXT_LEN,), dtype="int32", name="text")
numbers_in = keras.Input(shape=(len(NUMERIC),), name="numbers")
district_in = keras.Input(shape=(1,), dtype="int32", name="district")

text = layers.Embedding(VOCAB, 16)(text_in)
text = layers.LSTM(12)(text)
district = layers.Embedding(DISTRICTS, 4)(district_in)
numbers = layers.Dense(8, activation="relu")(numbers_in)

merged = layers.concatenate([text, numbers, district])
hidden = layers.Dense(16, activation="relu")(merged)
price = layers.Dense(1, name="price")(hidden)

model = keras.Model(inputs=[text_in, numbers_in, district_in], outputs=price)
model.compile(optimizer="adam", loss="mse")

train, train_price = make_data(64)
model.fit(train, train_price, epochs=1, batch_size=16, verbose=0)
test, test_price = make_data(16, seed=1)
error = np.abs(model.predict(test, verbose=0).squeeze() - test_price).mean()
print(f"mean error {error:.1f}")
