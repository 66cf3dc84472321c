// A linter passes over a rule that looks at nothing: each rule for the API is broken
// once here, and must be found.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

const web = new URL("../", import.meta.url);

it("every rule for the API can find what breaks it", () => {
  const d = JSON.parse(readFileSync(new URL("../docs/openapi.json", web), "utf8"));
  const study = d.paths["/study"];
  d.openapi = "3.1"; // core/doc-openapi
  delete d.info.contact.email; // core/doc-openapi-contact
  delete d.paths["/openapi.json"]; // core/publish-openapi
  d.info.version = "1.0"; // core/semver
  d.servers[0].url = "http://getij.example/api"; // core/uri-version, core/transport/tls
  delete study.get.responses["200"].headers["API-Version"]; // core/version-header
  d.paths["/study/"] = study; // core/no-trailing-slash
  d.paths["/labStudy"] = study; // core/path-segments-kebab-case
  d.paths["/figures/{name}"].get.parameters[0].name = "bar_width"; // core/query-keys-camel-case
  d.paths["/figures/{name}"].get.parameters[0].in = "query";
  study.trace = study.get; // core/http-methods
  delete d.components.schemas.ErrorModel.properties.detail; // core/error-handling/problem-details
  delete d.paths["/lab"].post.responses["400"]; // core/error-handling/invalid-input
  delete d.components.schemas.DayAnswer.properties.date.format; // core/date-time/format

  // From and to files: of a pipe the linter reads before there is anything, and ends before
  // all is written.
  const dir = mkdtempSync(join(tmpdir(), "getij-rules-"));
  const [input, output] = [join(dir, "openapi.json"), join(dir, "found.json")];
  writeFileSync(input, JSON.stringify(d));
  const run = spawnSync("npx", ["spectral", "lint", "--ruleset", "api-rules.yaml", "--format", "json", "--output", output, input], { cwd: web, encoding: "utf8" });
  expect(run.stderr).toBe("");
  const found = new Set((JSON.parse(readFileSync(output, "utf8")) as { code: string }[]).map((f) => f.code));
  rmSync(dir, { recursive: true });
  const rules = [...readFileSync(new URL("api-rules.yaml", web), "utf8").matchAll(/^ {2}(core\/\S+):$/gm)].map((r) => r[1]!);
  expect(rules.length).toBeGreaterThan(10);
  expect(rules.filter((rule) => !found.has(rule))).toEqual([]);
}, 30_000);
