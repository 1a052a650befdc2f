"""What is remembered between runs, never a secret."""
