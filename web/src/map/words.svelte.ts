// Words that the map's parts share.

import { number, percent, rough, texts } from "../lib/i18n.svelte";
import type { Measure } from "./measures";

export const words = texts({
  kw_per_dwelling: { nl: "kW per woning", en: "kW per dwelling" },
  mw: { nl: "Vermogen (MW)", en: "Power (MW)" },
  points_per_dwelling: { nl: "Laadpunten per woning", en: "Charge points per dwelling" },
  points: { nl: "Thuislaadpunten", en: "Home charge points" },
  relief: { nl: "Minder avondpiek (%)", en: "Lower evening peak (%)" },
  night: { nl: "Nachtpiek t.o.v. avondpiek (%)", en: "Night peak against evening peak (%)" },
  capacity: { nl: "Deel van de capaciteit (%)", en: "Share of capacity (%)" },
  aboutKw: { nl: "flexibel vermogen gedeeld door alle woningen", en: "flexible power divided by all dwellings" },
  aboutMw: { nl: "flexibel vermogen van de laadpunten die meedoen", en: "flexible power of the charge points that take part" },
  aboutPpd: { nl: "thuislaadpunten gedeeld door alle woningen", en: "home charge points divided by all dwellings" },
  aboutPoints: { nl: "laadpunten bij woningen met een oprit", en: "charge points at dwellings with a driveway" },
  aboutRelief: { nl: "hoeveel lager de avondpiek is dan bij gewoon laden", en: "how much lower the evening peak is than with regular charging" },
  aboutNight: { nl: "hoogste nachtvermogen, gedeeld door de avondpiek bij gewoon laden", en: "highest night power, divided by the evening peak with regular charging" },
  aboutCapacity: { nl: "hoogste afname of teruglevering, gedeeld door de capaciteit", en: "highest import or feed-in, divided by the capacity" },
});

const about: Record<Measure, Parameters<typeof words>[0]> = {
  kw_per_dwelling: "aboutKw",
  mw: "aboutMw",
  points_per_dwelling: "aboutPpd",
  points: "aboutPoints",
  relief: "aboutRelief",
  night: "aboutNight",
  capacity: "aboutCapacity",
};

export const aboutMeasure = (m: Measure) => words(about[m]);

const share = (m: Measure) => m === "relief" || m === "night" || m === "capacity";

// shown is a value on the map, in two significant figures.
export const shown = (m: Measure, v: number) => (share(m) ? (Number.isFinite(v) ? `${rough(100 * v)} %` : "–") : rough(v));

// exact is the same in a table.
export const exact = (m: Measure, v: number) =>
  share(m) ? percent(Number.isFinite(v) ? v : null, 1) : number(v, m === "points" ? 0 : m === "mw" ? 2 : 3);
