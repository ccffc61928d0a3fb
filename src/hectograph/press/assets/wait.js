// The page that waits for the newsroom's word: asks for it, lets the bank ask its customer, and ends in a whole page.
(() => {
const about = document.currentScript.dataset, address = "/status/" + about.id, seen = new Set();
const rest = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const load = () => new Promise((done, failed) => {
const script = document.createElement("script");
Object.assign(script, { src: about.script, onload: done, onerror: failed });
document.head.append(script);
});
const challenge = async (secret) => {
if (!window.Stripe) await load();
await Stripe(about.key, { locale: document.documentElement.lang }).handleNextAction({ clientSecret: secret });
await fetch(address, { method: "POST", body: new URLSearchParams({ after: "yes" }) });
};
const ask = async () => {
const { state, secret } = await (await fetch(address, { headers: { Accept: "application/json" } })).json();
if (state == "action" && !seen.has(secret)) {
seen.add(secret);
await challenge(secret).catch(() => seen.delete(secret));
}
return ["under-way", "action", "unknown"].includes(state);
};
(async () => {
for (let turn = 0, waits = true; waits; turn++) {
await rest(turn < 40 ? .6 : 3);
waits = await ask().catch(() => true);
}
location.replace(location.href);
})();
})();
