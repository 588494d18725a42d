/* Whoever signs out takes their drafts off this device (draft.js). */
for (const form of document.querySelectorAll("form[data-drafts-of]")) {
  form.addEventListener("submit", () => {
    const owner = form.dataset.draftsOf;
    document.dispatchEvent(new Event("drafts-forgotten"));
    try {
      // Other tabs hear of it by the change.
      localStorage.setItem("tugivork.signed-out", owner);
      localStorage.removeItem("tugivork.signed-out");
      const mine = `tugivork.draft.${owner}.`;
      Object.keys(localStorage).filter((name) => name.startsWith(mine)).forEach((name) => localStorage.removeItem(name));
    } catch { /* a device that keeps nothing has nothing to forget */ }
  });
}
