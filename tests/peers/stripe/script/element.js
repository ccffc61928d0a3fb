// Inside the frame: the fields, what is wrong with them, and the token. Only this file ever sees a card's number.
"use strict";
const $ = (id) => document.getElementById(id);
const EXAMPLES = [
  ["4242 4242 4242 4242", "US", "pays"], ["4000 0027 6000 0016", "DE", "pays"], ["4000 0027 6000 3184", "DE", "challenge"],
  ["4000 0000 0000 9995", "US", "declined"], ["4000 0064 3000 0009", "RU", "refused"], ["4000 0011 2000 0005", "BY", "refused"],
];
const EXAMPLE_IBANS = [["DE89 3704 0044 0532 0130 00", "DE", "pays"], ["DE62 3704 0044 0532 0130 01", "DE", "declined"]];
const COUNTRIES = "US GB DE FR LV LT EE PL CZ NL BE AT CH IT ES PT SE NO FI DK IE GE AM KZ KG TR IL CA AU JP UA RU BY".split(" ");
const panelOf = { card: "card", sepa_debit: "sepa_debit", apple_pay: "wallet", google_pay: "wallet" };
const isWallet = () => panelOf[kind] === "wallet";
const HEARERS = { begin, submit, token, focus: () => $("number").focus() };
let words, settings, kind, answersTo;

const say = (message) => parent.postMessage(message, answersTo ?? "*");
const digits = (id) => $(id).value.replace(/\D/g, "");

addEventListener("message", async ({ source, origin, data }) => {
  if (source !== parent || !HEARERS[data.what] || (answersTo && origin !== answersTo)) return;
  answersTo = origin;
  const value = await HEARERS[data.what](data.value);
  if (data.number) say({ answers: data.number, value });
});

function begin(given) {
  settings = given;
  words = wordsIn(given.locale);
  document.documentElement.lang = given.locale.slice(0, 2);
  document.documentElement.classList.toggle("dark", given.dark);
  for (const [name, value] of Object.entries(given.appearance?.variables ?? {})) document.documentElement.style.setProperty(`--${name}`, value);
  for (const id of ["number", "expiry", "cvc", "country", "iban", "held", "name", "email"]) document.querySelector(`label[for="${id}"]`).textContent = words[id];
  $("expiry").placeholder = words.expiryHint;
  $("mandate").textContent = given.mode === "setup" ? words.mandateSetup : words.mandate;
  fillCountries(given.locale);
  fillWallet();
  hideWhatIsNeverAsked(given.options.fields?.billingDetails);
  const types = given.paymentMethodTypes ?? ["card"];
  drawTabs([...types.filter((type) => panelOf[type]), ...(types.includes("card") ? given.wallets : [])]);
  document.querySelector("main").hidden = false;
  new ResizeObserver(() => say({ what: "height", value: document.documentElement.offsetHeight })).observe(document.body);
  say({ what: "ready" });
}

function fillCountries(locale) {
  const names = new Intl.DisplayNames([locale], { type: "region" });
  const options = COUNTRIES.map((code) => new Option(names.of(code), code)).sort((a, b) => a.text.localeCompare(b.text, locale));
  $("country").replaceChildren(...options);
  $("country").value = settings.options.defaultValues?.billingDetails?.address?.country ?? "DE";
}

function hideWhatIsNeverAsked(hidden) {
  const never = (field) => hidden === "never" || hidden?.[field] === "never";
  $("where").hidden = never("address") || hidden?.address === "if_required" || hidden?.address?.country === "never";
  for (const field of ["name", "email"]) $(field).parentElement.hidden = never(field);
}

function drawTabs(types) {
  kind = types[0];
  const tabs = types.map((type) => {
    const tab = Object.assign(document.createElement("button"), { type: "button", textContent: words[type] });
    tab.dataset.type = type;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panelOf[type]);
    tab.addEventListener("click", () => choose(type));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step) choose(types[(types.indexOf(kind) + step + types.length) % types.length], true);
    });
    return tab;
  });
  if (types.length > 1) $("tabs").replaceChildren(...tabs);
  choose(kind);
}

function choose(type, focus = false) {
  kind = type;
  for (const form of document.forms) form.hidden = form.id !== panelOf[type];
  for (const tab of $("tabs").children) {
    const chosen = tab.dataset.type === type;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
    if (chosen && focus) tab.focus();
  }
  $("may").hidden = isWallet();
  drawExamples(type === "sepa_debit" ? EXAMPLE_IBANS : EXAMPLES, type === "sepa_debit" ? "iban" : "number");
  showError(null);
  changed();
}

function fillWallet() {
  const names = new Intl.DisplayNames([settings.locale], { type: "region" });
  const cards = EXAMPLES.map(([number, country, outcome]) => new Option(`•••• ${number.slice(-4)}, ${names.of(country)}: ${words[outcome]}`, number.replace(/\s/g, "")));
  $("held").replaceChildren(...cards);
}

function drawExamples(examples, field) {
  const names = new Intl.DisplayNames([settings.locale], { type: "region" });
  $("may").querySelector("summary").textContent = words.may;
  $("may").querySelector("p").textContent = words.mayIntro;
  $("may").querySelector("table").replaceChildren(...examples.map(([number, country, outcome]) => {
    const row = document.createElement("tr");
    const fill = Object.assign(document.createElement("button"), { type: "button", textContent: number });
    fill.addEventListener("click", () => fillIn(field, number));
    row.insertCell().append(fill);
    row.insertCell().textContent = `${names.of(country)}: ${words[outcome]}`;
    return row;
  }));
}

function fillIn(field, number) {
  $(field).value = number;
  if (field === "number" && !$("expiry").value) [$("expiry").value, $("cvc").value] = ["12 / 34", "123"];
  changed();
}

function wrong() {
  if (isWallet()) return null;
  const billing = (field, code) => ($(field).parentElement.hidden || $(field).value.trim() ? null : [field, code]);
  const checks = kind === "card" ? [wrongNumber, wrongExpiry, wrongCvc] : [wrongIban, () => billing("name", "incomplete_name"), () => billing("email", "incomplete_email")];
  for (const check of checks) {
    const found = check();
    if (found) return found;
  }
  return null;
}

function wrongNumber() {
  const number = digits("number");
  if (number.length < 14) return ["number", "incomplete_number"];
  const sum = [...number].reverse().reduce((total, digit, place) => total + (place % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit] : Number(digit)), 0);
  return sum % 10 ? ["number", "invalid_number"] : null;
}

function wrongExpiry() {
  const written = digits("expiry");
  if (written.length < 4 || written.slice(0, 2) < "01" || written.slice(0, 2) > "12") return ["expiry", "incomplete_expiry"];
  const now = new Date();
  const month = 2000 * 12 + Number(written.slice(2)) * 12 + Number(written.slice(0, 2)) - 1;
  return month < now.getFullYear() * 12 + now.getMonth() ? ["expiry", "invalid_expiry_year_past"] : null;
}

const wrongCvc = () => (digits("cvc").length < 3 ? ["cvc", "incomplete_cvc"] : null);

function wrongIban() {
  const iban = $("iban").value.replace(/\s/g, "").toUpperCase();
  const held = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban);
  const rest = held && [...(iban.slice(4) + iban.slice(0, 4))].reduce((left, sign) => Number(`${left}${parseInt(sign, 36)}`) % 97, 0);
  return held && rest === 1 ? null : ["iban", "invalid_iban"];
}

function showError(found, message) {
  for (const input of document.querySelectorAll("input")) input.removeAttribute("aria-invalid");
  $("error").hidden = !found;
  if (!found) return;
  $("error").textContent = message ?? words[found[1]];
  $(found[0]).setAttribute("aria-invalid", "true");
  $(found[0]).focus();
}

function submit() {
  const found = wrong();
  showError(found);
  if (found) return { error: { type: "validation_error", code: found[1], message: words[found[1]] } };
  return { selectedPaymentMethod: kind };
}

async function token({ key, billing, setup }) {
  const refused = submit();
  if (refused.error) return refused;
  const typed = {
    card: () => ({ number: digits("number"), expiry: digits("expiry"), cvc: digits("cvc") }),
    sepa_debit: () => ({ iban: $("iban").value.replace(/\s/g, "").toUpperCase() }),
    wallet: () => ({ number: $("held").value, wallet: kind }),
  }[panelOf[kind]]();
  const shown = Object.fromEntries(["name", "email"].filter(() => kind === "sepa_debit").map((field) => [field, $(field).value]));
  const country = $("where").hidden ? undefined : $("country").value;
  const details = { ...shown, address: { country }, ...billing };
  try {
    const answer = await fetch("tokens", { method: "POST", body: JSON.stringify({ key, type: isWallet() ? "card" : kind, setup, billing: details, ...typed }) });
    const made = await answer.json();
    if (made.error) showError([kind === "sepa_debit" ? "iban" : "number"], (made.error.message = words[made.error.decline_code] ?? made.error.message));
    return made;
  } catch {
    return { error: { type: "api_connection_error", message: "The connection was lost." } };
  }
}

function changed() {
  const empty = !isWallet() && [...$(kind).querySelectorAll("input")].every((input) => !input.value);
  say({ what: "change", value: { complete: wrong() === null, empty, collapsed: false, value: { type: kind } } });
}

$("number").addEventListener("input", ({ target }) => { target.value = digits("number").replace(/(\d{4})(?=\d)/g, "$1 "); });
$("expiry").addEventListener("input", ({ target, inputType }) => {
  const written = digits("expiry").slice(0, 4);
  target.value = written.length > 2 || (written.length === 2 && !inputType?.startsWith("delete")) ? `${written.slice(0, 2)} / ${written.slice(2)}` : written;
});
document.addEventListener("input", () => { showError(null); changed(); });
for (const form of document.forms) form.addEventListener("submit", (event) => event.preventDefault());
say({ what: "open" });
