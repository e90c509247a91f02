"""Rankings: the forms as shipped, one file each. Declarations, nothing else.

Opening a season copies them into the season's rows; only the loader of seasons imports this.
"""

from __future__ import annotations

from nominations.fields.base import Declaration
from nominations.rankings import (
    emerging_enterprise,
    integrated_innovation,
    international_cooperation,
    open_source,
    pioneer_technology,
    startup_employment,
    technology_manager,
)

DECLARATIONS: dict[str, Declaration] = {
    each.DECLARATION.key: each.DECLARATION
    for each in (
        pioneer_technology,
        emerging_enterprise,
        integrated_innovation,
        startup_employment,
        technology_manager,
        international_cooperation,
        open_source,
    )
}
