"""Who was what on any day: units and posts of the city, contracts and teams of contractors, people and assignments.

Everything carries from-to dates; a day in the past is asked with the same query as today. Periods are half-open:
a transfer of April 1 ends the old assignment and starts the new one at 00:00 of that day.
"""
