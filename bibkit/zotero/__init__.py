"""Everything that is Zotero's: its item types, its items as fields, and its Web API behind `sync.library`."""
