from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from wagtail.signals import post_page_move


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        from courses.changes import on_page_moved, on_page_saved

        post_save.connect(on_page_saved, dispatch_uid="courses.page_saved")
        post_delete.connect(on_page_saved, dispatch_uid="courses.page_deleted")
        post_page_move.connect(on_page_moved, dispatch_uid="courses.page_moved")
