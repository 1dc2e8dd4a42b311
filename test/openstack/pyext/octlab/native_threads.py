"""Octavia's processes run native threads. One of their libraries imports eventlet, and oslo.log takes that for a program of
green threads: it makes the lock of the logging module one of eventlet's. Two native threads that want it at one moment then wait
for ever ("greenlet.error: cannot switch to a different thread"), one after the other, until the worker has none left."""

from oslo_log import log


def keep():
    """before the process sets up its logging"""
    log._fix_eventlet_logging = lambda: None
