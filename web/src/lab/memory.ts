// What the laboratory was last set to, for who looks at another page and comes back.

// saved are the cases beside each other, as the address has them.
export const memory: { last: Record<string, string>; saved: string } = { last: {}, saved: "" };
