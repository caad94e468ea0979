"""Sync with a library of items: what to write is decided purely, then applied; knows no `Record`, no HTTP."""
