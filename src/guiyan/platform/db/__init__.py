"""The database engine: connections are made as the tenant's own login role."""
