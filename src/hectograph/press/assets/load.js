// Fetches ask.js when somebody scrolls or enters a form: a page that is only opened costs no second request.
["scroll","focusin"].map(n=>addEventListener(n,()=>import("@@root@@ask.js"),{once:true}))
