// Reads the page aloud: its recording where there is one, else the device's
// own Vietnamese voice, with the sentence highlighted. Where there is neither,
// nothing shows. Nothing plays by itself.
const speeds = [0.7, 0.85, 1, 1.2, 1.5];
const kept = "hocso.speed";
const synth = window.speechSynthesis;

let speed = Math.max(0, speeds.indexOf(Number(localStorage.getItem(kept)))) || 2;

// voice is the device's Vietnamese voice, or null; devices list theirs late.
function voice() {
  return synth?.getVoices().find((v) => /^vi\b/i.test(v.lang)) ?? null;
}

// whenVoiced calls back once there is a Vietnamese voice; never where there is none.
function whenVoiced(then) {
  if (!synth) return;
  if (voice()) return then();
  synth.addEventListener("voiceschanged", function wait() {
    if (!voice()) return;
    synth.removeEventListener("voiceschanged", wait);
    then();
  });
}

// say speaks one text and tells when it is over.
function say(text) {
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
function hush() {
  synth?.cancel();
}

// What a page has to say, block by block; the buttons of a drawn device too.
const blocks = "h1, h2, h3, p, li, legend, label, blockquote, button[name=e], .e-row, .e-status";
const silent = "[hidden], [aria-hidden=true], .sr-only, button:not([name=e]), script, template";
const ends = [];

// stopReading ends the reading of the page, when what is on it changes.
export function stopReading() {
  hush();
  for (const end of ends) end();
}

// sentences lists the sentences below a block, each as a range of the page.
function sentences(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(silent) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
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

// pageSentences lists all that the page has to say, in order.
function pageSentences() {
  return [...document.querySelectorAll("[data-read]")].flatMap((part) => [...part.querySelectorAll(blocks)])
    .filter((block) => !block.querySelector(blocks)).flatMap(sentences);
}

// sentenceAt is about where a recording is, of which a share has been played:
// it says the sentences of the page, each the longer the more letters it has.
function sentenceAt(all, share) {
  let left = share * all.reduce((sum, { said }) => sum + said.length, 0);
  return all.find(({ said }) => (left -= said.length) < 0) ?? all.at(-1);
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

  ends.push(() => { if (!stop.hidden) end(); });
  play.addEventListener("click", async () => {
    playing(true);
    if (recording) {
      recording.src ||= bar.dataset.audio;
      recording.onended = end;
      const all = pageSentences();
      recording.ontimeupdate = () => {
        const now = recording.paused ? null : sentenceAt(all, recording.currentTime / recording.duration);
        if (now) show(now.range);
      };
      tell();
      recording.play().catch(end);
      return;
    }
    const mine = ++round;
    hush();
    for (const { said, range } of pageSentences()) {
      if (mine !== round) return;
      show(range);
      await say(said);
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
