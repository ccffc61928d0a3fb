// What a page asks of its reader. Decided here, on the reader's device: "not-before" is the one thing kept, a day
// before which nothing is asked. It is set alike by "Not now", "Remind me later" and "Continue", 60 to 90 days ahead
// at random, so that it tells neither which of them it was nor when. Nothing is sent.
const WORDS = @@words@@, KEY = "not-before", store = () => @@store@@;
const ROOT = new URL(".", import.meta.url).href, LANGUAGE = document.documentElement.lang, SAY = WORDS[LANGUAGE] ?? {};
const PATH = location.href.replace(/[?#].*/, "").slice(ROOT.length).replace(/(^|\/)$/, "$1index.html"), PAGE = `${LANGUAGE}/support.html`;
const FREQUENCIES = ["once", "monthly", "annual"];
const one = (query, from = document) => from.querySelector(query);
const all = (query, from = document) => [...from.querySelectorAll(query)];
const make = (tag, values = {}, ...inside) => {
const node = Object.assign(document.createElement(tag), values);
node.append(...inside);
return node;
};
const named = (node, name) => node.setAttribute("aria-label", name) ?? node;
const box = one("#support"), button = one(".go"), form = box && one("form", box);
const day = (ahead) => new Date(Date.now() + ahead * 864e5).toISOString().slice(0, 10);

// --- the sign-up form: sealed here, once somebody starts to fill it in
for (const sheet of all("[data-seal]")) {
const load = () => sheet.append(make("script", { src: `${ROOT}seal.js` }));
if (sheet.contains(document.activeElement)) load();
else sheet.addEventListener("focusin", load, { once: true });
}

// --- whether to ask
function isQuiet() {
try {
const until = store()[KEY] ?? "";
return until > day(0) && until <= day(90);
} catch {
return false;
}
}
function notBefore() {
try {
store()[KEY] = day(60 + Math.floor(Math.random() * 31));
} catch { }
}
function leaveAlone() {
notBefore();
hush();
}
function hush() {
lower();
if (!box || PATH == PAGE) return;
box.hidden = true;
button.href = ROOT + PAGE;
}

// --- a reminder in the reader's own calendar: an entry that names nobody
function calendar(month, title) {
const [year, number] = month.split("-").map(Number), last = new Date(Date.UTC(year, number, 0)).getUTCDate();
const plain = (date) => date.toISOString().slice(0, 10).replaceAll("-", "");
const date = plain(new Date(Date.UTC(year, number - 1, 1 + Math.floor(Math.random() * last))));
const text = title.replace(/[\\;,]/g, "\\$&");
const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//EN", "BEGIN:VEVENT", `UID:${id}`,
`DTSTAMP:${plain(new Date())}T000000Z`, `DTSTART;VALUE=DATE:${date}`, `SUMMARY:${text}`, "CLASS:PRIVATE",
"TRANSP:TRANSPARENT", "BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:${text}`, "TRIGGER:PT9H", "END:VALARM",
"END:VEVENT", "END:VCALENDAR"];
return lines.map(fold).join("\r\n") + "\r\n";
}
function fold(line) {
const size = (letter) => new TextEncoder().encode(letter).length;
let folded = "", left = 75;
for (const letter of line) {
if (size(letter) > left) {
folded += "\r\n ";
left = 74;
}
folded += letter;
left -= size(letter);
}
return folded;
}
function months() {
const now = new Date(), name = new Intl.DateTimeFormat(LANGUAGE, { month: "long", year: "numeric", timeZone: "UTC" });
return Array.from({ length: 6 }, (_, ahead) => new Date(Date.UTC(now.getFullYear(), now.getMonth() + 1 + ahead)))
.map((date) => make("option", { value: date.toISOString().slice(0, 7), textContent: name.format(date) }));
}
function reminder(byMail) {
const choice = make("select", {}, ...months()), go = make("button", { type: "button", textContent: SAY.file });
const note = make("p", { className: "m", role: "status" });
go.addEventListener("click", () => {
const file = new Blob([calendar(choice.value, SAY.title)], { type: "text/calendar" });
make("a", { href: URL.createObjectURL(file), download: "reminder.ics" }).click();
note.textContent = SAY.made;
notBefore();
});
const mail = byMail ? [make("p", { className: "m" }, make("a", { href: `${ROOT}${PAGE}#remind`, textContent: SAY.mail }), " · ", no())] : [];
return make("div", {}, make("p", { className: "m", textContent: SAY.how }),
make("div", { className: "f" }, make("label", { textContent: SAY.month }, choice), go), note, ...mail);
}
function offerReminder(link) {
link.addEventListener("click", (event) => {
event.preventDefault();
const panel = reminder(true);
link.closest("p").replaceWith(panel);
one("select", panel).focus();
}, { once: true });
}

// --- campaigns: laid over the standing message
const money = (minor, currency) => new Intl.NumberFormat(LANGUAGE,
{ style: "currency", currency, minimumFractionDigits: minor % 100 ? 2 : 0 }).format(minor / 100);
function section() {
const link = one("article>.k a");
return link ? link.href.slice(ROOT.length) : PATH;
}
function isMeant(appeal, place) {
const now = new Date().toISOString(), everywhere = !appeal.sections.length && !appeal.stories.length;
return appeal.places.includes(place) && appeal.from <= now && now < appeal.to && appeal.words[LANGUAGE] &&
(everywhere || appeal.stories.includes(PATH) || appeal.sections.includes(section()));
}
function goal({ goal }) {
if (!goal) return [];
const said = make("p", { className: "m" });
const whole = money(goal.minor, goal.currency);
if (goal.percent == null) said.textContent = SAY.goal.replace("{goal}", whole);
else said.append(named(make("progress", { max: 100, value: Math.min(goal.percent, 100) }), SAY.goal.replace("{goal}", whole)),
` ${SAY.raised.replace("{raised}", money(goal.raised, goal.currency)).replace("{goal}", whole)}`);
return [said];
}
function lay(appeal) {
const words = appeal.words[LANGUAGE];
one("h2", box).textContent = words.title;
one("div", box).replaceChildren(...words.text.map((textContent) => make("p", { textContent })), ...goal(appeal));
form.append(make("input", { type: "hidden", name: "appeal", value: appeal.slug }));
if (!isTouched) offer(appeal);
}
function standing() {
const found = {};
for (const field of all(".a input", form)) (found[field.name] ??= []).push(Math.round(field.value * 100));
return found;
}
let isTouched = false, own = {}, chosen = {}, fields = {};
function settle() {
isTouched = form.contains(document.activeElement);
form.addEventListener("input", () => isTouched = true, { once: true });
own = standing();
for (const name of FREQUENCIES) {
const [first, ...rest] = all(`.a.${name}`, form);
rest.forEach((other) => other.remove());
first.className = `a ${name}`;
one("legend", first).textContent = one(`[value=${name}]`, form).parentNode.textContent;
fields[name] = one(".o", first);
}
form.elements.currency.addEventListener("change", fill);
if (!isTouched) offer({ amounts: {}, frequency: "monthly", choice: 0 });
}
function fill() {
const currency = form.elements.currency.value;
for (const name of FREQUENCIES) {
const minors = chosen.amounts?.[currency]?.[name] ?? own[`${name}-${currency}`] ?? own[name];
fields[name].replaceChildren(...minors.map((minor, place) => make("label", {}, make("input",
{ type: "radio", name, value: minor / 100, checked: place == Math.min(chosen.choice ?? 0, minors.length - 1) }), money(minor, currency))));
}
}
function offer(appeal) {
chosen = appeal;
fill();
one(`[name=frequency][value=${appeal.frequency}]`, form).checked = true;
}
function banner(appeal) {
const words = appeal.words[LANGUAGE], sheet = new CSSStyleSheet();
sheet.replaceSync("#banner{position:fixed;inset:auto 0 0;margin:0;border-top:2px solid var(--m);border-radius:0;max-height:60vh;overflow:auto}"
+ "#banner>div{max-width:69rem;margin:auto}#banner .f{gap:.5rem 1rem;align-items:center;font-family:system-ui,sans-serif}#banner .go{text-decoration:none}#banner div.f{align-items:end}");
document.adoptedStyleSheets.push(sheet);
const give = make("a", { className: "go", href: box ? "#support" : ROOT + PAGE, textContent: SAY.support });
give.addEventListener("click", lower);
const links = make("p", { className: "f" }, give, remindLink(), no());
const shown = named(make("aside", { id: "banner", className: "x" }, make("div", {}, make("h2", { textContent: words.title }), ...words.text.slice(0, 1).map((textContent) => make("p", { textContent })), links)), words.title);
document.body.append(shown);
document.body.style.paddingBottom = `${shown.offsetHeight}px`;
}
function lower() {
one("#banner")?.remove();
document.body.style.paddingBottom = "";
}
function remindLink() {
const link = make("a", { href: `${ROOT}${PAGE}#remind`, textContent: SAY.remind });
offerReminder(link);
return link;
}
function no() {
const button = make("button", { type: "button", className: "q", textContent: SAY.no });
button.addEventListener("click", leaveAlone);
return button;
}

async function ask() {
const here = one("#remind");
if (here) one("h2", here).after(reminder(false));
for (const sheet of all("#support form,#remind form")) sheet.addEventListener("submit", notBefore);
const link = box && one('a[href$="#remind"]', form);
if (link) offerReminder(link);
if (isQuiet() && PATH != PAGE) {
if (location.hash != "#support") hush();
return;
}
if (link && PATH != PAGE) link.after(" · ", no());
if (form) settle();
const answer = await fetch(`${ROOT}campaign.json`, { credentials: "@@credentials@@" }).catch(() => null);
const appeals = answer?.ok ? (await answer.json()).appeals : [];
const over = box && appeals.find((appeal) => isMeant(appeal, PATH == PAGE ? "page" : "story"));
if (over) lay(over);
const above = PATH != PAGE && appeals.find((appeal) => isMeant(appeal, "banner"));
if (above && !isQuiet()) banner(above);
}
if (button) ask();
