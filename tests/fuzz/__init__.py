"""Inputs that nobody thought of, led by what of the code they reach; see `__main__`."""
