// The processor's browser script, as much of it as a pay page uses. Card data is typed into a frame from this script's
// own origin and never reaches the page. Errors and their codes are those of the true script.
(() => {
  "use strict";
  const origin = new URL(document.currentScript.src).origin;

  class IntegrationError extends Error {
    name = "IntegrationError";
  }

  const demand = (holds, message) => {
    if (!holds) throw new IntegrationError(message);
  };

  // One frame, and questions to it: each has a number, the frame answers with the same number.
  class Frame {
    #waiting = new Map();
    #asked = 0;
    #listens;

    constructor(path, title, heard) {
      this.node = document.createElement("iframe");
      this.node.title = title;
      this.node.allow = "payment *";
      Object.assign(this.node.style, { border: "0", width: "100%", display: "block" });
      this.#listens = ({ source, origin: from, data }) => {
        if (source !== this.node.contentWindow || from !== origin) return;
        if (data.answers) this.#waiting.get(data.answers)?.(data.value);
        else heard(data);
      };
      addEventListener("message", this.#listens);
      this.node.src = `${origin}/v3/${path}`;
    }

    tell(what, value) {
      this.node.contentWindow.postMessage({ what, value }, origin);
    }

    ask(what, value) {
      const number = ++this.#asked;
      return new Promise((resolve) => {
        this.#waiting.set(number, resolve);
        this.node.contentWindow.postMessage({ what, value, number }, origin);
      });
    }

    remove() {
      removeEventListener("message", this.#listens);
      this.node.remove();
    }
  }

  // Without a theme the frame is dark where the page is: the page allows it and the reader's system asks for it.
  const darkFor = ({ theme } = {}) => {
    if (theme) return theme === "night";
    const allowed = getComputedStyle(document.documentElement).colorScheme.includes("dark");
    return allowed && matchMedia("(prefers-color-scheme: dark)").matches;
  };

  const wanted = (wallet, wallets) => wallets?.[{ apple_pay: "applePay", google_pay: "googlePay" }[wallet]] !== "never";

  class PaymentElement {
    #hears = {};
    #frame = null;
    #options;
    #elements;

    constructor(elements, options) {
      this.#elements = elements;
      this.#options = options;
    }

    get options() {
      return this.#options;
    }

    on(name, heard) {
      (this.#hears[name] ??= []).push(heard);
      return this;
    }

    off(name, heard) {
      this.#hears[name] = (this.#hears[name] ?? []).filter((one) => one !== heard);
      return this;
    }

    once(name, heard) {
      const first = (event) => (this.off(name, first), heard(event));
      return this.on(name, first);
    }

    mount(place) {
      const node = typeof place === "string" ? document.querySelector(place) : place;
      demand(node, "The selector you specified applies to no DOM elements that are currently on the page.");
      this.#frame = new Frame("element.html", "Secure payment input frame", (data) => this.#heard(data));
      node.replaceChildren(this.#frame.node);
      this.#emit("loaderstart", {});
    }

    async #heard({ what, value }) {
      if (what === "open") await this.#begin();
      if (what === "height") this.#frame.node.style.height = `${value}px`;
      if (what === "ready") this.#emit("ready", {});
      if (what === "change") this.#emit("change", value);
    }

    async #begin() {
      const { error, wallets } = await this.#elements.session();
      if (error) {
        this.#emit("loaderror", { error });
        return;
      }
      const settings = this.#elements.settings;
      const dark = darkFor(settings.appearance);
      this.#frame.node.style.colorScheme = dark ? "dark" : "light";
      this.#frame.tell("begin", { ...settings, dark, wallets: wallets.filter((one) => wanted(one, this.#options.wallets)), options: this.#options });
    }

    #emit(name, event) {
      for (const heard of this.#hears[name] ?? []) heard({ elementType: "payment", ...event });
    }

    ask(what, value) {
      demand(this.#frame, "We could not retrieve data from the specified Element. Please make sure it is mounted.");
      return this.#frame.ask(what, value);
    }

    update(options) {
      this.#options = { ...this.#options, ...options };
    }

    focus() {
      this.#frame?.tell("focus");
    }

    unmount() {
      this.#frame?.remove();
      this.#frame = null;
    }

    destroy() {
      this.unmount();
      this.#elements.forget();
    }
  }

  class Elements {
    #payment = null;
    #key;

    constructor(key, settings) {
      const { mode, amount, currency } = settings;
      demand(["payment", "setup", "subscription"].includes(mode), `Invalid value for elements(): mode should be one of payment, setup, subscription. You specified: ${mode}.`);
      demand(mode === "setup" || (Number.isInteger(amount) && amount >= 0), `Invalid value for elements(): amount should be a positive integer. You specified: ${amount}.`);
      demand(mode === "setup" || /^[a-z]{3}$/.test(currency ?? ""), `Invalid value for elements(): currency should be a three-letter code in lower case. You specified: ${currency}.`);
      this.#key = key;
      this.settings = settings;
    }

    create(kind, options = {}) {
      demand(kind === "payment", `The stand-in has no ${kind} Element.`);
      demand(!this.#payment, "Can only create one Element of type payment.");
      this.#payment = new PaymentElement(this, options);
      return this.#payment;
    }

    getElement(kind) {
      return kind === "payment" ? this.#payment : null;
    }

    forget() {
      this.#payment = null;
    }

    update(settings) {
      Object.assign(this.settings, settings);
    }

    // Asked from the page itself, as the true script asks api.stripe.com: the device's wallets, or why nothing is shown.
    session() {
      const { mode, amount, currency, paymentMethodTypes } = this.settings;
      return post("session", { key: this.#key, mode, amount, currency, types: paymentMethodTypes ?? null });
    }

    async submit() {
      demand(this.#payment, "elements.submit() needs a mounted Payment Element.");
      this.isSubmitted = true;
      return this.#payment.ask("submit");
    }
  }

  const post = async (path, value) => {
    try {
      const answer = await fetch(`${origin}/v3/${path}`, { method: "POST", body: JSON.stringify(value) });
      return await answer.json();
    } catch {
      return { error: { type: "api_connection_error", message: "We are experiencing issues connecting to our payments provider. Please check your internet connection and try again." } };
    }
  };

  const needed = (fields, billing) => {
    const hidden = fields?.billingDetails;
    const country = hidden === "never" || hidden?.address === "never" || hidden?.address?.country === "never";
    demand(!country || billing?.address?.country !== undefined, 'You specified "never" for fields.billing_details.address.country when creating the payment Element, but did not pass params.payment_method_data.billing_details.address.country when calling stripe.createConfirmationToken.');
  };

  const intentOf = async (key, secret) => {
    const { intent, error } = await post("intent", { key, secret });
    return error ? { error } : { [secret.startsWith("seti_") ? "setupIntent" : "paymentIntent"]: intent };
  };

  // The bank's own page, in a frame over the page, until it says that it is done.
  const challenge = (secret, locale) => new Promise((resolve) => {
    const cover = document.createElement("div");
    cover.setAttribute("role", "dialog");
    cover.setAttribute("aria-modal", "true");
    cover.setAttribute("aria-label", "3D Secure");
    Object.assign(cover.style, { position: "fixed", inset: "0", zIndex: "2147483647", display: "grid", placeItems: "center", padding: "16px", background: "rgb(0 0 0 / .55)" });
    const frame = new Frame(`challenge.html?locale=${locale}#${secret}`, "3D Secure", ({ what }) => {
      if (what !== "done") return;
      frame.remove();
      cover.remove();
      resolve();
    });
    Object.assign(frame.node.style, { maxWidth: "400px", height: "min(270px, 90vh)", borderRadius: "8px", background: "Canvas" });
    cover.append(frame.node);
    document.body.append(cover);
    frame.node.focus();
  });

  window.Stripe = (key, { locale = "auto" } = {}) => {
    demand(/^pk_(test|live)_/.test(key ?? ""), "Please call Stripe() with your publishable key. You used an empty string or another kind of key.");
    const language = locale === "auto" ? document.documentElement.lang || navigator.language : locale;

    return {
      elements: (settings = {}) => new Elements(key, { ...settings, key, locale: settings.locale ?? language }),

      async createConfirmationToken({ elements, params = {} }) {
        const element = elements?.getElement("payment");
        demand(element, "stripe.createConfirmationToken() needs Elements with a mounted Payment Element.");
        demand(elements.isSubmitted, "elements.submit() must be called before stripe.createConfirmationToken().");
        const billing = params.payment_method_data?.billing_details;
        needed(element.options.fields, billing);
        return element.ask("token", { key, billing, setup: elements.settings.setupFutureUsage ?? null });
      },

      async handleNextAction({ clientSecret }) {
        const found = await intentOf(key, clientSecret);
        const intent = found.paymentIntent ?? found.setupIntent;
        if (found.error) return found;
        demand(intent.status === "requires_action", "handleNextAction: The PaymentIntent supplied is not in the requires_action state.");
        await challenge(clientSecret, language);
        const after = await intentOf(key, clientSecret);
        const error = after.paymentIntent?.last_payment_error ?? after.setupIntent?.last_setup_error;
        return error ? { error: { ...error, payment_intent: after.paymentIntent } } : after;
      },

      retrievePaymentIntent: (clientSecret) => intentOf(key, clientSecret),
    };
  };
})();
