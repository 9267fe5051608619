// Loaded only where the browser can't read codes by itself.
export { BarcodeDetector } from "qr/decode.js";
