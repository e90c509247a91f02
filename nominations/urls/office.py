"""Addresses of the secretariat (秘书处): season, master table, units."""

from django.urls import path

from nominations.views import (
    files,
    history,
    office,
    office_exceptions,
    office_lists,
    office_options,
    office_quota,
    office_season,
    office_units,
    twins,
)

urlpatterns = [
    path("office/season/", office_season.season, name="office_season"),
    path("office/season/units/", office_season.units_stage, name="office_units_stage"),
    path("office/season/stages/<int:pk>/", office_season.stage, name="office_stage"),
    path("office/nominations/", office.nominations, name="office_nominations"),
    path("office/nominations/export/", office.export, name="office_export"),
    path("office/tallies/", office.export_tallies, name="office_tallies"),
    path("office/nominations/<slug:number>/", office.nomination, name="office_nomination"),
    path("office/nominations/<slug:number>/history/", history.office_history, name="office_history"),
    path("office/nominations/<slug:number>/<int:version>.pdf", office.paper, name="office_paper"),
    path("office/exceptions/", office_exceptions.exceptions, name="office_exceptions"),
    path("office/exceptions/<int:pk>/", office_exceptions.exception, name="office_exception"),
    path("office/closings/<int:pk>/", office_exceptions.closing, name="office_closing"),
    path("office/nominations/<slug:number>/files/<slug:file_id>/", files.office_file, name="office_file"),
    path("office/exclusions/", office_lists.exclusions, name="office_exclusions"),
    path("office/pilot-places/", office_lists.pilot_places, name="office_pilot_places"),
    path("office/list-imports/<int:pk>/", office_lists.list_import, name="office_list_import"),
    path("office/options/<slug:key>/<slug:question>/", office_options.options, name="office_options"),
    path("office/twins/", twins.office_twins, name="office_twins"),
    path("office/twins/<int:pk>/", twins.office_twin, name="office_twin"),
    path("office/units/", office_units.units, name="office_units"),
    path("office/units/new/", office_units.new_unit, name="office_unit_new"),
    path("office/units/quota/", office_quota.quota, name="office_quota"),
    path("office/units/quota/<int:pk>/", office_quota.change, name="office_quota_change"),
    path("office/units/<int:pk>/", office_units.unit, name="office_unit"),
]
