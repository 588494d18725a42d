/* Whoever signs out takes their drafts off this device (draft.js). */
for (const form of document.querySelectorAll("form[data-drafts-of]")) {
  form.addEventListener("submit", () => {
    try {
      const mine = `tugivork.draft.${form.dataset.draftsOf}.`;
      Object.keys(localStorage).filter((name) => name.startsWith(mine)).forEach((name) => localStorage.removeItem(name));
    } catch { /* a device that keeps nothing has nothing to forget */ }
  });
}
