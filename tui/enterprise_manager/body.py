"""A body, whole and within bounds: decompressed here because httpx inflates without a limit."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterable
from typing import Final

from tui.enterprise_manager.failures import foreign_encoding, too_large

_INFLATE_STEP: Final = 1024 * 1024

Chunks = AsyncIterable[bytes]


async def whole_body(encoding: str | None, chunks: Chunks, limit: int) -> bytes:
    """The body, at most `limit` bytes of it. Raises `AnswerTooLarge`, `UnreadableAnswer`,
    `zlib.error` for what is damaged, and what the chunks raise."""
    encoding = (encoding or "").strip().lower()
    if encoding in ("identity", ""):
        return await _plain(chunks, limit)
    if encoding in ("gzip", "x-gzip"):
        return await _inflated(chunks, limit)
    raise foreign_encoding(encoding)


async def _plain(chunks: Chunks, limit: int) -> bytes:
    parts, size = [], 0
    async for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
    return b"".join(parts)


async def _inflated(chunks: Chunks, limit: int) -> bytes:
    """Gunzip step by step, so that a bomb is noticed before it is unpacked.

    What travels counts to the limit too: empty blocks without end give no byte, and no
    end. Whatever follows the end of the compressed data is damage.
    """
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    parts, size, travelled = [], 0, 0
    async for chunk in chunks:
        travelled += len(chunk)
        if travelled > limit:
            raise too_large(limit)
        if inflater.eof and chunk:
            raise zlib.error("data after the end")
        while chunk and not inflater.eof:
            part = inflater.decompress(chunk, _INFLATE_STEP)
            chunk = inflater.unconsumed_tail
            parts.append(part)
            size += len(part)
            if size > limit:
                raise too_large(limit)
            if chunk:
                await asyncio.sleep(0)
        if inflater.unused_data:
            raise zlib.error("data after the end")
    parts.append(inflater.flush())
    if parts != [b""] and not inflater.eof:
        raise zlib.error("incomplete stream")
    return b"".join(parts)
