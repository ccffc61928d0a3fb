"""How a file of the site is compressed: fast while a build waits for it, tight when there is time.

A tight .br of a story is a tenth smaller and costs thirty times the time.
"""

from __future__ import annotations

import brotli
from isal import isal_zlib

# For pages of this size: a wider window costs 25 times the time, a higher quality saves one byte in a thousand.
_FAST_QUALITY, _FAST_WINDOW = 5, 16
_TIGHT_QUALITY, _TIGHT_WINDOW = 11, 18
_GZIP_LEVEL, _GZIP_WINDOW = 3, 31  # ISA-L's highest; 31 is the widest window, within a gzip header


def fast(data: bytes) -> bytes:
    """`data` as Brotli (RFC 7932), in about a thousandth of a second for a story."""
    return brotli.compress(data, quality=_FAST_QUALITY, lgwin=_FAST_WINDOW)


def tight(data: bytes) -> bytes:
    """`data` as Brotli, as small as it gets."""
    return brotli.compress(data, quality=_TIGHT_QUALITY, lgwin=_TIGHT_WINDOW)


def is_tight(packed: bytes) -> bool:
    """Whether `packed` (its first byte is enough) came from `tight`. A stream begins with the size of its window (RFC
    7932 §9.1), and a 0 bit is the one that `fast` uses: the file says it itself, nothing has to be remembered."""
    return bool(packed[:1]) and packed[0] & 1 == 1


def zipped(data: bytes) -> bytes:
    """`data` as gzip (RFC 1952), without a time: the same in, the same out. ISA-L takes a quarter of zlib's time for
    two hundredths more; few readers' programs are so old that they get this one."""
    return isal_zlib.compress(data, _GZIP_LEVEL, wbits=_GZIP_WINDOW)
