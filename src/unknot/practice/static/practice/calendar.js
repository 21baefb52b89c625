// Dragging an appointment of the calendar to another time, with a mouse, a pen or a finger.
//
// Where it can go comes from the server: the calendar as its own "Move" link shows it. No time is
// computed here. Letting go at one of these times opens the page that asks before anything moves,
// the same page that pressing the time opens. Without script the link remains.
const wide = matchMedia("(min-width: 60rem)");
const FAR = 6; // pixels: less is a press
const EDGE = 48;

class MovingCalendar extends HTMLElement {
  connectedCallback() {
    this.status = document.querySelector("#drag-status");
    this.addEventListener("pointerdown", (event) => this.press(event));
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.addEventListener("click", (event) => this.dragged && event.preventDefault(), true);
  }

  press(event) {
    this.dragged = false;
    const block = event.target.closest("[data-move]");
    if (!block || event.button || this.drag || !wide.matches) return;
    if (event.pointerType !== "mouse" && !event.target.closest(".move")) return; // a finger scrolls
    const stop = new AbortController();
    const { clientX: x, clientY: y, pointerId } = event;
    this.drag = { block, stop, pointerId, x, y, below: y - block.getBoundingClientRect().top };
    const hear = (name, heard) => addEventListener(name, heard, { signal: stop.signal });
    hear("pointermove", (moved) => moved.pointerId === pointerId && this.carry(moved));
    hear("pointerup", (ended) => ended.pointerId === pointerId && this.drop(ended));
    hear("pointercancel", () => this.leave(""));
    hear("keydown", (key) => key.key === "Escape" && this.leave("stays"));
  }

  carry(event) {
    const { drag } = this;
    const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!this.dragged && Math.hypot(right, down) < FAR) return;
    if (!this.dragged) this.begin();
    drag.block.style.translate = `${right}px ${down + scrollY - drag.scrolled}px`;
    const target = this.under(event);
    for (const one of this.querySelectorAll(".target.over")) if (one !== target) one.classList.remove("over");
    target?.classList.add("over");
    if (event.clientY < EDGE) scrollBy(0, -12);
    if (event.clientY > innerHeight - EDGE) scrollBy(0, 12);
  }

  begin() {
    const { drag } = this;
    this.dragged = true;
    drag.scrolled = scrollY;
    drag.block.classList.add("dragged");
    this.say("begun");
    drag.loaded = this.load(drag.block.querySelector(".move").href, drag.stop.signal);
  }

  // The times of this appointment, put into the columns that are shown already.
  async load(address, signal) {
    const answer = await fetch(address, { signal });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const lists = [...this.querySelectorAll(".calendar-column > ol")];
    page.querySelectorAll(".calendar-column > ol").forEach((list, place) => {
      lists[place]?.append(...list.querySelectorAll(":scope > .target"));
    });
  }

  // The time at the upper edge of what is carried.
  under(event) {
    const y = event.clientY - this.drag.below + 4;
    for (const one of document.elementsFromPoint(event.clientX, y)) {
      const target = one.closest(".target");
      if (target && this.contains(target)) return target;
    }
    return null;
  }

  async drop(event) {
    if (!this.dragged) return this.leave("");
    try {
      await this.drag.loaded;
    } catch {
      return this.leave("failed");
    }
    if (!this.drag) return; // left with Escape meanwhile
    const target = this.under(event);
    this.leave(target ? "" : "stays");
    if (target) location.assign(target.querySelector("a").href);
  }

  leave(word) {
    const { drag } = this;
    if (!drag) return;
    this.drag = null;
    drag.loaded?.catch(() => {}); // what was stopped on purpose is no fault
    drag.stop.abort();
    drag.block.classList.remove("dragged");
    drag.block.style.translate = "";
    for (const one of this.querySelectorAll(".target")) one.remove();
    this.say(word);
  }

  say(word) {
    this.status.textContent = word ? this.status.dataset[word] : "";
  }
}
customElements.define("moving-calendar", MovingCalendar);
