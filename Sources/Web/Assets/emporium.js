// Small comforts; every page works without them.

// "Copy" beside something worth copying.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    const label = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

// Times in words, in the reader's language; the exact one stays in the title.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const units = [["year", 31556952], ["month", 2629746], ["day", 86400], ["hour", 3600], ["minute", 60]];
for (const time of document.querySelectorAll("time[datetime]")) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  if (Number.isNaN(seconds)) continue;
  time.title = time.textContent;
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  time.textContent = words.format(Math.round(seconds / length), unit);
}

// Names for what is being typed, and "/" to type it.
const search = document.querySelector("input[data-names]");
if (search) {
  const names = document.getElementById(search.getAttribute("list"));
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    const typed = search.value.trim();
    if (typed.length < 2) return names.replaceChildren();
    waiting = setTimeout(async () => {
      const answer = await fetch(`${search.dataset.names}?q=${encodeURIComponent(typed)}`);
      if (!answer.ok) return;
      const [asked, found] = await answer.json();
      if (asked === search.value.trim()) names.replaceChildren(...found.map((name) => new Option(name, name)));
    }, 150);
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}

// What is wrong with a form is read first.
document.querySelector("[data-faults]")?.focus();

// Security keys: the browser is asked with what the site wants signed, and what it answers is sent as a form.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const readable = (options) => {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials]) for (const key of list ?? []) key.id = bytes(key.id);
  return options;
};
const answer = (key) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[name]) response[name] = text(key.response[name]);
  }
  response.transports = key.response.getTransports?.() ?? [];
  return { id: key.id, rawId: key.id, type: key.type, response, clientExtensionResults: {} };
};
for (const form of document.querySelectorAll("form[data-key]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const fault = form.querySelector("[data-key-fault]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      const asked = await (await fetch(form.dataset.options)).json();
      if (asked.fail) throw new Error(asked.fail);
      const key = await navigator.credentials[form.dataset.key]({ publicKey: readable(asked) });
      const fields = new FormData(form);
      fields.set("credential", JSON.stringify(answer(key)));
      const other = document.getElementById("remember_device");
      if (other?.checked) fields.set("remember_device", "on");
      const told = await (await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) })).json();
      if (told.fail) throw new Error(told.fail);
      location.assign(told.redirect_to);
    } catch (error) {
      fault.textContent = error.name === "NotAllowedError" ? fault.dataset.refused : error.message;
      fault.hidden = false;
    }
  });
}
