// Builds views/static: the style sheet, fonts, scripts and pictures, each named
// by its content so that browsers may keep it for ever. The same sources give
// the same files.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";

const here = import.meta.dirname;
const out = join(here, "../static/files");
const fonts = join(here, "node_modules/@fontsource/be-vietnam-pro/files");

function build() {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const names = {};

  function put(name, bytes) {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
    const hashed = `${basename(name, extname(name))}.${hash}${extname(name)}`;
    writeFileSync(join(out, hashed), bytes);
    names[name] = hashed;
    return hashed;
  }

  for (const [name, file] of [
    ["latin-400.woff2", "be-vietnam-pro-latin-400-normal.woff2"],
    ["latin-700.woff2", "be-vietnam-pro-latin-700-normal.woff2"],
    ["viet-400.woff2", "be-vietnam-pro-vietnamese-400-normal.woff2"],
    ["viet-700.woff2", "be-vietnam-pro-vietnamese-700-normal.woff2"],
  ]) put(name, readFileSync(join(fonts, file)));

  // Modules that others load when they need them, each with what it needs in one file.
  for (const file of readdirSync(join(here, "js/lazy")).sort())
    put(file, execFileSync(join(here, "node_modules/.bin/esbuild"), [join(here, "js/lazy", file), "--bundle", "--minify", "--format=esm", "--target=es2020", "--banner:js=/*! with qr by Paul Miller, MIT or Apache-2.0, https://github.com/paulmillr/qr */"]));
  for (const file of readdirSync(join(here, "js")).filter((name) => name.endsWith(".js")).sort()) {
    let script = readFileSync(join(here, "js", file), "utf8");
    for (const [name, hashed] of Object.entries(names)) script = script.replaceAll(`"./${name}"`, `"./${hashed}"`);
    put(file, Buffer.from(script));
  }
  for (const file of readdirSync(join(here, "examples")).sort()) put(file, readFileSync(join(here, "examples", file)));
  for (const file of readdirSync(join(here, "images")).sort()) put(file, readFileSync(join(here, "images", file)));

  execFileSync(join(here, "node_modules/.bin/tailwindcss"), ["--minify", "--input", "app.css", "--output", "node_modules/.app.css"], { cwd: here, stdio: ["ignore", "ignore", "inherit"] });
  let css = readFileSync(join(here, "node_modules/.app.css"), "utf8");
  for (const [name, hashed] of Object.entries(names)) css = css.replaceAll(`./${name}`, hashed);
  put("app.css", Buffer.from(css));

  writeFileSync(join(out, "names.json"), JSON.stringify(Object.fromEntries(Object.entries(names).sort()), null, 2) + "\n");
}

build();
if (process.argv.includes("--watch")) {
  // The style sheet depends on the classes that templ files name.
  let due;
  watch(join(here, ".."), { recursive: true }, (_, file) => {
    if (!file || !/^(assets\/(\w+\.css|js|images)|[a-z]+\/.*\.templ$)/.test(file)) return;
    clearTimeout(due);
    due = setTimeout(build, 100);
  });
}
