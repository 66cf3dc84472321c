// What the laboratory was last set to, for who looks at another page and comes back.

export const memory: { last: Record<string, string> } = { last: {} };
