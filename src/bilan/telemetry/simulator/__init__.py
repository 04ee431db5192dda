"""A city's instruments without the city: signals of every network, a fleet of loggers, replay of recorded data."""

import os

# The products of the signal models are many and small: more than one BLAS thread costs twice the time. It counts only before numpy
# is first loaded, and never overrides what the user set.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
