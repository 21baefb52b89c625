// Keeps the days, hours and minutes until the session true while the page stays open. The page
// already names them, so nothing is lost without script. Counts from when the page opened: the
// clock of the device may be wrong.
const place = document.querySelector("[data-until]");

function say() {
  const minutes = Math.max(0, Math.floor((Number(place.dataset.until) - performance.now() / 1000) / 60));
  const left = { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 };
  for (const [name, number] of Object.entries(left)) {
    place.querySelector(`[data-part=${name}]`).textContent = number;
  }
  if (minutes > 0) setTimeout(say, 5000);
}

if (place) say();
