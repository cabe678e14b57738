"""Office files made reproducible: fixed time stamps, members in a fixed order."""

from __future__ import annotations

import io
import re
import zipfile

STAMP = (2024, 1, 1, 0, 0, 0)
DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def fixed(data: bytes) -> bytes:
    """The same zip package without anything that tells when it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = DATES.sub(rb"\g<1>2024-01-01T00:00:00Z\2", content)
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return out.getvalue()
