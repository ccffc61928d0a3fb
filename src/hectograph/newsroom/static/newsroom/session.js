// A closed door eats what is handed in. Before a form of the editor goes off, we ask whether its writer is still signed in
// and the newsroom there; if not, the page stays as it is, text and all, and says what to do.
(() => {
  "use strict";
  const here = document.currentScript.dataset.here;
  const words = {
    out: "You are signed out. What you wrote stands here and nowhere else: leave this page open.",
    away: "The newsroom does not answer. What you wrote stands here: leave this page open, and press the button again in a moment.",
    back: "You can go on. Press the button once more: what you wrote is saved then.",
  };
  let told = null;

  const ask = async () => {
    try {
      const answer = await fetch(here, { redirect: "manual", cache: "no-store" });
      if (answer.ok) return renew((await answer.json()).token);
      return answer.type === "opaqueredirect" ? "out" : "away"; // to where one signs in
    } catch {
      return "away";
    }
  };

  // Signing in again makes a token of its own; a form with the old one would be refused.
  const renew = (token) => {
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    if (window.wagtailConfig) window.wagtailConfig.CSRF_TOKEN = token;
    return "here";
  };

  const tell = (state) => {
    told?.remove();
    told = document.createElement("div");
    told.className = "newsroom-session";
    told.dataset.state = state;
    told.setAttribute("role", "alert");
    told.append(words[state]);
    if (state === "out") {
      const way = document.createElement("a");
      Object.assign(way, { href: "/admin/", target: "_blank", textContent: "Sign in, in another tab" });
      told.append(" ", way, " and come back.");
    }
    document.body.append(told);
  };

  // What was pressed goes along as a field where its own button is held down by now.
  const send = (form, pressed) => {
    let field = null;
    if (pressed?.disabled && pressed.name) {
      field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: pressed.name, value: pressed.value });
      form.append(field);
    }
    const before = form.getAttribute("action") ?? "";
    if (pressed?.disabled && pressed.hasAttribute("formaction")) form.setAttribute("action", pressed.formAction);
    form.dataset.asked = "yes";
    form.requestSubmit(pressed?.disabled ? null : pressed);
    form.setAttribute("action", before);
    field?.remove();
    delete form.dataset.asked;
  };

  const hold = async (event) => {
    const form = event.target;
    if (form.dataset.asked || !form.matches("form[data-edit-form], form#letter")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const state = await ask();
    if (state === "here") return send(form, event.submitter);
    tell(state);
    event.submitter?.setAttribute("data-w-progress-loading-value", "false");
  };
  document.addEventListener("submit", hold, true);

  const look = async () => {
    const state = await ask();
    if (state !== "here") tell(state);
    else if (told && told.dataset.state !== "back") tell("back");
  };
  document.addEventListener("w-autosave:error", look);
  document.addEventListener("newsroom-turned-away", async () => {
    const state = await ask();
    if (state === "here") location.reload();
    else tell(state);
  });
  document.addEventListener("visibilitychange", () => told && !document.hidden && look());
  addEventListener("focus", () => told && look());
  document.addEventListener("w-autosave:success", () => told?.remove());
})();
