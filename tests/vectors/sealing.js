// Runs seal.js in Node, which has the browser's WebCrypto: with an ephemeral key that is given instead of made, and eyes on
// what is made on the way. In: {script, ephemeral, payload, info?} as JSON, bytes in hexadecimal.
const { webcrypto } = require("node:crypto");
const given = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const made = {}, hex = (bytes) => Buffer.from(bytes).toString("hex");
const subtle = Object.create(webcrypto.subtle);
for (const name of ["digest", "sign", "exportKey"]) subtle[name] = (...args) => webcrypto.subtle[name](...args);
subtle.importKey = (format, raw, name, ...rest) => {
  if (name === "AES-GCM") made.key = hex(raw);
  return webcrypto.subtle.importKey(format, raw, name, ...rest);
};
subtle.encrypt = (how, ...rest) => {
  made.nonce = hex(how.iv);
  return webcrypto.subtle.encrypt(how, ...rest);
};
subtle.deriveBits = (...args) => webcrypto.subtle.deriveBits(...args);
subtle.generateKey = async () => {
  const pkcs8 = Buffer.from("302e020100300506032b656e04220420" + given.ephemeral, "hex");
  const privateKey = await webcrypto.subtle.importKey("pkcs8", pkcs8, "X25519", true, ["deriveBits"]);
  const { x } = await webcrypto.subtle.exportKey("jwk", privateKey);
  made.enc = hex(Buffer.from(x, "base64url"));
  const publicKey = await webcrypto.subtle.importKey("raw", Buffer.from(x, "base64url"), "X25519", true, []);
  return { privateKey, publicKey };
};
function once(text, from, to) {
  if (text.split(from).length !== 2) throw new Error("not once in seal.js: " + from);
  return text.replace(from, to);
}
let script = once(given.script, "form.addEventListener(", "made.seal = seal; form.addEventListener(");
script = once(script, "const head = ", "made.shared_secret = made.hex(secret); const head = ");
if (given.info) script = once(script, 'join("hectograph envelope", head)', 'made.info');
made.hex = hex;
made.info = given.info && Buffer.from(given.info, "hex");
const form = { addEventListener() {}, dataset: {}, elements: {} };
const document = { currentScript: { closest: () => form } };
new Function("made", "document", "crypto", script)(made, document, { subtle });
made.seal(Buffer.from(given.payload, "hex")).then((sealed) => {
  const { key, nonce, enc, shared_secret } = made;
  console.log(JSON.stringify({ key, nonce, enc, shared_secret, envelope: hex(Buffer.from(sealed, "base64")) }));
});
