"""The stateful stand-in: both operations in memory, with no input or output of its own.

It is a reading of the pages of its own and never imports the checks, so that neither can hide the other's mistake.
"""
