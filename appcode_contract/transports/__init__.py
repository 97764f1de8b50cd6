"""Carry messages to a handler and back, and decide nothing.

One module for each way in: ``in_process`` for clients of the requests library, ``for_httpx`` for those of httpx,
``asgi`` for any ASGI server, ``live`` for a real HTTP server on a socket; ``protocol`` is one connection of that.
"""
