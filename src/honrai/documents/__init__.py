"""Paper at scale: pages read into fields with a crop, a confidence and a reason to accept or to ask a person."""
