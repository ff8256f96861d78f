"""HTTP: blueprints, schemas, problems. Thin: it reads what was asked, calls a capability, shows the answer."""
