"""/v1/refusals, /v1/calls, /v1/contact, /v1/contacts: what members bring to customer service."""
