// Builds what the pages ship: `npm ci && node build.mjs`. Result and lock are committed; users need no Node.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { compile } from "sass";

const web = "../src/iindustry/web/static";
mkdirSync(`${web}/vendor`, { recursive: true });
mkdirSync(`${web}/web`, { recursive: true });
const css = compile("theme.scss", { style: "compressed", quietDeps: true, loadPaths: ["."] }).css;
writeFileSync(`${web}/web/theme.css`, css);

const fonts = ["thai", "latin"].flatMap((s) => [400, 600].map((w) => `ibm-plex-sans-thai-${s}-${w}-normal.woff2`));
const taken = [
  ...fonts.map((f) => [`node_modules/@fontsource/ibm-plex-sans-thai/files/${f}`, `${web}/vendor/${f}`, "@fontsource/ibm-plex-sans-thai", "OFL-1.1"]),
  ["node_modules/htmx.org/dist/htmx.min.js", `${web}/vendor/htmx.min.js`, "htmx.org", "0BSD"],
  ["node_modules/axe-core/axe.min.js", "../tests/vendor/axe.min.js", "axe-core", "MPL-2.0"],
];
mkdirSync("../tests/vendor", { recursive: true });
const lock = taken.map(([from, to, name, licence]) => {
  copyFileSync(from, to);
  const version = JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;
  return { file: to.replace(/^\.\.\//, ""), name, version, licence, sha256: createHash("sha256").update(readFileSync(to)).digest("hex") };
});
const govuk = JSON.parse(readFileSync("node_modules/govuk-frontend/package.json")).version;
lock.push({ file: "src/iindustry/web/static/web/theme.css", name: "govuk-frontend", version: govuk, licence: "MIT", sha256: createHash("sha256").update(css).digest("hex") });
// Compressed once, here: whitenoise hands out the .gz beside a file to whoever takes it. zlib writes no time, so equal in, equal out.
for (const file of [`${web}/web/theme.css`, `${web}/vendor/htmx.min.js`]) writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
writeFileSync(`${web}/vendor/lock.json`, JSON.stringify(lock, null, 1) + "\n");
console.log(`theme.css ${css.length} bytes, ${lock.length} files`);
