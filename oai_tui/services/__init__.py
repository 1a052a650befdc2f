"""What the program does; screens and commands are thin callers of it."""
