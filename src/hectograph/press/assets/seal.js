// Seals the sign-up form in the reader's browser: HPKE (RFC 9180) base mode, X25519, HKDF-SHA256, AES-256-GCM.
// The form of an envelope is sealing/envelope.py's. What can't be sealed, or is no address,
// leaves the form as it is: the desk seals it, or says what is wrong.
(() => {
const PUBLIC = "@@key@@", WATCHED = "@@hosts@@".split(" ");
const crypt = crypto.subtle, form = document.currentScript.closest("form"), text = new TextEncoder();
const bytes = (part) => typeof part == "string" ? text.encode(part) : new Uint8Array(part);
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...bytes(part)]));
const hex = (digits) => digits.match(/../g).map((pair) => parseInt(pair, 16));
const use = (raw, name, what) => crypt.importKey("raw", raw, name, false, what);
const mac = async (key, data) => crypt.sign("HMAC", await use(key, { name: "HMAC", hash: "SHA-256" }, ["sign"]), data);
const none = new Uint8Array(32), kem = join("KEM", [0, 32]), hpke = join("HPKE", [0, 32, 0, 1, 0, 2]);
const extract = (suite, salt, label, input) => mac(salt, join("HPKE-v1", suite, label, input));
const expand = async (suite, key, label, info, size) =>
(await mac(key, join([0, size], "HPKE-v1", suite, label, info, [1]))).slice(0, size);
async function seal(payload) {
const to = hex(PUBLIC), own = await crypt.generateKey("X25519", true, ["deriveBits"]);
const shared = await crypt.deriveBits({ name: "X25519", public: await use(bytes(to), "X25519", []) }, own.privateKey, 256);
const enc = await crypt.exportKey("raw", own.publicKey);
const secret = await expand(kem, await extract(kem, none, "eae_prk", shared), "shared_secret", join(enc, to), 32);
const head = join("HE", [1], (await crypt.digest("SHA-256", bytes(to))).slice(0, 8));
const context = join([0], await extract(hpke, none, "psk_id_hash", ""),
await extract(hpke, none, "info_hash", join("hectograph envelope", head)));
const root = await extract(hpke, secret, "secret", "");
const key = await expand(hpke, root, "key", context, 32), iv = await expand(hpke, root, "base_nonce", context, 12);
const size = [256, 1024].find((size) => size >= payload.length + 4), plain = new Uint8Array(size);
plain.set(join([0, 0, payload.length >> 8, payload.length & 255], payload));
const sealed = await crypt.encrypt({ name: "AES-GCM", iv }, await use(key, "AES-GCM", ["encrypt"]), plain);
return btoa(String.fromCharCode(...join(head, enc, sealed)));
}
form.addEventListener("submit", async (event) => {
const field = form.elements, note = form.querySelector("[role=alert]");
event.preventDefault();
try {
const [, local, typed] = /^([!-?A-~]+)@(.+\..+)$/.exec(field.address.value.trim());
let host = new URL("http://" + typed).hostname;
const meant = host.replace(/^(gmial|gmai|gamil|gmail)\.co[mn]$/, "gmail.com").replace(/^(yandex|mail)\.r$/, "$1.ru");
if (meant != host && confirm(local + `@${meant}?`)) host = meant;
if (note?.hidden && WATCHED.includes(host)) {
note.hidden = false;
return;
}
const words = { kind: "sign-up", address: local + "@" + host, language: field.language.value, text: field.text.value,
letter: [...form.querySelectorAll("[name=letter]:checked")].map((box) => box.value).join() };
const sealed = await seal(bytes(JSON.stringify(words)));
for (const [name, value] of [["sealed", sealed], ["after", performance.now() / 1000]])
form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
field.address.disabled = true;
} catch { }
form.action = event.submitter?.getAttribute("formaction") || form.action;
form.submit();
});
})();
