"""Products at the order desk: what is sold, for how much, and every change that was ever made."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from billing import services
from billing.forms import ProductForm
from billing.models import Product, ProductChange
from billing.views.desk import for_order_desk


@for_order_desk
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """What is sold, and what is no longer."""
    return render(request, "billing/desk/products.html", {"products": Product.objects.cheapest_first()})


@for_order_desk
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one product with a reason, and see what was changed before."""
    found = get_object_or_404(Product, pk=pk)
    form = ProductForm(request.POST or None, product=found, has_address=not services.was_ordered(found))
    if request.method != "POST":
        return show_product(request, found, form)
    if not form.is_valid():
        return show_product(request, found, form, status=422)
    try:
        services.change_product(product=found, actor=request.user, now=timezone.now(), **form.change_values)
    except services.CannotChangeProductError as refusal:
        form.add_error(None, str(refusal))
        return show_product(request, found, form, status=409)
    messages.success(request, "Changed. Orders that were begun before keep their price.")
    return redirect("billing_desk:product", pk)


def show_product(
    request: HttpRequest, product: Product, form: ProductForm, *, status: int = 200
) -> HttpResponse:
    """Show the form and the history of a product."""
    changes = ProductChange.objects.of_product(product).select_related("changed_by")
    context = {"product": product, "form": form, "changes": changes}
    return render(request, "billing/desk/product.html", context, status=status)
