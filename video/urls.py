"""Addresses that the player asks. ``pk`` is a clip page's; ``name`` is a size or "audio"."""

from django.urls import path

from video import views

app_name = "video"
urlpatterns = [
    path("clips/<int:pk>/lease/", views.lease, name="lease"),
    path("clips/<int:pk>/captions.vtt", views.captions, name="captions"),
    path("clips/<int:pk>/poster.jpg", views.poster, name="poster"),
    path("clips/<int:pk>/master.m3u8", views.master, name="master"),
    path("clips/<int:pk>/<slug:name>.m3u8", views.playlist, name="playlist"),
    path("clips/<int:pk>/<slug:name>.mp4", views.film, name="film"),
    path("films/<str:token>/", views.stored_file, name="stored_file"),
]
