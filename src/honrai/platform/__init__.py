"""What every chapter stands on: cities, people and their authority, the audit chain, jobs, files, mail, typesetting.

Each folder here is a small Django app (or plain package) of its own; the order, lowest first, is
db < cities < audit < accounts < organisations < authority < jobs < files < mail < typeset < privacy < operations.
"""
