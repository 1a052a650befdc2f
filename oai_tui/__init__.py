"""A keyboard-first terminal app for people who run an OpenAI API organization."""

__version__ = "0.1.0"
