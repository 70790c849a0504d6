// The field in hand is marked on its page, which scrolls there.
"use strict";
for (const line of document.querySelectorAll("tr[data-place]")) {
  const show = () => {
    for (const spot of document.querySelectorAll(".spot")) spot.hidden = true;
    const paper = document.getElementById(`sheet${line.dataset.sheet}`), spot = paper?.querySelector(".spot");
    if (!spot) return;
    const [x, y, w, h] = line.dataset.place.split(" ").map(Number);
    Object.assign(spot.style, { left: `${x}%`, top: `${y}%`, width: `${w}%`, height: `${h}%` });
    spot.hidden = false;
    const pane = paper.parentElement;
    pane.scrollTop = paper.offsetTop - pane.offsetTop + (y / 100) * paper.offsetHeight - pane.clientHeight / 3;
  };
  line.addEventListener("focusin", show);
  line.addEventListener("click", show);
}
document.querySelector(".fields input:not([type=checkbox])")?.focus();
