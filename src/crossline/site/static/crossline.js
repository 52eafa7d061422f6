// Progressive enhancement only: every page works without this file.
//
// Starts the design system's components. The two libraries are imported by the addresses the page gives, so that hashed
// names of static files work without rewriting modules. Pieces of page that htmx swaps in are started likewise.

const tag = document.querySelector("script[data-crossline-scripts]");

async function start() {
  const [govuk, moj] = await Promise.all([import(tag.dataset.govukFrontend), import(tag.dataset.mojFrontend)]);
  const startIn = (scope) => {
    govuk.initAll({ scope });
    moj.initAll({ scope });
  };
  startIn(document);
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target;
    startIn(target?.isConnected ? target : document.getElementById("main-content"));
  });
}

// A slash puts the cursor in the search box, as analysts expect; never while something is being typed.
function searchKey(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const box = document.getElementById("crossline-search");
  if (event.key === "/" && box && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
  }
}

// A letter presses the button that names it, where a page asks the same question again and again; never while typing.
function answerKey(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
  if (!typing && plain && /^[a-z]$/.test(event.key)) {
    document.querySelector(`[data-crossline-key="${event.key}"]`)?.click();
  }
}

document.addEventListener("keydown", searchKey);
document.addEventListener("keydown", answerKey);
if (tag && document.body.classList.contains("govuk-frontend-supported")) {
  start();
}
