"use strict";

// What is shown is what the address says after `#`: the map, a flow, a step, an event, a line.
const views = new Map([...document.querySelectorAll("[data-view]")].map((view) => [view.dataset.view, view]));
const details = new Map([...document.querySelectorAll("[data-detail]")].map((detail) => [detail.dataset.detail, detail]));
const canvases = new Map();
let detailShown = "map";
let viewShown = "map";

function show() {
  const wanted = decodeURIComponent(location.hash.slice(1)) || document.body.dataset.first;
  const line = /^(source\d+)-(\d+)$/.test(wanted) && document.getElementById(wanted);
  if (line) {
    viewShown = wanted.split("-")[0];
  } else {
    detailShown = details.has(wanted) ? wanted : "map";
    viewShown = detailShown.split("__")[0];
    if (!views.has(viewShown)) viewShown = "map";
  }
  for (const [id, view] of views) view.hidden = id !== viewShown;
  for (const [id, detail] of details) detail.hidden = id !== detailShown;
  for (const link of document.querySelectorAll("[data-list]")) {
    const here = link.dataset.list === detailShown || link.dataset.list === detailShown.split("__")[0];
    if (here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  for (const box of document.querySelectorAll("a[data-id]")) box.classList.toggle("chosen", box.dataset.id === detailShown);
  for (const chosen of document.querySelectorAll(".source .chosen")) chosen.classList.remove("chosen");
  if (line) {
    line.classList.add("chosen");
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "center" });
  } else {
    canvases.get(viewShown)?.ready();
  }
  document.title = `${views.get(viewShown).querySelector("h2").textContent} – ${document.querySelector("h1").textContent}`;
}

// A drawing that can be moved and zoomed: only its `viewBox` changes.
class Canvas {
  constructor(element) {
    this.element = element;
    this.svg = element.querySelector("svg");
    this.width = this.svg.viewBox.baseVal.width;
    this.height = this.svg.viewBox.baseVal.height;
    this.seen = false;
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focusin", (event) => this.reveal(event.target));
  }

  ready() {
    if (!this.seen) this.fit();
    this.seen = true;
  }

  // All of it, but neither larger than it is nor so small that it cannot be read.
  fit() {
    const { clientWidth, clientHeight } = this.element;
    const all = Math.max(this.width / clientWidth, this.height / clientHeight);
    this.scale = Math.max(all, 1);
    this.left = (this.width - clientWidth * this.scale) / 2;
    this.top = Math.min((this.height - clientHeight * this.scale) / 2, 0);
    this.apply();
  }

  apply() {
    const { clientWidth, clientHeight } = this.element;
    const size = [clientWidth * this.scale, clientHeight * this.scale];
    this.svg.setAttribute("viewBox", [this.left, this.top, ...size].join(" "));
  }

  zoom(factor, x = this.element.clientWidth / 2, y = this.element.clientHeight / 2) {
    const scale = Math.min(Math.max(this.scale * factor, 0.2), 20);
    this.left += x * (this.scale - scale);
    this.top += y * (this.scale - scale);
    this.scale = scale;
    this.apply();
  }

  move(x, y) {
    this.left += x * this.scale;
    this.top += y * this.scale;
    this.apply();
  }

  wheel(event) {
    event.preventDefault();
    const box = this.element.getBoundingClientRect();
    this.zoom(Math.exp(event.deltaY * 0.0015), event.clientX - box.left, event.clientY - box.top);
  }

  down(event) {
    if (event.button !== 0) return;
    let [x, y] = [event.clientX, event.clientY];
    let far = 0;
    const move = (next) => {
      far += Math.abs(next.clientX - x) + Math.abs(next.clientY - y);
      if (far > 4) {
        this.element.classList.add("dragged");
        this.move(x - next.clientX, y - next.clientY);
        [x, y] = [next.clientX, next.clientY];
      }
    };
    const up = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", up);
      this.element.classList.remove("dragged");
      if (far > 4) {
        // A drag that ends on a box does not open it.
        const stop = (click) => click.preventDefault();
        this.element.addEventListener("click", stop, { capture: true, once: true });
        setTimeout(() => this.element.removeEventListener("click", stop, { capture: true }));
      }
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", up);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
    if (event.key in moves) this.move(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(0.8);
    else if (event.key === "-") this.zoom(1.25);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  // A box that the keyboard leads to is brought into sight.
  reveal(target) {
    if (!target.matches("a[data-id]") || !target.matches(":focus-visible")) return;
    const [box, around] = [target.getBoundingClientRect(), this.element.getBoundingClientRect()];
    const x = Math.min(box.left - around.left - 20, 0) || Math.max(box.right - around.right + 20, 0);
    const y = Math.min(box.top - around.top - 20, 0) || Math.max(box.bottom - around.bottom + 20, 0);
    if (x || y) this.move(x, y);
  }
}

for (const [id, view] of views) {
  const element = view.querySelector(".canvas");
  if (!element.querySelector("svg")) continue;
  const canvas = new Canvas(element);
  canvases.set(id, canvas);
  const acts = { in: () => canvas.zoom(0.8), out: () => canvas.zoom(1.25), fit: () => canvas.fit() };
  for (const button of view.querySelectorAll("[data-zoom]")) button.addEventListener("click", acts[button.dataset.zoom]);
}
for (const button of document.querySelectorAll("[data-back]")) {
  button.addEventListener("click", () => { location.hash = detailShown; });
}
// Dragging a link is the browser's own; here it moves the drawing.
document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".canvas")) event.preventDefault(); });
window.addEventListener("hashchange", show);
window.addEventListener("resize", () => { const canvas = canvases.get(viewShown); if (canvas?.seen) canvas.apply(); });
show();
