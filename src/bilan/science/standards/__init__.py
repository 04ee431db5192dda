"""National standards as tables and functions, one package a medium."""
