// What the study found, told by the server in sentences that the report has too.

import type { Findings } from "./api";

// tell joins the sentences about one thing: of a contract and a way to charge, or of any.
export function tell(found: Findings, about: string, language: "nl" | "en", contract?: string, mode?: string): string {
  return found.findings
    .filter((f) => f.about === about && (!contract || f.contract === contract) && (!mode || f.mode === mode))
    .map((f) => f[language])
    .join(" ");
}
