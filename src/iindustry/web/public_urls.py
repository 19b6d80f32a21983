"""Addresses of the pages for everybody."""

from django.urls import path

from iindustry.web import public

urlpatterns = [
    path("", public.first, name="first"),
    path("live", public.live, name="live"),
    path("home", public.home, name="home"),
    path("demo/enter/<slug:door>", public.enter, name="enter"),
    path("demo/samples/<str:name>", public.sample, name="sample"),
    path("accessibility", public.accessibility, name="accessibility"),
    path("terms", public.terms, name="terms"),
]
