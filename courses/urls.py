"""Addresses of the catalogue and of sessions, ahead of Wagtail's catch-all for everything else."""

from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [
    path("", views.home_page, name="home_page"),
    path("courses/", views.course_index_page, name="course_index_page"),
    path("courses/<slug:course>/", views.course_page, name="course_page"),
    path("courses/<slug:course>/<slug:section>/", views.section_page, name="section_page"),
    path("courses/<slug:course>/<slug:section>/<slug:session>/", views.session_page, name="session_page"),
]
