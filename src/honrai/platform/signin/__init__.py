"""The door of the house: which city by host name, who signed in, with which second factor, for how long.

Everything is shut unless a view says otherwise (`gate`): a request needs a city, a signed-in account with a second factor, a
place in the city today, and a valid pledge, training and test. `request.city` and `request.actor` are set here and nowhere else.
"""
