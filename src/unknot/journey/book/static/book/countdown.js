// Says how many minutes a held time is still held. The page already names the hour, so nothing is
// lost without script. Counts from when the page opened: the clock of the device may be wrong.
const place = document.querySelector("[data-seconds-left]");

function say() {
  const seconds = Number(place.dataset.secondsLeft) - performance.now() / 1000;
  const minutes = Math.ceil(seconds / 60);
  const { one, many, over } = place.dataset;
  const words = minutes > 1 ? many.replace("{n}", minutes) : minutes === 1 ? one : over;
  const spoken = place.querySelector("[role=status]");
  if (spoken.textContent !== words) spoken.textContent = words;
  if (seconds > 0) setTimeout(say, 1000);
}

if (place) say();
