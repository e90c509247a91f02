"""Addresses of the public (公众): home, notices, lists, verification."""

from django.urls import path

from reviews.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("notices/", public.notices, name="notices"),
    path("notices/<int:pk>/", public.notice, name="notice"),
    path("lists/", public.lists, name="lists"),
    path("lists/<int:year>/<slug:key>/", public.published_list, name="list"),
    path("lists/<int:year>/<slug:key>/list.xlsx", public.list_file, {"suffix": "xlsx"}, name="list_xlsx"),
    path("lists/<int:year>/<slug:key>/list.pdf", public.list_file, {"suffix": "pdf"}, name="list_pdf"),
    path("verify/", public.verify, name="verify"),
    path("verify/<str:code>/", public.verified, name="verified"),
    path("V/<str:code>/<path:page>", public.mark, name="mark"),
]
