// Plays a scenario on the drawn device without asking the server at every tap.
// It follows the same rules as practice.Situation, and keeps what was done, so
// that neither a reload nor a lost network loses it. What is typed never leaves
// this page: a step says only which of the expected answers it was.
import { stopReading } from "./read.a25b52c6b4.js";

const patience = 25000; // milliseconds without a step before a hint comes
const longestDigits = 7; // see practice.LongNumber

const root = document.querySelector("[data-play]");
const device = root?.querySelector("[data-device]");
const coach = root?.querySelector("[data-say]");
const key = root && "hocso.run." + root.dataset.run;

let steps = [], flags = new Set(), answers = {}, screen, mistakes = 0, hinted = false, began = Date.now(), timer;

const strip = (text) => text.toLowerCase().normalize("NFD").replaceAll("đ", "d").replace(/[^\p{L}\p{Nd}]/gu, "");
const answerOf = (input, typed) => 1 + JSON.parse(input.dataset.accept).findIndex((a) => strip(a) === strip(typed));

function longNumber(typed) {
  let digits = 0;
  for (const sign of typed) {
    if (/\p{Nd}/u.test(sign)) digits++;
    else if (/\p{L}/u.test(sign)) digits = 0;
    if (digits > longestDigits) return true;
  }
  return false;
}

// keep keeps the steps on this device until the server has them.
function keep() {
  try { localStorage.setItem(key, JSON.stringify({ steps, elapsed: Date.now() - began })); } catch { /* a full or closed store: the run still works */ }
}

function kept() {
  try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; }
}

const shown = (part) => (!part.dataset.if || flags.has(part.dataset.if)) && (!part.dataset.unless || !flags.has(part.dataset.unless));

// open puts a screen on the device.
function open(id) {
  const template = root.querySelector(`template[data-screen="${CSS.escape(id)}"]`);
  device.querySelector(".screen").replaceWith(template.content.cloneNode(true));
  screen = device.querySelector(".screen");
  for (const form of screen.querySelectorAll("form")) form.noValidate = true; // act says it better, and empties the field
  answers = {};
  mistakes = 0;
  hinted = false;
  look();
}

// look shows and hides what flags say.
function look() {
  for (const part of screen.querySelectorAll("[data-if], [data-unless]")) part.hidden = !shown(part);
}

function tell(kind, text, strong) {
  const note = document.createElement("p");
  note.className = "notice mt-3 notice-" + kind;
  if (strong) note.append(Object.assign(document.createElement("strong"), { textContent: strong + " " }));
  note.append(text);
  coach.replaceChildren(note);
}

const button = (id) => [...screen.querySelectorAll("button[name=e]")].find((b) => b.value === id && shown(b));
const input = (id) => screen.querySelector(`input[name="f.${CSS.escape(id)}"]`);

// take does one step. silent: it was done before the page was loaded again.
function take(step, silent) {
  coach.replaceChildren();
  if (step.h) {
    hinted = true;
    tell("info", screen.dataset.hint, root.dataset.hinting);
    return;
  }
  const field = input(step.e);
  if (field) {
    answers[step.e] = step.v ?? 0;
    return;
  }
  const pressed = button(step.e);
  if (!pressed) throw new Error("no such button");
  const wrong = (pressed.dataset.needs ?? "").split(" ").filter(Boolean).find((id) => input(id) && !answers[id]);
  if (wrong) {
    mistake(input(wrong).dataset.wrong);
    if (!silent) input(wrong).select();
    return;
  }
  if (pressed.dataset.mistake) mistake(pressed.dataset.mistake);
  if (pressed.dataset.set) flags.add(pressed.dataset.set);
  if (pressed.dataset.go) open(pressed.dataset.go);
  else look();
}

function mistake(text) {
  mistakes++;
  tell("warn", text);
}

// act does what a form of the device asks for.
function act(form, pressed) {
  const all = [];
  for (const field of form.querySelectorAll("input[data-accept]")) {
    if (!shown(field.closest(".e-field")) || !field.value) continue;
    const answer = answerOf(field, field.value);
    if (!answer && longNumber(field.value)) {
      field.value = "";
      tell("bad", root.dataset.real);
      field.focus();
      return;
    }
    all.push({ e: field.name.slice(2), v: answer });
  }
  all.push({ e: pressed.value });
  const before = screen;
  stopReading();
  for (const step of all) log(step);
  if (screen !== before) {
    screen.focus({ preventScroll: true });
    device.scrollIntoView({ block: "nearest" });
  } else if (mistakes > 1 && !hinted) {
    hint();
  }
  rest();
  if (screen.hasAttribute("data-end")) send();
}

function log(step) {
  step.t = Math.max(steps.at(-1)?.t ?? 0, Date.now() - began);
  if (step.v === 0) delete step.v;
  take(step, false);
  steps.push(step);
  keep();
}

function hint() {
  if (screen.hasAttribute("data-end") || !screen.dataset.hint) return;
  log({ h: true });
}

// rest waits for the next step, and helps along when none comes.
function rest() {
  clearTimeout(timer);
  if (!screen.hasAttribute("data-end") && !hinted) timer = setTimeout(hint, patience);
}

// send brings the log to the server, as often as it takes.
async function send() {
  clearTimeout(timer);
  stopReading();
  tell("info", root.dataset.sending);
  try {
    const answer = await fetch(root.dataset.log, { method: "POST", body: new URLSearchParams({ log: JSON.stringify(steps) }) });
    if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
    localStorage.removeItem(key);
    if (!answer.ok) return refused();
    location.replace(root.dataset.result);
  } catch {
    tell("warn", root.dataset.unsent);
    const again = Object.assign(document.createElement("button"), { type: "button", className: "button mt-3", textContent: root.dataset.again });
    again.addEventListener("click", send);
    coach.append(again);
    again.focus();
  }
}

// refused shows the page that says why the log can't be taken.
function refused() {
  const form = Object.assign(document.createElement("form"), { method: "post", action: root.dataset.log, hidden: true });
  form.append(Object.assign(document.createElement("input"), { name: "log", value: JSON.stringify(steps) }));
  document.body.append(form);
  form.submit();
}

function begin() {
  const before = kept();
  began = Date.now() - (before.elapsed ?? 0);
  open(screen.dataset.screen);
  try {
    for (const step of before.steps ?? []) {
      take(step, true);
      steps.push(step);
    }
  } catch {
    steps = [];
    flags = new Set();
    localStorage.removeItem(key);
    open(root.querySelector("template[data-first]").dataset.screen);
  }
  device.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter) act(event.target, event.submitter);
  });
  root.querySelector("[data-hint-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    hint();
    rest();
  });
  if (innerWidth < 640) device.scrollIntoView({ block: "start" });
  rest();
  if (screen.hasAttribute("data-end")) send();
}

// A run that was begun without scripts goes on without them.
if (root && root.dataset.seen === "0") {
  screen = device.querySelector(".screen");
  root.querySelector(`template[data-screen="${CSS.escape(screen.dataset.screen)}"]`).dataset.first = "";
  begin();
}
