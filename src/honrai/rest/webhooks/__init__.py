"""Telling other systems of events: signed, repeated until taken, never to an address inside unless the city said so."""
