// Reads the QR of a sign-in card with the camera and goes to the card's address.
// Only addresses of cards of this very site are followed.
const video = document.querySelector("[data-scan]");
const torch = document.querySelector("[data-torch]");
const say = (state) => {
  for (const line of document.querySelectorAll("[data-state]")) line.hidden = line.dataset.state !== state;
};
const longest = 120_000; // milliseconds until the camera goes off by itself
const pause = 200; // between two looks: a cheap phone has other work to do

let stream;
let round = 0; // each start and stop begins a new one; older ones notice and end
let rest;

function stop(state) {
  round++;
  clearTimeout(rest);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  video.srcObject = null;
  torch.hidden = true;
  say(state);
}

// card is the path of a card of this site, or nothing.
function card(text) {
  let address;
  try {
    address = new URL(text);
  } catch {
    return undefined;
  }
  return address.origin === location.origin && /^\/card\/[\w-]{20,100}$/.test(address.pathname) ? address.pathname : undefined;
}

const formats = { formats: ["qr_code"] };

async function ownDetector() {
  const { BarcodeDetector } = await import("./barcode.c3dbff7460.js");
  return new BarcodeDetector(formats);
}

async function detector() {
  try {
    if ((await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) return new window.BarcodeDetector(formats);
  } catch {
    // Not there, or there in name only.
  }
  return ownDetector();
}

async function look(eye, mine) {
  let native = "BarcodeDetector" in window && eye instanceof window.BarcodeDetector;
  while (mine === round) {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      let codes = [];
      try {
        codes = await eye.detect(video);
      } catch {
        if (mine !== round) return;
        // The browser's own gives up where its service is missing; ours, on one picture.
        if (native) [eye, native] = [await ownDetector(), false];
      }
      if (mine !== round) return;
      for (const { rawValue } of codes) {
        const path = card(rawValue);
        if (path) {
          stop("found");
          location.assign(path);
          return;
        }
        say("foreign");
      }
    }
    await new Promise((next) => setTimeout(next, pause));
  }
}

async function scan() {
  stop("asking");
  const mine = round;
  let opened;
  try {
    // There are no mediaDevices on plain http and inside some apps.
    opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch (error) {
    if (mine === round) stop(error.name === "NotAllowedError" ? "refused" : "none");
    return;
  }
  if (mine !== round) {
    for (const track of opened.getTracks()) track.stop();
    return;
  }
  stream = opened;
  rest = setTimeout(() => stop("asleep"), longest);
  video.srcObject = stream;
  video.play().catch(() => {}); // one that is stopped meanwhile refuses
  torch.hidden = !stream.getVideoTracks()[0].getCapabilities?.().torch;
  torch.setAttribute("aria-pressed", "false");
  say("looking");
  try {
    await look(await detector(), mine);
  } catch {
    if (mine === round) stop("unread"); // the decoder did not come over the network
  }
}

torch.addEventListener("click", async () => {
  const on = torch.getAttribute("aria-pressed") !== "true";
  try {
    await stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
    torch.setAttribute("aria-pressed", String(on));
  } catch {
    torch.hidden = true;
  }
});
addEventListener("pagehide", () => stop("asleep"));
for (const again of document.querySelectorAll("[data-again]")) again.addEventListener("click", scan);
document.querySelector("[data-scanner]").hidden = false;
scan();
