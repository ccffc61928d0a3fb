// The bank's page: the payer agrees or does not, and the page below is told that it is done.
"use strict";
const locale = new URLSearchParams(location.search).get("locale") ?? "en";
const words = wordsIn(locale);
document.documentElement.lang = locale.slice(0, 2);
document.documentElement.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);
document.querySelector("h1").textContent = words.bankTitle;
document.querySelector("p").textContent = words.bankText;
for (const button of document.querySelectorAll("button")) {
  button.textContent = words[button.id];
  button.addEventListener("click", async () => {
    for (const other of document.querySelectorAll("button")) other.disabled = true;
    await fetch("challenge", { method: "POST", body: JSON.stringify({ secret: location.hash.slice(1), passed: button.id === "complete" }) });
    parent.postMessage({ what: "done" }, "*");
  });
}
document.querySelector("button").focus();
