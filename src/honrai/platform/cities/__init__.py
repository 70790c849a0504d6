"""Cities (tenants): every row of city data belongs to one, and PostgreSQL itself keeps them apart."""
