// Two small helps; without script the page says the practice's zone, and a button shows the times
// with what was ticked.

// What the reader's own clock shows when the practice's shows noon, if the two differ.
class YourClock extends HTMLElement {
  connectedCallback() {
    const { zone, day, words } = this.dataset;
    const noon = new Date(`${day}T12:00:00Z`);
    const told = (timeZone) =>
      new Intl.DateTimeFormat(document.documentElement.lang, {
        timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      }).format(noon);
    const there = told(zone);
    const here = told(undefined);
    if (there !== here) this.textContent = words.replace("{there}", there).replace("{here}", here);
  }
}
customElements.define("your-clock", YourClock);

// A time pressed after ticking something, without asking for the times again, is held with it.
const extras = document.querySelector("[data-extras]");
const hold = document.querySelector("[data-hold]");

function carry() {
  for (const old of hold.querySelectorAll("input[name=add]")) old.remove();
  for (const ticked of extras.querySelectorAll("input[name=add]:checked")) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "add", value: ticked.value });
    hold.append(input);
  }
}

if (extras && hold) extras.addEventListener("change", carry);
