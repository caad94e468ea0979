"""The paper listing: the text of an author's paper page, to records. There is no writer."""

from bibkit.formats.base import ListingText
from bibkit.formats.listing.reader import read_listing, read_listings

__all__ = ["ListingText", "read_listing", "read_listings"]
