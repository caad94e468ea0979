"""`bibkit formats`: what can be read and written."""

from __future__ import annotations

import click

from bibkit.cli.printing import emit


@click.command(epilog="Example: `bibkit formats`")
def formats() -> int:
    """List the formats: their names, whether they are read or written, and the files they make."""
    from bibkit.formats import FORMATS

    emit(f"{'FORMAT':10}{'READ':6}{'WRITTEN':9}{'EXPORT':22}WHAT IT IS")
    for format_ in FORMATS.values():
        read = "yes" if format_.reader else "-"
        written = "yes" if format_.writer else "-"
        emit(f"{format_.name:10}{read:6}{written:9}{format_.file or '-':22}{format_.description}")
    return 0
