// Comforts of the letter's screens. All of it works without: each button is a form's own.
(() => {
  "use strict";

  // --- writing: counts, drag and drop, saving while one writes -------------------------------------------------------
  const form = document.getElementById("letter");

  const count = (input) => {
    const shown = document.getElementById(`${input.id}-hint`).querySelector("output");
    const long = Number(input.dataset.long);
    shown.value = input.value.length ? `${input.value.length} now.` : "";
    shown.classList.toggle("long", input.value.length > long);
  };

  let timer = 0;
  let busy = false;
  const keep = async () => {
    if (busy) return later();
    busy = true;
    const body = new FormData(form);
    body.set("act", "quiet");
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.ok) show(await answer.text());
      else if (answer.type === "opaqueredirect") document.dispatchEvent(new Event("newsroom-turned-away")); // reloads, if one is still signed in
    } catch {
      // The network is away: the text stays in the form, and Save says so.
    } finally {
      busy = false;
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 900);
  };
  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("findings");
    if (!fresh) return;
    document.getElementById("findings").replaceWith(fresh);
    form.elements.version.value = fresh.dataset.version;
  };

  // After a press that moved something, the keyboard goes on where it was: at the same button, or at what was added.
  const goOn = (pressed) => {
    const entry = location.hash.startsWith("#entry-") && document.getElementById(location.hash.slice(1));
    if (!pressed || !entry) return;
    const same = [...entry.querySelectorAll("button:not(:disabled)")].find((button) => button.value === pressed);
    const moved = /^(up|down):/.test(pressed);
    (same ?? entry.querySelector(moved ? "button:not(:disabled)" : "textarea, input[type=text]"))?.focus();
  };

  const sort = (list) => {
    let held = null;
    list.addEventListener("pointerdown", (event) => {
      const grip = event.target.closest(".letters-grip");
      if (!grip) return;
      event.preventDefault();
      held = grip.closest("li");
      held.classList.add("dragged");
      grip.setPointerCapture(event.pointerId);
    });
    list.addEventListener("pointermove", (event) => {
      if (!held) return;
      const over = document.elementsFromPoint(event.clientX, event.clientY).find((e) => e !== held && e.parentNode === list);
      if (!over) return;
      const box = over.getBoundingClientRect();
      list.insertBefore(held, event.clientY > box.top + box.height / 2 ? over.nextSibling : over);
    });
    const drop = () => {
      if (!held) return;
      held.classList.remove("dragged");
      held = null;
      later();
    };
    list.addEventListener("pointerup", drop);
    list.addEventListener("pointercancel", drop);
  };

  if (form?.dataset.live) {
    form.dataset.ready = "yes";
    for (const input of form.querySelectorAll("[data-long]")) {
      count(input);
      input.addEventListener("input", () => count(input));
    }
    form.addEventListener("input", later);
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      sessionStorage.setItem("pressed", event.submitter?.value ?? "");
    });
    const pressed = sessionStorage.getItem("pressed");
    sessionStorage.removeItem("pressed");
    addEventListener("load", () => setTimeout(goOn, 0, pressed)); // after the browser went to the address's own place
    const list = document.getElementById("order");
    if (list) sort(list);
  }

  // --- sending: the numbers move --------------------------------------------------------------------------------------
  const progress = document.getElementById("progress");
  if (progress) {
    setInterval(async () => {
      if (document.hidden || progress.firstElementChild.dataset.moving !== "yes") return;
      if (progress.contains(document.activeElement)) return; // somebody is about to press a button there
      const answer = await fetch(progress.dataset.part).catch(() => null);
      if (answer?.ok) progress.replaceChildren(new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild);
    }, 2000);
  }
})();
