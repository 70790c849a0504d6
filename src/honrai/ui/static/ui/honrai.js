// Behaviour every page shares. Nothing here is needed to read a page or send a form; it makes both quicker.
"use strict";

const typing = (element) => element.matches("input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]");
const composing = (event) => event.isComposing || event.keyCode === 229;

// Keys: any element with data-key="x" is clicked or focused by x; never while typing or composing; "?" lists them. A hand
// reader types too, but faster than anybody: keys wait a moment, and a burst that ends with Enter goes to the box that opens
// cases. Inside a form it waits there for another Enter, so that nothing typed is lost.
const BURST = 45, PAUSE = 60, LEAST = 6;
let burst = "", last = 0, waiting = 0, before = null;

document.addEventListener("keydown", (event) => {
  if (composing(event)) { burst = ""; clearTimeout(waiting); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
  const fast = event.timeStamp - last < BURST;
  if (event.key.length === 1) last = event.timeStamp;
  if (event.key === "Enter" && fast && burst.length >= LEAST && read(event)) return;
  if (event.key === "Escape" && typing(event.target)) event.target.blur(); // out of a box, so that keys work again
  if (event.key.length !== 1) { burst = ""; return; }
  if (!fast) before = typing(event.target) ? { field: event.target, value: event.target.value } : null;
  burst = fast ? burst + event.key : event.key;
  clearTimeout(waiting);
  if (fast || typing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key, target = key === "?" ? null : document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (key !== "?" && !target) return;
  event.preventDefault();
  waiting = setTimeout(() => {
    if (key === "?") showKeys();
    else if (typing(target)) { target.focus(); target.select?.(); } else target.click();
  }, PAUSE);
}, true);

function read(event) {
  const quick = document.getElementById("quick"), code = burst;
  burst = "";
  clearTimeout(waiting);
  if (!quick || event.target === quick || !/[0-9]{2}-[0-9]{6}/.test(code)) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  quick.value = code;
  if (before) { before.field.value = before.value; quick.focus(); } else quick.form.requestSubmit();
  return true;
}

// Menus: one at a time; a click elsewhere or Escape closes them and gives the focus back.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

function showKeys() {
  const dialog = document.getElementById("keys");
  const list = dialog.querySelector("dl");
  list.replaceChildren();
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = document.createElement("dt"), what = document.createElement("dd"), cap = document.createElement("kbd");
    cap.textContent = element.dataset.key;
    key.append(cap);
    what.textContent = element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim();
    list.append(key, what);
  }
  dialog.showModal();
}

// Enter moves to the next field in forms that ask for it; Ctrl+Enter sends, from anywhere on the page.
document.addEventListener("keydown", (event) => {
  if (composing(event) || event.key !== "Enter") return;
  const form = event.target.form ?? (event.ctrlKey ? document.querySelector("form[data-enter-moves]") : null);
  if (!form) return;
  if (event.ctrlKey) { event.preventDefault(); form.requestSubmit(); return; }
  if (!form.hasAttribute("data-enter-moves") || !event.target.matches("input:not([type=submit],[type=button],[type=file]), select")) return;
  event.preventDefault();
  const fields = [...form.elements].filter((element) => !element.disabled && element.type !== "hidden" && element.tabIndex >= 0 && element.tagName !== "FIELDSET" && element.offsetParent !== null);
  const next = fields[fields.indexOf(event.target) + 1];
  if (next) { next.focus(); next.select?.(); }
});

// One click sends once: a second submit of the same form waits for the answer.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (event.defaultPrevented || form.method === "dialog") return;
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) release(form); });
document.addEventListener("htmx:afterRequest", (event) => { const form = event.target.closest?.("form"); if (form) release(form); });
function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

// Dialogs: data-opens="id" opens, data-closes closes; filters send themselves when changed.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target.closest("[data-print]")) window.print();
  const copied = event.target.closest("[data-copy]");
  if (copied) navigator.clipboard.writeText(copied.dataset.copy).then(() => { copied.textContent = "写しました"; });
  const all = event.target.closest("[data-check-all]");
  if (all) for (const box of document.querySelectorAll(`input[name="${CSS.escape(all.dataset.checkAll)}"]`)) box.checked = all.checked;
});
document.addEventListener("change", (event) => { if (event.target.form?.hasAttribute("data-auto")) event.target.form.requestSubmit(); });

// Questions that depend on an answer: the server says which do not apply now; nothing typed in them is lost.
let asking = 0;
document.addEventListener("change", async (event) => {
  const form = event.target.form;
  if (!form?.hasAttribute("data-asks") || !form.querySelector("[data-field]")) return;
  form.setAttribute("aria-busy", "true");
  const turn = ++asking, body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.append("asks", "1");
  const answer = await fetch(location.href, { method: "POST", body }).catch(() => null);
  if (turn !== asking) return;
  form.removeAttribute("aria-busy");
  if (!answer?.ok) return;
  const hidden = new Set((await answer.json()).hidden);
  for (const field of form.querySelectorAll("[data-field]")) field.hidden = hidden.has(field.dataset.field);
});

// A postcode fills in the address beside it as far as the town, where nothing was typed yet.
document.addEventListener("change", async (event) => {
  const box = event.target;
  if (!box.matches("input[autocomplete=postal-code]") || !box.name.endsWith("postcode")) return;
  const address = box.form.elements[box.name.replace(/postcode$/, "address")];
  if (!address || address.value) return;
  const answer = await fetch(`/apply/postcode/?code=${encodeURIComponent(box.value)}`).catch(() => null);
  if (answer?.ok && !address.value) address.value = (await answer.json()).address;
});

// Lock: covers the page and keeps what was typed; the server refuses everything until the same person unlocks.
const lock = document.getElementById("lock");
if (lock) {
  document.querySelector("[data-lock]")?.addEventListener("click", async (event) => {
    event.preventDefault();
    await send(lock.dataset.lockUrl, new FormData());
    lock.showModal();
  });
  if (lock.hasAttribute("data-locked")) lock.showModal();
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status === 423 && !lock.open) lock.showModal(); });
  lock.addEventListener("cancel", (event) => event.preventDefault());
  lock.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target, answer = await send(lock.dataset.unlockUrl, new FormData(form));
    form.reset();
    release(form);
    if (answer.status === 401) location.reload();
    if (answer.ok) lock.close();
    else lock.querySelector("[role=alert]").textContent = "パスワードが違います。もう一度入力してください";
  });
}
async function send(url, body) {
  const token = document.querySelector("meta[name=csrf]").content;
  return fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token } });
}

// A part that renews itself (id, data-every="seconds", hx-trigger="refresh") rests while nobody looks at the page.
for (const { id, dataset } of document.querySelectorAll("[data-every]")) {
  const renew = () => {
    const part = document.getElementById(id);
    if (part?.dataset.every && !document.hidden && !document.querySelector("dialog[open]")) htmx.trigger(part, "refresh");
  };
  setInterval(renew, Number(dataset.every) * 1000);
  document.addEventListener("visibilitychange", renew);
}

// Papers beside the fields: pages on and back (also PageDown and PageUp while typing), zoom, turn; the server draws each page.
for (const viewer of document.querySelectorAll("[data-viewer]")) {
  const image = viewer.querySelector("img"), pages = Number(viewer.dataset.pages), seen = { page: 1, turn: 0, zoom: 1 };
  const acts = {
    back: () => { seen.page = Math.max(1, seen.page - 1); },
    on: () => { seen.page = Math.min(pages, seen.page + 1); },
    zoom: () => { seen.zoom = seen.zoom % 3 + 1; },
    turn: () => { seen.turn = (seen.turn + 90) % 360; },
  };
  viewer.view = (act) => {
    acts[act]();
    image.src = `${viewer.dataset.viewer.replace(/1\/$/, "")}${seen.page}/?turn=${seen.turn}&zoom=${seen.zoom}`;
    image.alt = `${viewer.querySelector("h2").textContent}の${seen.page}ページ目`;
    image.classList.toggle("zoomed", seen.zoom > 1);
    const where = viewer.querySelector("[data-view-where]");
    if (where) where.textContent = `${seen.page} / ${pages}`;
  };
  viewer.addEventListener("click", (event) => { const button = event.target.closest("[data-view]"); if (button) viewer.view(button.dataset.view); });
}
document.addEventListener("keydown", (event) => {
  const viewer = document.querySelector("[data-viewer] img")?.closest("[data-viewer]");
  if (!viewer || composing(event) || !["PageDown", "PageUp"].includes(event.key) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  viewer.view(event.key === "PageDown" ? "on" : "back");
});

// The first error, or the error summary, gets the focus.
document.querySelector(".error-summary")?.focus();
