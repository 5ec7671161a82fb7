from collections import OrderedDict


class Bunch(dict):
    def __getattr__(self, k):
        return self[k]


class Stack(list):
    def push(self, x):
        self.append(x)
        return self


class Reg(OrderedDict):
    def add(self, k, v):
        self[k] = v


class Name(str):
    pass


s = Stack().push(3)
t = len(s), s[0]
r = Reg()
r.add("x", 1)
y = r["x"]
n = Name("abc").upper()
z = len("abc"), [1, 2][0]
u = isinstance(s, list), isinstance(r, dict), issubclass(Bunch, dict), isinstance(r, list)
w = [type(v).__name__ for v in (1, "a", [2])]
