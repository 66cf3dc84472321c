// The laboratory's cases beside each other, as the address has them, for who looks at
// another page and comes back. Assumptions themselves stay in the address of every page.
export const memory: { saved: string } = { saved: "" };
