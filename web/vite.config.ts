import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The build is embedded in the Go program (embed.go). `npm run dev` proxies the
// API of a `getij serve` on its usual address.
export default defineConfig({
  plugins: [svelte()],
  base: "/",
  // The page of a server has many addresses, so what it loads first has a whole one. The rest
  // is found from there: a site of files lies anywhere.
  experimental: { renderBuiltUrl: (_, { hostType }) => (hostType === "html" ? undefined : { relative: true }) },
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 1500 },
  server: { proxy: { "/api": process.env.GETIJ_API ?? "http://127.0.0.1:8080" } },
});
