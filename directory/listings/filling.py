"""Whether a file of listings comes in just now: a lock that every process can see, and that ends with its holder."""

SAY_UNTIL_COMMIT = "SELECT pg_advisory_xact_lock_shared(hashtext('filling'), 0)"
IS_SAID = """
EXISTS (SELECT FROM pg_locks
         WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND classid = (hashtext('filling')::bigint & 4294967295)::oid AND objid = 0 AND objsubid = 2)
"""
