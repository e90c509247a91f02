"""Addresses of the public (公众) that are words alone."""

from django.urls import path

from nominations.views import public, receipts

urlpatterns = [
    path("help/", public.help_page, name="help"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("verify/receipt/", receipts.verify, name="verify_receipt"),
    path("sitemap/", public.sitemap, name="sitemap"),
]
