"""Private PostgreSQL + PostGIS and OpenSearch for `make demo`, the tests and CI; nothing that serves imports it."""
