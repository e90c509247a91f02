"""统计汇总表 on paper says the same figures as the spreadsheet."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from kczg.kit import outbox
from kczg.kit.outbox import owe
from nominations.outputs.tallies import tables, tallies
from tests import cast


@pytest.mark.django_db
def test_every_table_of_the_tallies_is_printed_with_its_sum():
    cast.recommended()
    season = cast.season_2022()
    job = owe("tallies_pdf", "tallies:test", season_id=season.pk, at=cast.DURING_CALL.isoformat())
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert job.result_name == "2022年统计汇总表20221020-1000.pdf"
    with job.result.open() as file:
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(file.read())).pages)
    printed = "".join(text.split())
    wanted = tables(tallies(season))
    assert [table.title for table in wanted if table.title not in printed] == []
    assert wanted[0].rows[0] == ["先导技术榜", 1, 1]
    assert "先导技术榜11" in printed
