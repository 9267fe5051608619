// A page of somebody who is signed in, kept by the browser for the way back,
// must not show to the next one who holds this phone: it hides when it is left
// and asks the server again when it is come back to.
addEventListener("pagehide", () => { document.documentElement.style.visibility = "hidden"; });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
