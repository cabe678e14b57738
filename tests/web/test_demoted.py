"""What somebody did in a higher role is not theirs to take back in a lower one."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.types.review import AcceptMany, Step
from tests.web.serving import NOTICE, Site


@pytest.mark.parametrize("route", ["operations", "preview"])
def test_an_approver_who_is_a_reviewer_now_undoes_no_approval(tmp_path: Path, route: str) -> None:
    site = Site(tmp_path / "data")
    try:
        site.add_people()
        with site.with_token("approver") as client:
            document = site.upload("要点.txt", NOTICE.encode(), client)["id"]
            site.ready(document, client)
            answer = client.get(f"/api/documents/{document}/records").json()
            names = tuple(each["record_id"] for each in answer["records"])
            site.workspace.perform(
                document, AcceptMany(op="accept_many", client_op_id="accept-all", records=names), "reviewer"
            )
            site.workspace.perform(document, Step(op="approve", client_op_id="approve-1"), "approver")
            site.workspace.people.change("approver", "admin", role="reviewer")
            url = f"/api/documents/{document}/{route}"
            assert client.post(url, json={"op": "undo", "client_op_id": "take-back-1"}).status_code == 403
            assert site.workspace.document(document).approval == "approved"
            site.workspace.people.change("approver", "admin", role="approver")
            assert client.post(url, json={"op": "undo", "client_op_id": "take-back-1"}).status_code == 200
    finally:
        site.stop()
