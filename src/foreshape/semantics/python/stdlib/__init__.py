"""The standard library as scripts use it. Each module is loaded when a program first uses what it describes."""
