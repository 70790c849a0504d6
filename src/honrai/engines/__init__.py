"""Machines that run a procedure: each is a library of its own, without Django, clock or I/O."""
