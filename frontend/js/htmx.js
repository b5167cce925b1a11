// htmx with the CSRF token of the page in its requests. Configured by htmx_loader.js.
import htmx from "htmx.org/dist/htmx.esm.js";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get") return;
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

export default htmx;
