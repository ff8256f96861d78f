"""/v1/imports: files of providers brought, tried, applied and taken back."""
