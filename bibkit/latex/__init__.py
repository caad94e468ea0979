"""LaTeX text and Unicode, both ways: tables, the reader, the writer. Knows no record and no format."""
