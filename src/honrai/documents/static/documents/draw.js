// Drawing boxes over an empty form: drag to draw, arrows to move, Shift+arrows to size, Delete to remove. All in mm.
"use strict";
{
  const root = document.getElementById("drawing"), locked = root.hasAttribute("data-locked"), said = document.getElementById("said");
  const data = JSON.parse(document.getElementById("template-data").textContent), boxes = data.boxes;
  const panel = document.getElementById("box"), list = document.getElementById("list"), sums = document.getElementById("sums");
  const round = (value) => Math.round(value * 10) / 10;
  let chosen = -1, dirty = false;
  sums.value = data.sums.map((one) => `${one.fields.join(", ")}: ${one.holds}`).join("\n");

  const draw = () => {
    for (const old of root.querySelectorAll(".drawn")) old.remove();
    list.replaceChildren();
    boxes.forEach((box, number) => {
      const page = root.querySelector(`[data-page="${box.page}"]`);
      if (!page) return;
      const mark = document.createElement("button"), wide = Number(page.dataset.wide), tall = Number(page.dataset.tall);
      mark.type = "button";
      mark.className = box.type === "personal_number" ? "drawn number" : "drawn";
      mark.setAttribute("aria-pressed", String(number === chosen));
      mark.setAttribute("aria-label", box.label || "名前のない欄");
      Object.assign(mark.style, { left: `${box.x / wide * 100}%`, top: `${box.y / tall * 100}%`, width: `${box.w / wide * 100}%`, height: `${box.h / tall * 100}%` });
      mark.addEventListener("pointerdown", (event) => { event.stopPropagation(); choose(number); });
      mark.addEventListener("focus", () => { if (chosen !== number) choose(number); });
      page.append(mark);
      const line = document.createElement("li"), link = document.createElement("button");
      link.type = "button";
      link.textContent = `${box.label || "名前のない欄"}（${box.field || "?"}${box.part ? `・${box.part}` : ""}${box.option ? `・${box.option}` : ""}）`;
      link.addEventListener("click", () => choose(number));
      line.append(link);
      list.append(line);
    });
    panel.disabled = locked || chosen < 0;
    for (const input of panel.querySelectorAll("[data-box]")) if (document.activeElement !== input) input.value = boxes[chosen]?.[input.dataset.box] ?? "";
  };

  const choose = (number) => { chosen = number; draw(); root.querySelectorAll(".drawn")[number]?.focus(); };
  const change = () => { dirty = true; said.textContent = "まだ保存していません。"; draw(); };

  for (const page of locked ? [] : root.querySelectorAll(".draw")) {
    page.addEventListener("pointerdown", (event) => {
      const area = page.getBoundingClientRect(), wide = Number(page.dataset.wide), scale = wide / area.width;
      const at = (where) => ({ x: round((where.clientX - area.left) * scale), y: round((where.clientY - area.top) * scale) });
      const start = at(event);
      page.setPointerCapture(event.pointerId);
      page.addEventListener("pointerup", (up) => {
        const end = at(up), w = Math.abs(end.x - start.x), h = Math.abs(end.y - start.y);
        if (w < 2 || h < 2) return;
        const last = boxes[chosen] ?? boxes[boxes.length - 1];
        boxes.push({ field: "", label: "", type: last?.type ?? "text", kind: last?.kind ?? "comb", cells: 1, part: "", option: "", page: Number(page.dataset.page), x: Math.min(start.x, end.x), y: Math.min(start.y, end.y), w: round(w), h: round(h) });
        chosen = boxes.length - 1;
        change();
        document.getElementById("b-label").focus();
      }, { once: true });
    });
  }

  panel.addEventListener("input", (event) => {
    const key = event.target.dataset.box;
    if (!key || chosen < 0) return;
    boxes[chosen][key] = key === "cells" ? Number(event.target.value) || 1 : event.target.value;
    change();
  });
  sums.addEventListener("input", () => { dirty = true; });
  document.getElementById("remove").addEventListener("click", () => { boxes.splice(chosen, 1); chosen = -1; change(); });

  root.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-0.5, 0], ArrowRight: [0.5, 0], ArrowUp: [0, -0.5], ArrowDown: [0, 0.5] }[event.key], box = boxes[chosen];
    if (locked || !event.target.matches(".drawn") || !box) return;
    if (event.key === "Delete") { boxes.splice(chosen, 1); chosen = -1; change(); return; }
    if (!step) return;
    event.preventDefault();
    const [across, down] = event.shiftKey ? ["w", "h"] : ["x", "y"];
    box[across] = round(Math.max(event.shiftKey ? 2 : 0, box[across] + step[0]));
    box[down] = round(Math.max(event.shiftKey ? 2 : 0, box[down] + step[1]));
    change();
    root.querySelectorAll(".drawn")[chosen]?.focus();
  });

  document.getElementById("save")?.addEventListener("click", async () => {
    const told = sums.value.split("\n").filter((line) => line.includes(":")).map((line) => {
      const [fields, ...holds] = line.split(":");
      return { fields: fields.split(",").map((one) => one.trim()).filter(Boolean), holds: holds.join(":").trim() };
    });
    const token = document.querySelector("meta[name=csrf]").content;
    const answer = await fetch(root.dataset.url, { method: "POST", body: JSON.stringify({ boxes, sums: told }), headers: { "X-CSRFToken": token, "Content-Type": "application/json" } }).catch(() => null);
    const body = await answer?.json().catch(() => ({}));
    dirty = !answer?.ok;
    said.textContent = answer?.ok ? `保存しました（${boxes.length}欄）。` : body?.error || "保存できませんでした。もう一度押してください。";
  });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  draw();
}
