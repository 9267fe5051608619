// Reads the page aloud: its recording where there is one, else the device's
// own Vietnamese voice, with the sentence highlighted. Where there is neither,
// nothing shows. Nothing plays by itself.
const speeds = [0.7, 0.85, 1, 1.2, 1.5];
const kept = "hocso.speed";
const synth = window.speechSynthesis;

let speed = Math.max(0, speeds.indexOf(Number(localStorage.getItem(kept)))) || 2;

// voice is the device's Vietnamese voice, or null; devices list theirs late.
export function voice() {
  return synth?.getVoices().find((v) => /^vi\b/i.test(v.lang)) ?? null;
}

// whenVoiced calls back once there is a Vietnamese voice; never where there is none.
export function whenVoiced(then) {
  if (!synth) return;
  if (voice()) return then();
  synth.addEventListener("voiceschanged", function wait() {
    if (!voice()) return;
    synth.removeEventListener("voiceschanged", wait);
    then();
  });
}

// say speaks one text and tells when it is over.
export function say(text) {
  return new Promise((over) => {
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice();
    words.lang = "vi-VN";
    words.rate = speeds[speed];
    words.onend = words.onerror = over;
    synth.speak(words);
  });
}

// hush stops speaking.
export function hush() {
  synth?.cancel();
}

// sentences lists the sentences below a block, each as a range of the page.
function sentences(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("[hidden], [aria-hidden=true], .sr-only, button, script, template") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    nodes.push({ node: walker.currentNode, from: text.length });
    text += walker.currentNode.data;
  }
  const at = (offset, end) => {
    const part = nodes.findLast((n) => (end ? n.from < offset : n.from <= offset));
    return [part.node, offset - part.from];
  };
  const found = [];
  for (const match of text.matchAll(/[^.!?…]+[.!?…]*["”’)]*\s*/g)) {
    const said = match[0].trim();
    if (!said) continue;
    const from = match.index + match[0].indexOf(said[0]);
    const range = document.createRange();
    range.setStart(...at(from, false));
    range.setEnd(...at(from + said.length, true));
    found.push({ said, range });
  }
  return found;
}

// show marks the sentence that is read and keeps it in sight.
function show(range) {
  if (window.Highlight && CSS.highlights) CSS.highlights.set("read", new Highlight(range));
  const box = range.getBoundingClientRect();
  if (box.top < 80 || box.bottom > innerHeight - 80) {
    range.startContainer.parentElement.scrollIntoView({ block: "center" });
  }
}

function unshow() {
  CSS.highlights?.delete("read");
}

for (const bar of document.querySelectorAll("[data-reader]")) {
  const play = bar.querySelector("[data-reader-play]"), stop = bar.querySelector("[data-reader-stop]");
  const rate = bar.querySelector("[data-reader-rate]");
  const recording = bar.dataset.audio ? new Audio() : null;
  let round = 0;

  const playing = (is) => {
    play.hidden = is;
    stop.hidden = !is;
    if (document.activeElement === document.body) (is ? stop : play).focus();
  };
  const end = () => {
    round++;
    hush();
    recording?.pause();
    unshow();
    playing(false);
  };
  const tell = () => {
    rate.textContent = rate.dataset.text.replace("%s", String(speeds[speed]).replace(".", ","));
    if (recording) recording.playbackRate = speeds[speed];
  };
  const faster = (by) => {
    speed = Math.min(speeds.length - 1, Math.max(0, speed + by));
    localStorage.setItem(kept, speeds[speed]);
    tell();
  };

  play.addEventListener("click", async () => {
    playing(true);
    if (recording) {
      recording.src ||= bar.dataset.audio;
      recording.onended = end;
      tell();
      recording.play().catch(end);
      return;
    }
    const mine = ++round;
    hush();
    const blocks = [...document.querySelectorAll("[data-read]")].flatMap((part) => [...part.querySelectorAll("h1, h2, h3, p, li, legend, label, blockquote")])
      .filter((block) => !block.querySelector("h1, h2, h3, p, li, legend, label"));
    for (const block of blocks) {
      for (const { said, range } of sentences(block)) {
        if (mine !== round) return;
        show(range);
        await say(said);
      }
    }
    if (mine === round) end();
  });
  stop.addEventListener("click", end);
  bar.querySelector("[data-reader-slower]").addEventListener("click", () => faster(-1));
  bar.querySelector("[data-reader-faster]").addEventListener("click", () => faster(1));
  addEventListener("pagehide", end);
  tell();
  if (recording) bar.hidden = false;
  else whenVoiced(() => { bar.hidden = false; });
}

// The words of one person in a practice.
whenVoiced(() => {
  document.documentElement.dataset.voiced = "";
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-listen]");
  if (!button) return;
  hush();
  say(button.parentElement.querySelector("[data-speech]").textContent);
});
