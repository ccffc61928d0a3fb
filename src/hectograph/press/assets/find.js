// Drives the search page. Finds by word forms in every index of the language, and by title what no index has got yet.
const list = document.getElementById("results");
const { root, language, none, searching, failed, found } = list.dataset;
const status = document.getElementById("status");
const form = document.querySelector("form[role=search]");
const box = document.getElementById("q");
const folder = new URL(`${root}search/${language}/`, location.href);
const spoken = language === "en" ? "en-GB" : language; // as all pages write a day: 24 November 2026
const day = new Intl.DateTimeFormat(spoken, { dateStyle: "long", timeZone: "UTC" });
const most = 30;
let starting, pause, turn = 0;

const load = (name) => fetch(new URL(name, folder)).then((answer) => (answer.ok ? answer.json() : []));

async function start() {
  const [parts, recent] = await Promise.all([load("indexes.json"), load("recent.json")]);
  if (!parts.length) return { recent };
  const [first, ...rest] = parts.map((part) => new URL(`${part}/`, folder).href);
  const engine = await import(`${first}pagefind.js`);
  await engine.options({ basePath: first, baseUrl: "/" });
  await engine.init();
  // An older index that can't be had leaves the others to be searched.
  await Promise.allSettled(rest.map((part) => engine.mergeIndex(part, { baseUrl: "/" })));
  return { engine, recent };
}

const split = (text) => text.toLowerCase().replaceAll("ё", "е").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const stem = (word) => (word.length > 5 ? word.slice(0, -2) : word);
// Without an index two words are one if either begins with the other's all but two letters: enough for most endings.
const alike = (asked, word) => word.startsWith(stem(asked)) || (word.length > 5 && asked.startsWith(stem(word)));

function byTitle(rows, query) {
  const words = split(query), long = words.filter((word) => word.length > 2), asked = long.length ? long : words;
  return rows.filter(([, headline, standfirst]) => {
    const own = split(`${headline} ${standfirst}`);
    return asked.length && asked.every((one) => own.some((word) => alike(one, word)));
  }).map(([path, headline, standfirst, at]) => ({ path, headline, standfirst, at }));
}

// An excerpt begins and ends in mid-sentence, or begins with the headline, which stands above it.
function excerpt(text, headline) {
  const own = text.startsWith(headline) && !/^[\p{L}\p{N}]/u.test(text.slice(headline.length))
    ? text.slice(headline.length).replace(/^[.\s]+/, "") : text;
  return own && `${/^\p{Ll}/u.test(own) ? "… " : ""}${own}${/[.!?…»”"]$/.test(own) ? "" : "…"}`;
}

async function byIndex(engine, query) {
  const { results } = await engine.search(query);
  const pages = await Promise.all(results.slice(0, most).map((result) => result.data()));
  const items = pages.map(({ url, meta, plain_excerpt: text }) =>
    ({ path: url.replace(/^\//, ""), headline: meta.title, standfirst: excerpt(text, meta.title), at: meta.date, section: meta.section }));
  return { items, more: results.length > most };
}

function show(items, more) {
  list.replaceChildren(...items.map(({ path, headline, standfirst, at, section }) => {
    const item = document.createElement("li");
    const [title, link, text, when] = ["h2", "a", "p", "p"].map((tag) => document.createElement(tag));
    item.className = "c";
    link.href = root + path;
    link.textContent = headline;
    title.append(link);
    text.className = "s";
    text.textContent = standfirst;
    when.className = "m";
    when.textContent = [section, at && day.format(new Date(at))].filter(Boolean).join(" · ");
    item.append(title, text, when);
    return item;
  }));
  status.textContent = items.length ? `${found} ${items.length}${more ? "+" : ""}` : none;
}

async function find(query) {
  const mine = ++turn;
  if (!query.trim()) { list.replaceChildren(); status.textContent = ""; return; }
  status.textContent = searching;
  try {
    const { engine, recent } = await (starting ??= start());
    const indexed = engine ? await byIndex(engine, query) : { items: [] };
    const seen = new Set(), sections = new Map(indexed.items.map(({ path, section }) => [path, section]));
    const titled = byTitle(recent, query).map((item) => ({ ...item, section: sections.get(item.path) }));
    const items = [...titled, ...indexed.items].filter(({ path }) => !seen.has(path) && seen.add(path));
    if (mine === turn) show(items, indexed.more);
  } catch {
    starting = undefined;
    if (mine === turn) { list.replaceChildren(); status.textContent = failed; }
  }
}

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  history.replaceState(null, "", `?q=${encodeURIComponent(box.value)}`);
  find(box.value);
});
box.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(() => find(box.value), 250); });
box.value = new URLSearchParams(location.search).get("q") ?? "";
find(box.value);
