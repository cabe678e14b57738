"""The workspace over HTTP: routes, security, templates, static files."""
