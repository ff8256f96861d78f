"""Everything that writes the search engine: the outbox worker, documents, bulk writes, rebuild, reconcile, status."""
