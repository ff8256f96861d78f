"""What one process needs to run well: deadlines, breakers, connections, counters, child processes."""
