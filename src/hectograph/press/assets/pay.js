// The pay page: shows the processor's card fields, has them make a token, and posts the token to the desk, once.
(() => {
const by = (id) => document.getElementById(id), form = by("f"), go = by("go"), status = by("st"), about = form.dataset;
const words = JSON.parse(by("w").textContent), language = document.documentElement.lang;
let stripe, elements, isBusy = true;
const say = (text, bad) => { status.className = bad ? "bad" : ""; status.textContent = text; };
const free = () => { isBusy = go.disabled = false; };
const load = () => new Promise((done, failed) => {
const script = document.createElement("script"), slow = setTimeout(() => say(words.slow, true), 8000);
script.src = about.script;
script.onload = () => { clearTimeout(slow); window.Stripe ? done() : failed(); };
script.onerror = () => { clearTimeout(slow); failed(); };
document.head.append(script);
});
const show = async () => {
say(words.opening);
await load();
stripe = Stripe(about.key, { locale: language });
const isPlan = about.mode == "subscription", isSetup = about.mode == "setup", dark = matchMedia("(prefers-color-scheme: dark)").matches;
elements = stripe.elements({
mode: about.mode, currency: about.currency.toLowerCase(), locale: language, ...(!isSetup && { amount: +about.minor }),
paymentMethodTypes: about.methods.split(" ").filter((one) => one != "sepa_debit" || about.currency == "EUR"), appearance: { theme: dark ? "night" : "stripe" },
...(isPlan && { setupFutureUsage: "off_session" }),
});
const fields = elements.create("payment", {
fields: { billingDetails: { address: "if_required" } },
terms: { card: "never" }, wallets: { link: "never" },
});
fields.on("ready", () => { say(words.ready); go.hidden = false; free(); });
fields.on("loaderror", () => say(words.unloaded, true));
fields.mount("#pe");
};
// A small task, asked for when too many pay at once: a number whose hash with the question starts with so many zeros.
const solve = async ({ work, bits }) => {
say(words.working);
for (let tried = 0; ; tried++) {
const hash = new DataView(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(work + "." + tried)));
if (hash.getUint32(0) >>> (32 - bits) == 0) return { work, tried };
}
};
const post = async (fields) => {
const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } });
const found = await answer.json();
return found.work && !fields.work ? post({ ...fields, ...await solve(found) }) : found;
};
const pay = async () => {
const { error } = await elements.submit();
if (error) return error.message;
const made = await stripe.createConfirmationToken({ elements });
if (made.error) return made.error.message;
const { id, payment_method_preview: means } = made.confirmationToken;
const method = means?.type == "sepa_debit" ? "sepa" : "card";
let found;
try { found = await post({ ...Object.fromEntries(new FormData(form)), token: id, method }); } catch { return words.lost; }
if (!found.status) return words[found.error] || words.wrong;
location.assign(found.status);
};
form.addEventListener("submit", async (event) => {
event.preventDefault();
if (isBusy || !form.reportValidity()) return;
isBusy = go.disabled = true;
say(words.busy);
let wrong;
try { wrong = await pay(); } catch { wrong = words.unloaded; }
if (wrong) { say(wrong, true); free(); }
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
show().catch(() => say(words.unloaded, true));
})();
