"""Sync against libraries: one in memory, one behind the emulated server, and wrappers that make trouble."""
