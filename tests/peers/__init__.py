"""Simulators of outside services, with a memory, that can misbehave."""
