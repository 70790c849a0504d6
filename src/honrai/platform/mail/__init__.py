"""Mail to applicants and staff over SMTP. Mail never says what a matter is about: it leads to the status page."""
