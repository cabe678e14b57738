from __future__ import annotations

import pytest

from extractor.types.record import ExtractionFile
from tests.export.samples import make_sample


@pytest.fixture
def sample() -> ExtractionFile:
    return make_sample()
