import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

// Files of the first view as brotli too, a sixth smaller than gzip: getij serve sends them as
// they are, and so do web servers that look for .br beside a file.
const leastPacked = 50_000; // bytes
const packed = (): Plugin => ({
  name: "packed",
  apply: "build",
  writeBundle({ dir }) {
    const assets = join(dir!, "assets");
    for (const name of existsSync(assets) ? readdirSync(assets) : []) {
      if (!/\.(js|css)$/.test(name)) continue;
      const text = readFileSync(join(assets, name));
      if (text.length >= leastPacked) writeFileSync(join(assets, `${name}.br`), brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }));
    }
  },
});

// The build is embedded in the Go program (embed.go). `npm run dev` proxies the
// API of a `getij serve` on its usual address.
export default defineConfig({
  plugins: [svelte(), packed()],
  base: "/",
  // The page of a server has many addresses, so what it loads first has a whole one. The rest
  // is found from there: a site of files lies anywhere.
  experimental: { renderBuiltUrl: (_, { hostType }) => (hostType === "html" ? undefined : { relative: true }) },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1500,
    // MapLibre stays the same while our code changes: a reader and the repository keep it.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "maplibre", test: /node_modules\/maplibre-gl/ }] },
        // Web servers may know .js alone as JavaScript, and browsers run nothing else.
        assetFileNames: ({ names }) => `assets/[name]-[hash]${names.some((name) => name.endsWith(".mjs")) ? ".js" : "[extname]"}`,
      },
    },
  },
  server: { proxy: { "/api": process.env.GETIJ_API ?? "http://127.0.0.1:8080" } },
});
