// Keeps figures fresh: a region marked data-live loads itself again while the
// page is visible. What the reader has opened stays open, and nothing moves
// while they have something inside it in focus.
const every = 3000;

async function refresh(region) {
  if (document.hidden || region.contains(document.activeElement)) return;
  const open = [...region.querySelectorAll("details")].map((d) => d.open);
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById(region.id);
    if (!fresh) return;
    fresh.querySelectorAll("details").forEach((d, i) => { d.open = open[i] ?? d.open; });
    region.replaceChildren(...fresh.childNodes);
  } catch {
    // No network just now: the next round tries again.
  }
}

for (const region of document.querySelectorAll("[data-live]")) setInterval(() => refresh(region), every);
