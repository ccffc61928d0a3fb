// Fetches seal.js when somebody starts to fill in the form: to read a page costs no second request.
(f=>f.addEventListener("focusin",()=>f.append(Object.assign(document.createElement("script"),{src:f.dataset.seal})),{once:true}))(document.currentScript.parentNode)
