// Beside the passkey buttons: says in words what went wrong, and where passkeys can't work at all.
(() => {
  "use strict";
  const words = {
    NotAllowedError: "No passkey was used. It was cancelled, took too long, or this device has none for this address.",
    InvalidStateError: "This device already holds a passkey for your account.",
    SecurityError: "Passkeys do not work at this address.",
    NotSupportedError: "This device can't make the kind of key that is asked for.",
  };
  const told = document.getElementById("passkey-told");
  const say = (text) => {
    if (!told) return;
    told.textContent = text;
    told.hidden = false;
  };

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(words[event.detail.exception?.name] ?? "The passkey could not be read. Try again.");
  });

  // Browsers bind passkeys to a name, never to a number, and only where the page came safely.
  const isNumber = /^[\d.]+$|:/.test(location.hostname.replace(/^\[|\]$/g, ""));
  const buttons = document.querySelectorAll("[data-passkey]");
  if (buttons.length && (isNumber || !window.PublicKeyCredential)) {
    for (const button of buttons) button.hidden = true;
    if (isNumber && location.hostname === "127.0.0.1") {
      const named = new URL(location.href);
      named.hostname = "localhost";
      const link = document.createElement("a");
      link.href = named.href;
      link.textContent = named.host;
      say("Passkeys need a name in the address: ");
      told?.append(link);
    } else {
      say("Passkeys do not work at this address or in this browser. Codes from an app (TOTP) do.");
    }
  }
})();
