"""Random use and random trouble for as long as one likes; see `__main__`."""
