// The sentence that the map page opens with: where, how much, and what that is
// worth. Pure, so that it can be tested.

import { count, percentage, watt, type Say } from "./amounts";
import type { Figures, Measure } from "./measures";

export interface Lead {
  year: number;
  place: string;
  adoption: number; // %
  scenario?: string; // named when it is not the study's
  contract: string; // as in "a dynamic contract"
  measure: Measure;
  figures: Figures;
}

export function leadSentence(l: Lead, say: Say, language: "nl" | "en"): string {
  const nl = language === "nl";
  const f = l.figures;
  const one = Math.round(f.points) === 1;
  const points = `${count(f.points, say)} ${nl ? (one ? "thuislaadpunt" : "thuislaadpunten") : one ? "home charge point" : "home charge points"}`;
  const start = nl ? `In ${l.year}${l.scenario ? ` (scenario ${l.scenario})` : ""}` : `In ${l.year}${l.scenario ? ` (scenario ${l.scenario})` : ""},`;
  const percent = (v: number) => percentage(v, 2, say);
  // A name with a comma in it needs one after it.
  const place = l.place.includes(",") ? `${l.place},` : l.place;
  if (l.adoption === 0 || f.power.mw <= 0)
    return nl
      ? `${start} ${one ? "staat" : "staan"} er ${points} in ${l.place}; zolang niemand meedoet, leveren ze niets terug.`
      : `${start} there ${one ? "is" : "are"} ${points} in ${l.place}; while nobody takes part, they feed in nothing.`;
  const some = l.adoption < 100 ? (nl ? ` als ${say.number(l.adoption)}\u00a0% meedoet` : ` if ${say.number(l.adoption)}\u00a0% take part`) : "";
  const power = watt(1000 * f.power.mw, 2, say);
  const head = nl ? `${start} ${one ? "kan" : "kunnen"} ${points} in ${place} ${power} terugleveren${some}` : `${start} ${points} in ${place} can feed in ${power}${some}`;
  const end = tail(l, percent, nl);
  return end.own ? `${head}. ${end.text}` : `${head}${end.text}.`;
}

function tail(l: Lead, percent: (v: number) => string, nl: boolean): { text: string; own: boolean } {
  const f = l.figures;
  if (l.measure === "relief" && f.relief !== null) {
    const size = percent(Math.abs(f.relief));
    const way = f.relief >= 0 ? (nl ? "lager" : "lower") : nl ? "hoger" : "higher";
    return { own: true, text: nl ? `Met ${l.contract} wordt de avondpiek ${size} ${way} dan bij gewoon laden.` : `With ${l.contract} the evening peak becomes ${size} ${way} than with regular charging.` };
  }
  if (l.measure === "night" && f.nightShare !== null) {
    const size = percent(f.nightShare);
    return { own: true, text: nl ? `Met ${l.contract} is de piek in de nacht dan ${size} van de avondpiek bij gewoon laden.` : `With ${l.contract} the peak at night is then ${size} of the evening peak with regular charging.` };
  }
  if (l.measure === "capacity" && f.importShare !== null) {
    const size = percent(Math.max(f.importShare, f.feedInShare ?? 0));
    return { own: true, text: nl ? `Het zwaarste moment vraagt dan ${size} van de capaciteit.` : `The heaviest moment then takes ${size} of the capacity.` };
  }
  return { own: false, text: "" };
}
