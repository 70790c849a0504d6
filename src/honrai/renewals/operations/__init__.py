"""What people and jobs do with renewals."""
