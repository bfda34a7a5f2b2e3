// Puts the texts that the server sends into the cells of the page. Without it the page shows the values of its loading.
const root = document.querySelector("[data-live]");
if (root && "EventSource" in window) {
  const cells = new Map();
  for (const cell of root.querySelectorAll("[data-cell]")) {
    cells.set(cell.dataset.cell, cell);
  }

  const note = root.querySelector("[data-live-note]");
  let source = null;
  let isOver = false;
  const say = (isLive) => {
    if (note) {
      note.hidden = !isLive;
    }
  };

  const close = () => {
    source?.close();
    source = null;
    say(false);
  };

  const open = () => {
    if (source || isOver || document.hidden) {
      return;
    }

    source = new EventSource(root.dataset.live);
    source.addEventListener("open", () => say(true));
    source.addEventListener("error", () => say(false));
    source.addEventListener("end", () => {
      isOver = true;
      close();
    });
    source.addEventListener("values", (event) => {
      for (const [name, text] of Object.entries(JSON.parse(event.data))) {
        const cell = cells.get(name);
        if (cell && cell.textContent !== text) {
          cell.textContent = text;
        }
      }
    });
  };

  // A page that nobody looks at asks for nothing.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();
}
