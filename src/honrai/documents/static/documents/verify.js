// The stream of doubtful fields: the next crops are loaded before they are asked for; every key is counted; the IME's Enter is its own.
"use strict";
{
  const $ = (id) => document.getElementById(id), stream = $("stream"), text = $("text");
  const token = document.querySelector("meta[name=csrf]").content;
  const queue = JSON.parse($("items").textContent), seen = new Set(queue.map((one) => one.id)), pictures = new Map();
  let strokes = 0, busy = false, asking = false, shownAt = 0;

  const picture = (one) => {
    if (!pictures.has(one.id)) { const made = new Image(); made.src = one.crop; pictures.set(one.id, made); }
    return pictures.get(one.id);
  };

  const show = () => {
    const one = queue[0];
    stream.hidden = !one;
    $("done").hidden = Boolean(one);
    if (!one) { $("done").querySelector("a").focus(); return; }
    queue.slice(0, 6).forEach(picture);
    $("crop").src = picture(one).src;
    $("what").textContent = `${one.label}（${one.type}）`;
    $("paper").textContent = one.paper;
    $("whole").href = one.filing;
    $("asked").textContent = one.blind ? "紙面のとおりに入力（読取りは表示しません）" : "読み取った内容";
    $("options").textContent = one.options.map((option, number) => `${number + 1} ${option}`).join("　");
    text.value = one.text;
    text.inputMode = one.figures ? "numeric" : "text";
    wrong(one.slip);
    strokes = 0;
    text.focus();
    text.select();
    const before = performance.now();
    (picture(one).decode?.() ?? Promise.resolve()).catch(() => {}).then(() => { stream.dataset.shown = String(Math.round(performance.now() - (shownAt || before))); });
  };

  const wrong = (said) => { $("wrong").textContent = said || ""; $("wrong").hidden = !said; };

  const more = async () => {
    if (asking || queue.length > 6) return;
    asking = true;
    const answer = await fetch(`${stream.dataset.ahead}?have=${[...seen].slice(-150).join(",")}`).catch(() => null);
    asking = false;
    if (!answer?.ok) return;
    const empty = !queue.length;
    for (const one of (await answer.json()).items) if (!seen.has(one.id)) { seen.add(one.id); queue.push(one); picture(one); }
    if (empty && queue.length) show();
  };

  const send = async (unreadable) => {
    const one = queue[0];
    if (busy || !one) return;
    busy = true;
    const body = new URLSearchParams({ text: text.value, strokes: String(strokes), unreadable: unreadable ? "1" : "0" });
    shownAt = performance.now();
    const answer = await fetch(one.key, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
    busy = false;
    if (!answer) { wrong("送れませんでした。もう一度Enterを押してください。"); return; }
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) { wrong(told.error || "この欄はもうありません。画面を開き直してください。"); text.select(); return; }
    queue.shift();
    pictures.delete(one.id);
    $("left").textContent = String(Math.max(0, Number($("left").textContent) - 1));
    show();
    more();
  };

  text.addEventListener("keydown", (event) => {
    if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    strokes += 1;
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send(event.shiftKey);
  });
  $("keying").addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); send(false); });
  $("unreadable").addEventListener("click", () => send(true));
  show();
  more();
}
