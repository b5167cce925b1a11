// Builds everything below css/ and js/ into elearning/static/dist/. Fonts come from build_fonts.py.
import { build, context } from "esbuild";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../elearning/static/dist");

// One line per file that a page may load. The name on the left is its address below dist/.
const STYLES = {
  site: "css/site.css",
  print: "css/print.css",
  player: "css/components/player.css",
  desk: "css/desk.css",
};
const SCRIPTS = {
  site: "js/site.js",
  player: "js/player.js",
  passkeys: "js/passkeys.js",
  admin: "js/admin.js",
};
// htmx is an ES module of its own: site.js loads it only on a page that uses it.
const MODULES = { htmx: "js/htmx.js" };

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  legalComments: "none",
  logLevel: "info",
  outdir: dist,
  target: ["chrome100", "firefox100", "safari15.4"],
  // Fonts and pictures stay files of their own, next to the style sheets in dist/.
  external: ["*.woff2", "*.ttf", "*.svg"],
};

const jobs = [
  { ...shared, entryPoints: STYLES },
  { ...shared, entryPoints: SCRIPTS, format: "iife" },
  { ...shared, entryPoints: MODULES, format: "esm" },
];

async function buildIcons() {
  const names = (await readFile(join(here, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean);
  const icons = {};
  for (const name of names.sort()) {
    const svg = await readFile(join(here, `node_modules/lucide-static/icons/${name}.svg`), "utf8");
    const inside = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    icons[name] = inside.replace(/\s+/g, " ").replace(/> </g, "><").trim();
  }
  await writeFile(join(dist, "icons.json"), JSON.stringify(icons));
}

async function copyFiles() {
  // Without its source map's name: hashing the static files fails on a file that is not there.
  const worker = await readFile(join(here, "node_modules/hls.js/dist/hls.worker.js"), "utf8");
  await writeFile(join(dist, "hls.worker.js"), worker.replace(/\/\/# sourceMappingURL=.*\s*$/, ""));
  await copyFile(join(here, "images/favicon.svg"), join(dist, "favicon.svg"));
}

await mkdir(dist, { recursive: true });
await Promise.all([buildIcons(), copyFiles()]);
if (process.argv.includes("--watch")) {
  for (const job of jobs) await (await context({ ...job, sourcemap: "inline", minify: false })).watch();
} else {
  await Promise.all(jobs.map((job) => build(job)));
}
