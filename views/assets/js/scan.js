// Reads the QR of a sign-in card with the camera and goes to the card's address.
// Only addresses of cards of this very site are followed.
const video = document.querySelector("[data-scan]");
const say = (state) => {
  for (const line of document.querySelectorAll("[data-state]")) line.hidden = line.dataset.state !== state;
};
const longest = 120_000; // milliseconds until the camera goes off by itself
const pause = 200; // between two looks: a cheap phone has other work to do

let stream;
const stop = () => {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
};

async function detector() {
  if ("BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code"))
    return new window.BarcodeDetector({ formats: ["qr_code"] });
  const { BarcodeDetector } = await import("./barcode.js");
  return new BarcodeDetector({ formats: ["qr_code"] });
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

async function look(eye, until) {
  while (stream && Date.now() < until) {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const codes = await eye.detect(video).catch(() => []);
      for (const { rawValue } of codes) {
        const path = card(rawValue);
        if (path) {
          stop();
          say("found");
          location.assign(path);
          return;
        }
        say("foreign");
      }
    }
    await new Promise((next) => setTimeout(next, pause));
  }
  stop();
  say("asleep");
}

async function scan() {
  say("asking");
  if (!navigator.mediaDevices?.getUserMedia) return say("none");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch (error) {
    return say(error.name === "NotAllowedError" ? "refused" : "none");
  }
  video.srcObject = stream;
  await video.play();
  say("looking");
  light();
  await look(await detector(), Date.now() + longest);
}

// light offers the torch where the camera has one.
function light() {
  const button = document.querySelector("[data-torch]");
  const track = stream.getVideoTracks()[0];
  if (!track.getCapabilities?.().torch) return;
  let on = false;
  button.hidden = false;
  button.addEventListener("click", () => track.applyConstraints({ advanced: [{ torch: (on = !on) }] }));
}

addEventListener("pagehide", stop);
for (const again of document.querySelectorAll("[data-again]")) again.addEventListener("click", scan);
document.querySelector("[data-scanner]").hidden = false;
scan();
