// Opens the meaning of a marked word where the reader is. Without this the
// word is a link to the glossary.
let meanings;

async function meaning(address) {
  meanings ??= fetch("/glossary").then((answer) => answer.ok ? answer.text() : Promise.reject(answer.status))
    .then((page) => new DOMParser().parseFromString(page, "text/html"));
  const entry = (await meanings).getElementById(new URL(address).hash.slice(1));
  return { term: entry.querySelector("dt").textContent, text: entry.querySelector("[data-meaning]").textContent };
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.term");
  if (!link || event.ctrlKey || event.metaKey || !window.HTMLDialogElement) return;
  event.preventDefault();
  try {
    const { term, text } = await meaning(link.href);
    const box = Object.assign(document.createElement("dialog"), { className: "meaning" });
    const title = Object.assign(document.createElement("h2"), { textContent: term });
    const close = Object.assign(document.createElement("button"), { type: "button", className: "button button-primary button-wide mt-4", textContent: "OK" });
    box.setAttribute("aria-label", term);
    box.append(title, Object.assign(document.createElement("p"), { textContent: text, className: "mt-2" }), close);
    close.addEventListener("click", () => box.close());
    box.addEventListener("click", (click) => { if (click.target === box) box.close(); });
    box.addEventListener("close", () => { box.remove(); link.focus(); });
    document.body.append(box);
    box.showModal();
  } catch {
    meanings = undefined;
    location.assign(link.href); // no network for it just now: the browser says so
  }
});
