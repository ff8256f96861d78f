"""Files that people bring by the browser or the interface: kept, looked at, tried, applied, taken back.

A request only writes down what is wanted (`bringing.py`) and answers; `working.py` does it, in a program of its own.
"""
