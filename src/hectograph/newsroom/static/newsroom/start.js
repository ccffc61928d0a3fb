// Starts Wagtail's widgets from data in the page, so that no inline script need be allowed (see access/starts.py).
// A custom element acts the moment it comes into the document, as an inline script would: also in forms added later.
(() => {
  "use strict";
  const allowed = /^(?:\w+\.)*\w*(?:Chooser|Panel)$/;

  class Start extends HTMLElement {
    #done = false;

    connectedCallback() {
      if (this.#done) return;
      this.#done = true;
      const { name, arguments: written } = this.dataset;
      if (!allowed.test(name)) return;
      const named = name.split(".").reduce((place, part) => place?.[part], window);
      const data = JSON.parse(written);
      if (this.dataset.new === "yes") new named(...data);
      else named(...data);
    }
  }

  customElements.define("newsroom-start", Start);

  // The table's grid is told the page's language, and knows its own by another name: it would complain.
  const introduce = () => {
    const known = window.Handsontable?.languages;
    const languageCode = document.documentElement.lang;
    if (!known || known.getLanguageDictionary(languageCode)) return;
    known.registerLanguageDictionary({ ...known.getLanguageDictionary("en-US"), languageCode });
  };
  addEventListener("DOMContentLoaded", introduce, { capture: true }); // before the editor's own listeners

  // The focal point's chooser would find out about touch by an inline handler: it is told instead.
  window.jQuery?.(() => {
    if (jQuery.Jcrop) jQuery.Jcrop.defaults.touchSupport = "ontouchstart" in document.documentElement;
  });
})();
