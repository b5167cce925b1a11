"""What the provider's authors see of courses in Wagtail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.site_summary import PagesSummaryItem, SummaryItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from billing.models import Product
from courses.models import ProductSection, SessionPage
from courses.publishing import missing_from_page
from courses.querysets import unwritten_sessions_of
from courses.services import forget_public_pages

# Nothing that is sold lies in Wagtail's libraries: they have doors of their own.
HIDDEN_MENU_ITEMS = {"documents", "images"}


class ProductSectionViewSet(SnippetViewSet):
    """Which sections a product opens. Changed by the provider's staff, never by publishing a page."""

    model = ProductSection
    icon = "key"
    menu_label = "What products open"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ("product", "section_page")
    list_filter = ("product",)
    panels = (FieldPanel("product"), FieldPanel("section_page"))

    def get_queryset(self, request: HttpRequest):
        """In the order of the tree."""
        return ProductSection.objects.select_related("product", "section_page").in_order()


register_snippet(ProductSectionViewSet)


@hooks.register("construct_main_menu")
def hide_libraries(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out what is not used here, so that nobody puts a film where everyone can fetch it."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_MENU_ITEMS]


@hooks.register("construct_homepage_summary_items", order=1000)  # after the libraries have added theirs
def count_pages_only(request: HttpRequest, summary_items: list[SummaryItem]) -> None:
    """Leave the libraries out of the editors' first page too."""
    summary_items[:] = [item for item in summary_items if isinstance(item, PagesSummaryItem)]


@hooks.register("count_unwritten_sessions")
def say_before_renting_what_is_unwritten(product: Product) -> int:
    """What billing's pages say of a product before it is paid for, and after."""
    return unwritten_sessions_of(product)


@hooks.register("before_delete_snippet")
def keep_what_was_paid_for(request: HttpRequest, instances: list) -> HttpResponse | None:
    """Refuse to take away from a product a section that some setting has rented with it."""
    chosen = [one.pk for one in instances if isinstance(one, ProductSection)]
    if chosen and ProductSection.objects.rented().filter(pk__in=chosen).exists():
        messages.error(
            request, "A setting has rented this product. What was paid for stays open until it ends."
        )
        return redirect("wagtailsnippets_courses_productsection:list")
    return None


@hooks.register("before_edit_snippet")
def keep_pairings_that_were_paid_for(request: HttpRequest, instance: object) -> HttpResponse | None:
    """Changing such a pairing would take the section away as surely as deleting it."""
    return keep_what_was_paid_for(request, [instance]) if request.method == "POST" else None


@hooks.register("before_bulk_action")
def refuse_unfinished_sessions(
    request: HttpRequest, action_type: str, objects: list, action_class_instance: object
) -> HttpResponse | None:
    """Refuse to publish several pages at once when a session among or below them is not finished (R13)."""
    if action_type != "publish" or not objects or not isinstance(objects[0], Page):
        return None
    sessions = SessionPage.objects.filter(pk__in=[page.pk for page in objects])
    if action_class_instance.cleaned_form.cleaned_data.get("include_descendants"):
        for page in objects:
            sessions |= SessionPage.objects.descendant_of(page).not_live()
    drafts = [session_page.get_latest_revision_as_object() for session_page in sessions]
    unfinished = [draft for draft in drafts if missing_from_page(draft)]
    if not unfinished:
        return None
    titles = ", ".join(f"“{one.title}”" for one in unfinished)
    messages.error(request, f"Nothing was published. These sessions are not finished yet: {titles}.")
    return redirect("wagtailadmin_explore", objects[0].get_parent().pk)


@hooks.register("after_publish_page")
@hooks.register("after_unpublish_page")
@hooks.register("after_delete_page")
@hooks.register("after_move_page")
def show_changes_at_once(request: HttpRequest, page: Page, *args: object) -> None:
    """Let the author see the catalogue as it is now, not as it was a minute ago."""
    forget_public_pages()
