"""Code that raises a message in more than one release."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Raising

KERAS_3: Final = "import numpy as np\nimport tensorflow as tf\nimport keras\n"
KERAS_2: Final = "import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\n"
KERAS_TORCH: Final = "import numpy as np\nimport torch\nimport keras\n"
TENSORFLOW: Final = "import numpy as np\nimport tensorflow as tf\n"


def keras_3(code: str, /, **numbers: Any) -> Raising:
    return Raising("keras=3", KERAS_3 + code, **numbers)


def keras_torch(code: str, /, **numbers: Any) -> Raising:
    """Keras 3 on the backend of PyTorch."""
    return Raising("keras-torch", KERAS_TORCH + code, **numbers)


def keras_2(code: str, /, **numbers: Any) -> Raising:
    return Raising("keras=2", KERAS_2 + code, **numbers)


def both_keras(code: str, /, **numbers: Any) -> list[Raising]:
    """The same code, with the same numbers in its message, in Keras 2 and 3."""
    return [keras_2(code, **numbers), keras_3(code, **numbers)]


def tensorflow(code: str, /, **numbers: Any) -> Raising:
    return Raising("tensorflow", TENSORFLOW + code, **numbers)


def text(message: str, /, **numbers: Any) -> Raising:
    """What a release says that cannot be installed beside the others."""
    return Raising("text", message, **numbers)


def numpy(code: str, /, **numbers: Any) -> Raising:
    return Raising("numpy", "import numpy as np\n" + code, **numbers)


def pandas(code: str, /, **numbers: Any) -> Raising:
    return Raising("pandas", "import numpy as np\nimport pandas as pd\n" + code, **numbers)


def sklearn(code: str, /, **numbers: Any) -> Raising:
    return Raising("sklearn", "import numpy as np\n" + code, **numbers)


def scipy(code: str, /, **numbers: Any) -> Raising:
    return Raising("scipy", "import numpy as np\n" + code, **numbers)


def python(code: str, /, **numbers: Any) -> Raising:
    return Raising("python", code, **numbers)
