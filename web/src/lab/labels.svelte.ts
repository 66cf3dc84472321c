// Names of the laboratory's controls, shorter than the study's descriptions.

import type { QueuePlace } from "../lib/api";
import { number, texts } from "../lib/i18n.svelte";
import { unitName } from "../lib/units";
import { eveningOf } from "../map/words.svelte";
import type { Field, Group, Value } from "./fields";

const labels = texts({
  "car.battery_kwh": { nl: "Batterij", en: "Battery" },
  "car.min_soc": { nl: "Laagste laadtoestand", en: "Lowest state of charge" },
  "car.departure_soc": { nl: "Laadtoestand bij vertrek", en: "State of charge at departure" },
  "car.km_per_year": { nl: "Afstand per jaar", en: "Distance a year" },
  "car.kwh_per_km": { nl: "Verbruik van de auto", en: "Consumption of the car" },
  "car.wear_eur_per_kwh": { nl: "Slijtage per ontladen kWh", en: "Wear per kWh discharged" },
  "car.discharge_cap_kwh_per_year": { nl: "Hoogste ontlading per jaar (0: geen grens)", en: "Most discharged a year (0: no cap)" },
  "car.discharge_cap_hours_per_year": { nl: "Idem in uren op vol vermogen (0: geen grens)", en: "The same in hours at full power (0: no cap)" },
  "charger.charge_kw": { nl: "Laadvermogen", en: "Charge power" },
  "charger.discharge_kw": { nl: "Ontlaadvermogen", en: "Discharge power" },
  "charger.round_trip_efficiency": { nl: "Rendement heen en terug", en: "Round-trip efficiency" },
  "home.load_kwh_per_year": { nl: "Verbruik zonder auto", en: "Load without the car" },
  "home.solar_kwh_per_year": { nl: "Opwek van zonnepanelen", en: "Solar production" },
  "home.connection_kw": { nl: "Aansluiting", en: "Grid connection" },
  "behaviour.plug_in": { nl: "Inpluggen", en: "Plugging in" },
  "behaviour.plug_in_reward_eur_per_hour": { nl: "Beloning aan de stekker", en: "Reward at the plug" },
  "charger.idle_loss_kw": { nl: "Verlies bij elk vermogen", en: "Loss at any power" },
  "behaviour.sessions_per_week": { nl: "Laadsessies per week", en: "Sessions a week" },
  preset: { nl: "Regel of voorstel", en: "Rule or proposal" },
  import_eur_per_kwh: { nl: "Prijs van stroom", en: "Price of energy" },
  high_eur_per_kwh: { nl: "Prijs overdag", en: "Price by day" },
  low_eur_per_kwh: { nl: "Prijs ’s nachts en in het weekend", en: "Price by night and weekend" },
  low_from_hour: { nl: "Lage prijs begint om", en: "Low price starts at" },
  low_to_hour: { nl: "Lage prijs eindigt om", en: "Low price ends at" },
  supplier_fee_eur_per_kwh: { nl: "Opslag van de leverancier", en: "Supplier’s fee" },
  feed_in_cost_eur_per_kwh: { nl: "Terugleverkosten", en: "Feed-in cost" },
  energy_tax_eur_per_kwh: { nl: "Energiebelasting, met btw", en: "Energy tax, VAT included" },
  vat: { nl: "Btw", en: "VAT" },
  least_feed_in_share: { nl: "Minste vergoeding voor terugleveren", en: "Least pay for feeding in" },
  net_metering: { nl: "Salderen", en: "Net metering" },
  vat_on_export: { nl: "Btw over teruglevering", en: "VAT on feeding in" },
  energy_tax_refund_on_storage: { nl: "Belasting terug bij opslag", en: "Tax refund on storage" },
  grid_tariff_eur_per_kwh_by_hour: { nl: "Nettarief per uur", en: "Grid tariff by hour" },
  grid_tariff_weekend_eur_per_kwh_by_hour: { nl: "Nettarief in het weekend", en: "Grid tariff in the weekend" },
  grid_tariff_winter_eur_per_kwh_by_hour: { nl: "Nettarief in de winter", en: "Grid tariff in winter" },
  grid_tariff_winter_weekend_eur_per_kwh_by_hour: { nl: "Nettarief in winterweekenden", en: "Grid tariff in winter weekends" },
  power_tariff_eur_per_kw_month: { nl: "Prijs van de maandpiek", en: "Price of the month’s peak" },
  grid_tariff_on_export: { nl: "Nettarief ook bij teruglevering", en: "Grid tariff on feeding in too" },
  "street.homes": { nl: "Woningen", en: "Homes" },
  "street.charge_point_share": { nl: "Met laadpunt en elektrische auto", en: "With a charge point and an electric car" },
  "street.solar_share": { nl: "Met zonnepanelen", en: "With solar panels" },
  "street.heat_pump_share": { nl: "Met warmtepomp", en: "With a heat pump" },
  "street.capacity_kva": { nl: "Transformator (0: kabel)", en: "Transformer (0: cable)" },
  "street.capacity_kw_per_home": { nl: "Kabel, per woning", en: "Cable, per home" },
  "outlook.driveway_share_detached": { nl: "Oprit: vrijstaand", en: "Driveway: detached" },
  "outlook.driveway_share_semi_detached": { nl: "Oprit: twee-onder-een-kap en hoek", en: "Driveway: semi-detached and corner" },
  "outlook.driveway_share_terraced": { nl: "Oprit: rij", en: "Driveway: terraced" },
  "outlook.driveway_share_apartment": { nl: "Oprit: appartement", en: "Driveway: apartment" },
  "outlook.home_share_cars": { nl: "Laadvraag van auto’s thuis, 2050", en: "Cars’ demand met at home, 2050" },
  "outlook.home_share_vans": { nl: "Laadvraag van bestelauto’s thuis", en: "Vans’ demand met at home" },
  "outlook.drivers_charging_at_home_2024": { nl: "Rijders die thuis laadden, 2024", en: "Drivers charging at home, 2024" },
  "outlook.hybrids_per_electric_car": { nl: "Plug-inhybrides per elektrische auto", en: "Plug-in hybrids per electric car" },
  "outlook.second_point_share": { nl: "Woningen met een tweede laadpunt", en: "Dwellings with a second point" },
  "outlook.home_charging_share": { nl: "Deel van het laden aan het eigen punt", en: "Charging at the own point" },
  homes: { nl: "Aantal woningen", en: "Number of homes" },
  seed: { nl: "Loting", en: "Draw" },
});

const words = texts({
  car: { nl: "Auto", en: "Car" },
  charger: { nl: "Laadpunt", en: "Charger" },
  home: { nl: "Woning", en: "Home" },
  behaviour: { nl: "Gedrag", en: "Behaviour" },
  contract: { nl: "Contract", en: "Contract" },
  outlook: { nl: "Laadpunten in de toekomst", en: "Charge points in the future" },
  cohort: { nl: "Woningen en loting", en: "Homes and draw" },
  when_needed: { nl: "zoals waargenomen", en: "as observed" },
  always: { nl: "altijd als de auto thuis is", en: "whenever the car is home" },
  when_neededShort: { nl: "zoals waargenomen", en: "as observed" },
  alwaysShort: { nl: "altijd", en: "always" },
  network_cost_2025: { nl: "netkosten van 2025 (€ 468)", en: "network cost of 2025 (€468)" },
  network_price_by_time: { nl: "nettarief naar tijd (voorstel, prijzen: ons oordeel)", en: "network price by time (proposal, prices: our judgement)" },
  network_price_by_power: { nl: "netabonnement naar vermogen (ons oordeel)", en: "network subscription by power (our judgement)" },
  feed_in_tiers: { nl: "terugleverkosten in staffels (ons oordeel)", en: "feed-in fee by tiers (our judgement)" },
  energy_tax_refund: { nl: "energiebelasting terug bij opslag (geen wet)", en: "energy tax refunded on storage (not law)" },
  yes: { nl: "ja", en: "yes" },
  no: { nl: "nee", en: "no" },
  none: { nl: "geen", en: "none" },
  byHour: { nl: "per uur", en: "by hour" },
  noRoom: { nl: "zoveel laadpunten passen niet bij de woningen met een oprit. Verlaag de laadvraag die thuis wordt geladen, of verhoog het aandeel met een oprit of met een tweede laadpunt", en: "so many charge points have no room at the dwellings with a driveway. Lower the demand that is met at home, or raise the share with a driveway or with a second point" },
  fewer: { nl: "er zouden in 2050 minder laadpunten per auto zijn dan in 2024. Verhoog de laadvraag die thuis wordt geladen, of verlaag het aandeel dat in 2024 thuis laadde", en: "there would be fewer charge points per car in 2050 than in 2024. Raise the demand that is met at home, or lower the share that charged at home in 2024" },
  eveningOfYear: { nl: "avond van het jaar", en: "evening of the year" },
  busy: { nl: "Het laboratorium is bezet. Probeer het zo nog eens.", en: "The laboratory is busy. Try again in a moment." },
});

const figureNames = texts({
  evening_mean_kw: { nl: "Gemiddeld vermogen van de auto, 17–21 u (kW; − is ontladen)", en: "Mean power of the car, 17–21 h (kW; − is discharging)" },
  peak_charge_kw: { nl: "Grootste laadvermogen, gemiddelde dag (kW)", en: "Largest charge, mean day (kW)" },
  peak_discharge_kw: { nl: "Grootste ontlaadvermogen, gemiddelde dag (kW)", en: "Largest discharge, mean day (kW)" },
  discharged_kwh: { nl: "Ontladen (kWh)", en: "Discharged (kWh)" },
  energy_cost_eur: { nl: "Energiekosten, alle elektriciteit (€)", en: "Energy cost, all electricity (€)" },
  saving_vs_regular_eur: { nl: "Besparing op gewoon laden (€)", en: "Saving over regular charging (€)" },
  mw: { nl: "Landelijk ontladen in {year}, op de gemiddelde {evening}, 17–21 u (MW)", en: "Discharged in the country in {year}, on the mean {evening}, 17–21 h (MW)" },
});

// What compares the study with the laboratory, in tables and files.
export const compareWords = texts({
  mode: { nl: "Manier van laden", en: "Way to charge" },
  study: { nl: "Studie", en: "Study" },
  lab: { nl: "Uw aannames", en: "Your assumptions" },
  difference: { nl: "Verschil", en: "Difference" },
  quantity: { nl: "Grootheid", en: "Quantity" },
});

export const figureName = (key: Parameters<typeof figureNames>[0], year?: number, season = "year"): string => figureNames(key, { year: year ?? "", evening: meanEvening(season) });

// meanEvening names the evening that is the mean of a season, or of the year.
export const meanEvening = (season: string): string => (season === "year" ? words("eveningOfYear") : eveningOf(season));

export const label = (f: Field): string => labels(f.name as Parameters<typeof labels>[0]);
export const groupName = (g: Group): string => words(g);
// refusal is why the outlook cannot be made, in the page's words where they are known.
export const refusal = (message: string): string => (/have room for/.test(message) ? words("noRoom") : /more points at the end than at the start/.test(message) ? words("fewer") : message);
export const busyWords = (): string => words("busy");

const choices = ["always", "when_needed", "none", "network_cost_2025", "network_price_by_time", "network_price_by_power", "feed_in_tiers", "energy_tax_refund"] as const;
export const choiceName = (v: string): string => {
  const known = choices.find((c) => c === v);
  return known ? words(known) : v;
};
const short = (v: string): string => (v === "always" || v === "when_needed" ? words(`${v}Short`) : choiceName(v));

// shown is a value as a reader sees it, with its unit.
export function shown(f: Field, v: Value): string {
  if (typeof v === "boolean") return words(v ? "yes" : "no");
  if (Array.isArray(v)) return v.length ? words("byHour") : words("none");
  if (typeof v === "string") return short(v);
  const scaled = v * f.scale;
  const decimals = [0, 1, 2, 3, 4].find((d) => Math.abs(scaled - Number(scaled.toFixed(d))) < 1e-9) ?? 4;
  return `${number(scaled, decimals)} ${unitName(f.unit)}`.trim();
}

const queue = texts({
  next: { nl: " U bent als volgende aan de beurt: nog ongeveer {s} s.", en: " Yours comes next: about {s} s to go." },
  one: { nl: " Eén berekening gaat voor: nog ongeveer {s} s.", en: " One run comes first: about {s} s to go." },
  many: { nl: " {n} berekeningen gaan voor: nog ongeveer {s} s.", en: " {n} runs come first: about {s} s to go." },
});

// queued says how many runs come before one that waits, and for about how long.
export const queued = (place: QueuePlace | undefined): string =>
  place ? queue(place.before === 0 ? "next" : place.before === 1 ? "one" : "many", { n: number(place.before), s: number(Math.ceil(place.seconds_left)) }) : "";
