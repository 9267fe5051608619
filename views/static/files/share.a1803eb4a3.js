// Buttons marked data-share hand on the link in the field that they name: by
// the phone's own way of sharing, or by copying it.
for (const button of document.querySelectorAll("[data-share]")) {
  const field = document.getElementById(button.dataset.share);
  const say = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) return await navigator.share({ url: field.value });
      await navigator.clipboard.writeText(field.value);
    } catch (problem) {
      if (problem.name === "AbortError") return; // they thought better of it
      field.select();
      document.execCommand("copy"); // a page without https has no clipboard
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = say; }, 2000);
  });
}
