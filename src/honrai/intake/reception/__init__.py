"""Reception by staff: counter, telephone, post and files; who came, what was shown, what looks like a duplicate."""
