"""The OpenAI platform over HTTP; the only room that imports httpx."""
