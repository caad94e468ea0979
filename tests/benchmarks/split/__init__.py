"""The title/author split held against made-up and real papers; `split_accuracy.py` prints the figures.

Independent of the reader: nothing here stands on its tables or its evidence.
"""
