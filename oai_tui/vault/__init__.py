"""Where secrets live; the only room that imports keyring."""
