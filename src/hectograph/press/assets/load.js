// Fetches seal.js when somebody starts to fill in the form: to read a page costs no second request.
((form) => form.addEventListener("focusin", () => form.append(Object.assign(document.createElement("script"), { src: form.dataset.seal })), { once: true }))(document.currentScript.closest("form"));
