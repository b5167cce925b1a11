// An element with data-poll-url is fetched again and replaced until what comes back has no data-poll-url.

const EVERY_MS = 2000;
const SLOWEST_MS = 15000;

export function startPolling(root) {
  const found = [...root.querySelectorAll("[data-poll-url]")];
  if (root.matches?.("[data-poll-url]")) found.push(root);
  for (const element of found) follow(element, EVERY_MS);
}

function follow(element, wait) {
  setTimeout(async () => {
    if (!element.isConnected) return;
    if (document.hidden) return follow(element, wait);
    try {
      const response = await fetch(element.dataset.pollUrl, { headers: { Accept: "text/html", "X-Fragment": "1" } });
      if (!response.ok) throw new Error(String(response.status));
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html").body.firstElementChild;
      if (!fresh) return;
      element.replaceWith(fresh);
      startPolling(fresh);
    } catch {
      follow(element, Math.min(wait * 2, SLOWEST_MS));
    }
  }, wait);
}
