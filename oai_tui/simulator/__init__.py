"""A faithful OpenAI platform on this machine, for the demo, tests and benchmarks."""
