// The stream of doubtful fields: the next crops are loaded before they are asked for; every key is counted; the IME's Enter is its own.
"use strict";
{
  const $ = (id) => document.getElementById(id), stream = $("stream"), text = $("text");
  const token = document.querySelector("meta[name=csrf]").content;
  const queue = JSON.parse($("items").textContent), seen = new Set(queue.map((one) => one.id)), pictures = new Map();
  let strokes = 0, asking = false, sending = Promise.resolve();

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

  // The next field stands at once; one that is refused comes back with what was typed and why.
  const send = (unreadable) => {
    const one = queue.shift();
    if (!one) return;
    const body = new URLSearchParams({ text: text.value, strokes: String(strokes), unreadable: unreadable ? "1" : "0" });
    one.text = text.value;
    count(-1);
    show();
    wait(1);
    sending = sending.then(() => deliver(one, body)).then(() => wait(-1)).then(more);
  };

  const wait = (by) => { stream.dataset.pending = String(Number(stream.dataset.pending) + by); };
  window.addEventListener("beforeunload", (event) => { if (stream.dataset.pending !== "0") event.preventDefault(); });

  const deliver = async (one, body) => {
    const answer = await fetch(one.key, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
    if (answer?.ok) { pictures.delete(one.id); return; }
    const told = await answer?.json().catch(() => null);
    if (answer?.status === 404) return;
    const typed = queue[0] && { text: text.value, strokes };
    if (typed) queue[0].text = typed.text;
    one.slip = told?.error || "送れませんでした。もう一度Enterを押してください。";
    queue.unshift(one);
    count(1);
    show();
  };

  const count = (by) => { $("left").textContent = String(Math.max(0, Number($("left").textContent) + by)); };

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
