// Fetches htmx on a page that uses it, with a configuration that our content security policy allows:
// nothing evaluated, no style of its own, no page kept in the browser's storage.

const CONFIG = {
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  includeIndicatorStyles: false,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  // A form that came back with errors (422) or a clash (409) is content to show, not a failure.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
};

/* `start` is called with every piece of page that htmx puts in. */
export async function loadHtmx(address, start) {
  if (!address || !document.querySelector("[hx-get], [hx-post], [hx-put], [hx-delete], [hx-boost]")) return;
  // htmx reads this element when it arrives; setting htmx.config afterwards would be too late for its style.
  const meta = document.createElement("meta");
  meta.name = "htmx-config";
  meta.content = JSON.stringify(CONFIG);
  document.head.append(meta);
  const { default: htmx } = await import(address);
  htmx.onLoad((root) => root !== document.body && start(root));
}
