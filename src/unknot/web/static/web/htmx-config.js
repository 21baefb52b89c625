// Told to htmx once, for every page. Answers 409 (somebody was faster) and 422 (an answer needs another look)
// carry a fragment that says so, and are swapped in like any other; only "nothing new" is not.
const { htmx } = window;

htmx.config.noSwap = [204, 304];
htmx.config.defaultTimeout = 30_000;

// After a swap the focus goes to what has to be read first: an error summary or an error banner.
document.addEventListener('htmx:after:swap', () => {
  document.querySelector('.error-summary[autofocus], .error-banner')?.focus();
});
