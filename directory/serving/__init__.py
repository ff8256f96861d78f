"""How requests reach the application: gunicorn's worker, and the service's health."""
