// The box on the home page and on the page for addresses where nothing is, which hands over to the search box of the
// theme, and the term of the day.

const A_FILE = 50; // terms in each of the files, as generator/pages/home.py writes them
const DAY = 86400000;

// Which of so many terms it is on a day, counted from 1970: each once before any comes again, and neighbors in the list
// far from each other.
export function placeOf(day, count) {
  const gcd = (a, b) => (b ? gcd(b, a % b) : a);
  let step = Math.max(1, Math.round(count * 0.618));
  while (gcd(step, count) !== 1) step += 1;
  return (day * step) % count;
}

async function today(section) {
  const place = placeOf(Math.floor(Date.now() / DAY), Number(section.dataset.count)); // the same day for everybody, that of UTC
  const answer = await fetch(`${section.dataset.files}${Math.floor(place / A_FILE)}.json`);
  const [slug, title, definition] = (await answer.json())[place % A_FILE];
  const link = section.querySelector(".tl-today-title a");
  link.href = `${section.dataset.terms}${slug}/`;
  link.textContent = title;
  section.querySelector(".tl-today-says").textContent = definition;
  section.querySelector("h2").firstChild.textContent = "Term of the day";
}

// What is typed goes on in the box of the theme, which shows what it finds as one types.
function ask(form) {
  const here = form.querySelector("input");
  const handOver = () => {
    const box = document.querySelector('[data-md-component="search-query"]');
    const toggle = document.querySelector('[data-md-toggle="search"]');
    if (!toggle.checked) toggle.click();
    box.value = here.value;
    here.value = "";
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    for (const kind of ["input", "keyup"]) box.dispatchEvent(new Event(kind, { bubbles: true }));
  };
  here.addEventListener("input", (event) => { if (here.value && !event.isComposing) handOver(); });
  here.addEventListener("compositionend", () => { if (here.value) handOver(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    handOver();
  });
  form.hidden = false;
}

export function arrived() {
  for (const form of document.querySelectorAll(".tl-ask[hidden]")) ask(form);
  const section = document.querySelector(".tl-today:not([data-ready])");
  if (!section) return;
  section.dataset.ready = "";
  today(section).catch(() => {}); // what stands there is a term too
}
