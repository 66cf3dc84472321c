// The fixed look of a way to charge, the same as in the report: a colour, a dash
// and a width, so that colour is never the only sign.

export interface Style {
  color: string;
  dash?: string;
  width: number;
  text?: string; // of its label, where the line's colour is too light for words
}

const modes: Record<string, Style> = {
  regular: { color: "var(--regular)", dash: "5 3", width: 2 },
  smart: { color: "var(--smart)", dash: "11 4", width: 2.2 },
  v2h: { color: "var(--v2h)", dash: "2 2.5", width: 2.2 },
  v2g: { color: "var(--v2g)", width: 2.6 },
};

export const modeStyle = (mode: string): Style => modes[mode] ?? { color: "var(--ink)", width: 2 };
export const homeStyle: Style = { color: "var(--soft)", dash: "1 4", width: 1.6 };
export const baseStyle: Style = { color: "var(--base)", width: 1.4, text: "var(--soft)" };
