// Drives the search page. Finds by word forms in the index of each year, and by title what the index has not got yet.
const list = document.getElementById("results");
const { root, language, none, searching, failed, found } = list.dataset;
const status = document.getElementById("status");
const form = document.querySelector("form[role=search]");
const box = document.getElementById("q");
const folder = new URL(`${root}search/${language}/`, location.href);
const day = new Intl.DateTimeFormat(language, { dateStyle: "long" });
let engine, recent, turn = 0;

const load = (name) => fetch(new URL(name, folder)).then((answer) => (answer.ok ? answer.json() : []));

async function start() {
  const [years, rows] = await Promise.all([load("indexes.json"), load("recent.json")]);
  recent = rows;
  if (!years.length) return null;
  const base = (year) => new URL(`${year}/`, folder).href;
  const finder = await import(`${base(years[0])}pagefind.js`);
  await finder.options({ basePath: base(years[0]), baseUrl: "/" });
  for (const year of years.slice(1)) await finder.mergeIndex(base(year), { baseUrl: "/" });
  return finder;
}

// Without an index a word is matched by all but its last two letters: enough for most endings.
const stems = (text) =>
  text.toLowerCase().replaceAll("ё", "е").split(/[^\p{L}\p{N}]+/u).filter(Boolean)
    .map((word) => (word.length > 5 ? word.slice(0, -2) : word));

function byTitle(query) {
  const asked = stems(query);
  return recent.filter(([, headline, standfirst]) => {
    const words = `${headline} ${standfirst}`.toLowerCase().replaceAll("ё", "е").split(/[^\p{L}\p{N}]+/u);
    return asked.length && asked.every((stem) => words.some((word) => word.startsWith(stem)));
  }).map(([path, headline, standfirst, at]) => ({ path, headline, standfirst, at }));
}

async function byIndex(query) {
  if (!engine) return [];
  const answer = await engine.search(query);
  const pages = await Promise.all(answer.results.slice(0, 30).map((result) => result.data()));
  return pages.map(({ url, meta, plain_excerpt: text }) =>
    ({ path: url.replace(/^\//, ""), headline: meta.title, standfirst: text, at: meta.date }));
}

function show(items) {
  list.replaceChildren(...items.map(({ path, headline, standfirst, at }) => {
    const item = document.createElement("li");
    const [title, link, text, when] = ["h2", "a", "p", "p"].map((tag) => document.createElement(tag));
    item.className = "c";
    link.href = root + path;
    link.textContent = headline;
    title.append(link);
    text.className = "s";
    text.textContent = standfirst;
    when.className = "m";
    when.textContent = at ? day.format(new Date(at)) : "";
    item.append(title, text, when);
    return item;
  }));
  status.textContent = items.length ? `${found} ${items.length}` : none;
}

async function find(query) {
  const mine = ++turn;
  if (!query.trim()) { list.replaceChildren(); status.textContent = ""; return; }
  status.textContent = searching;
  try {
    engine ??= await (starting ??= start());
    const seen = new Set();
    const items = [...byTitle(query), ...(await byIndex(query))].filter(({ path }) => !seen.has(path) && seen.add(path));
    if (mine === turn) show(items);
  } catch {
    starting = undefined;
    if (mine === turn) status.textContent = failed;
  }
}

let starting;
form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  history.replaceState(null, "", `?q=${encodeURIComponent(box.value)}`);
  find(box.value);
});
let pause;
box.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(() => find(box.value), 250); });
box.value = new URLSearchParams(location.search).get("q") ?? "";
find(box.value);
