"""Carry messages to a handler and back, and decide nothing.

One module for each way in: ``responses`` for clients in this process, ``asgi`` for any ASGI server, ``live`` for a
real HTTP server on a socket.
"""
