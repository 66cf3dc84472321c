// What the program says in English, in Dutch: where numbers come from, and what was mended
// or filled in. What is not known here stays as it is, marked as English.

const sources: Record<string, string> = {
  "0.5 from 2027 to 2029: Kamerstuk 36611; that feed-in cost is taken off first is a judgement": "0,5 van 2027 tot en met 2029: Kamerstuk 36611; dat terugleverkosten er eerst af gaan, is een oordeel",
  "0: data.prices as they are; other values are scenarios": "0: data.prices zoals ze zijn; andere waarden zijn scenario’s",
  "1: data.prices as they are; other values are scenarios": "1: data.prices zoals ze zijn; andere waarden zijn scenario’s",
  "CBS table 85405NED, 2022: battery-electric cars; all cars 11,992": "CBS-tabel 85405NED, 2022: volledig elektrische auto’s; alle auto’s 11.992",
  "CBS: 187,000 to 330,000 on 1 January 2023 (0.66 on 1 January 2025)": "CBS: 187.000 tegen 330.000 op 1 januari 2023 (0,66 op 1 januari 2025)",
  "Cenex, Project Sciurus (United Kingdom), as quoted: 28 % without and 75 % with a reward": "Cenex, Project Sciurus (Verenigd Koninkrijk), zoals aangehaald: 28 % zonder en 75 % met een beloning",
  "ElaadNL 2025, Bijlage 1 (8 panels)": "ElaadNL 2025, Bijlage 1 (8 panelen)",
  "ElaadNL 2025, Bijlage 1 (ElaadNL test lab, DTU); the split is an assumption": "ElaadNL 2025, Bijlage 1 (testlab van ElaadNL, DTU); de verdeling is een aanname",
  "ElaadNL 2025, chapter 4: 4.5 GW in 2050 at 2 kW each": "ElaadNL 2025, hoofdstuk 4: 4,5 GW in 2050 bij 2 kW elk",
  "ElaadNL 2025: (19 % of 10 million cars + 9 % of 1.2 million vans) / 2.25 million points": "ElaadNL 2025: (19 % van 10 miljoen auto’s + 9 % van 1,2 miljoen bestelauto’s) / 2,25 miljoen punten",
  "ElaadNL 2025: 100 homes": "ElaadNL 2025: 100 woningen",
  "ElaadNL 2025: 2.25 million home charge points in 2050, on the 8.27 million households of CBS 2023": "ElaadNL 2025: 2,25 miljoen thuislaadpunten in 2050, op de 8,27 miljoen huishoudens van CBS 2023",
  "ElaadNL 2025: 4.5 GW at 100 %": "ElaadNL 2025: 4,5 GW bij 100 %",
  "ElaadNL 2025: its abolition is not modelled; the law ends it in 2027": "ElaadNL 2025: de afschaffing is daar niet gerekend; de wet laat het in 2027 stoppen",
  "ElaadNL 2025: known": "ElaadNL 2025: bekend",
  "ElaadNL 2025: mid": "ElaadNL 2025: midden",
  "ElaadNL 2025: perfect": "ElaadNL 2025: volledig bekend",
  "Fastned, price of fast charging in the Netherlands from 11 November 2022 (NL Times, 10 November 2022); what a driver would pay to be sure is a judgement": "Fastned, prijs van snelladen in Nederland vanaf 11 november 2022 (NL Times, 10 november 2022); wat een rijder voor zekerheid over heeft, is een oordeel",
  "NAL progress report: April 2024 through evrijders.nl, 82 % in the east": "NAL-voortgangsrapportage: april 2024 via evrijders.nl, 82 % in het oosten",
  "assumption (CBS StatLine 84585NED, 2018): Harderwijk and Teylingen, the mean of both (2,000 and 1,980 kWh)": "aanname (CBS StatLine 84585NED, 2018): Harderwijk en Teylingen, het gemiddelde van beide (2.000 en 1.980 kWh)",
  "assumption (CBS StatLine 84585NED, 2018): Harderwijk and Teylingen, the mean of both (2,800 and 3,030 kWh)": "aanname (CBS StatLine 84585NED, 2018): Harderwijk en Teylingen, het gemiddelde van beide (2.800 en 3.030 kWh)",
  "assumption (CBS StatLine 84585NED, 2018): Harderwijk and Teylingen, the mean of both (4,230 of 2,720 and 4,650 of 2,980 kWh)": "aanname (CBS StatLine 84585NED, 2018): Harderwijk en Teylingen, het gemiddelde van beide (4.230 van 2.720 en 4.650 van 2.980 kWh)",
  "assumption (CBS StatLine 84585NED, 2018): Harderwijk and Teylingen, the mean of both (semi-detached 3,320 and 3,760, corner 2,960 and 3,200 kWh, as many of each)": "aanname (CBS StatLine 84585NED, 2018): Harderwijk en Teylingen, het gemiddelde van beide (twee-onder-een-kap 3.320 en 3.760, hoek 2.960 en 3.200 kWh, van elk evenveel)",
  "assumption (Trondheim private users: mean 4.3, median 4.0)": "aanname (privégebruikers in Trondheim: gemiddeld 4,3, mediaan 4,0)",
  "assumption: 3 x 25 A": "aanname: 3 x 25 A",
  "assumption: a low-voltage cable": "aanname: een laagspanningskabel",
  "assumption: all the same; no count of cars by battery is known": "aanname: alle gelijk; er is geen telling van auto’s naar batterij bekend",
  "assumption: all the same; no count of home chargers by power is known": "aanname: alle gelijk; er is geen telling van thuisladers naar vermogen bekend",
  "assumption: half of the households with a plug-in car keep several cars (CBS 2025), one in five of these wants a second point": "aanname: de helft van de huishoudens met een stekkerauto heeft er meer (CBS 2025), een op de vijf daarvan wil een tweede punt",
  "assumption: no figures of homes with a charge point are at hand": "aanname: er zijn geen cijfers van woningen met een laadpunt voorhanden",
  "assumption: no forecast of heat pumps by region is known": "aanname: er is geen prognose van warmtepompen per gebied bekend",
  "assumption: no forecast of roofs by region is known": "aanname: er is geen prognose van daken per gebied bekend",
  "assumption: none": "aanname: geen",
  "assumption: none, as each supplier has tiers of its own": "aanname: geen, want elke leverancier heeft eigen staffels",
  "assumption: none, as in ElaadNL 2025": "aanname: geen, zoals in ElaadNL 2025",
  "assumption: none, as in ElaadNL 2025. On the prices of 2024 (ENTSO-E) a GW more solar power (NED) goes with EUR 3.6 less, among hours of the same month and hour of the day": "aanname: geen, zoals in ElaadNL 2025. In de prijzen van 2024 (ENTSO-E) gaat een GW meer zonnestroom (NED) samen met € 3,6 minder, tussen uren van dezelfde maand en hetzelfde uur van de dag",
  "assumption: none, as in ElaadNL 2025; RWTH Aachen, as quoted: 1.7 to 5.8 percentage points more capacity lost in ten years": "aanname: geen, zoals in ElaadNL 2025; RWTH Aachen, zoals aangehaald: 1,7 tot 5,8 procentpunt meer verlies van capaciteit in tien jaar",
  "assumption: none, as in ElaadNL 2025; measured round trips fall with the current, 79.1 to 87.8 % (Schram and others, 2020, Utrecht University and ElaadNL)": "aanname: geen, zoals in ElaadNL 2025; gemeten rendement heen en terug daalt met de stroom, 79,1 tot 87,8 % (Schram e.a., 2020, Universiteit Utrecht en ElaadNL)",
  "assumption: none, as small connections have no such tariff today": "aanname: geen, want kleine aansluitingen hebben nu geen zulk tarief",
  "assumption: none, as the network cost of small connections is the same at any power today": "aanname: geen, want de netkosten van kleine aansluitingen zijn nu bij elk vermogen gelijk",
  "assumption: none; 5 to 15 kWh are usual": "aanname: geen; 5 tot 15 kWh is gebruikelijk",
  "assumption: none; one maker's warranty, as quoted (Volkswagen): 10,000 kWh over the car's life": "aanname: geen; de garantie van één fabrikant, zoals aangehaald (Volkswagen): 10.000 kWh over het leven van de auto",
  "assumption: none; one maker's warranty, as quoted (Volkswagen): 4,000 hours over the car's life": "aanname: geen; de garantie van één fabrikant, zoals aangehaald (Volkswagen): 4.000 uur over het leven van de auto",
  "assumption; usual sizes are 250, 400 and 630 kVA": "aanname; gebruikelijke maten zijn 250, 400 en 630 kVA",
  "internal/assume/presets_nl.csv, with status and source of each preset": "internal/assume/presets_nl.csv, met status en bron van elke regel of elk voorstel",
  "internal/assume/rules_nl.csv, with status and source of each rule": "internal/assume/rules_nl.csv, met status en bron van elke regel",
  "judgement: a cable laid for 1 to 2 kW a home": "oordeel: een kabel gelegd voor 1 tot 2 kW per woning",
  "judgement: a lithium battery with its inverter, a little above a car with its charger": "oordeel: een lithiumbatterij met omvormer, iets boven een auto met lader",
  "judgement: about one dwelling in three today": "oordeel: nu ongeveer een op de drie woningen",
  "judgement: about one dwelling in three today; ElaadNL 2025 gives panels to the homes of its use cases only": "oordeel: nu ongeveer een op de drie woningen; ElaadNL 2025 geeft alleen de woningen van zijn voorbeelden panelen",
  "judgement: half its kWh in an hour": "oordeel: de helft van zijn kWh in een uur",
  "judgement: homes with electronic loads": "oordeel: woningen met elektronische verbruikers",
  "judgement: no measurement is known to us": "oordeel: ons is geen meting bekend",
  "judgement: p5 and p95 need some dozens": "oordeel: p5 en p95 vragen enkele tientallen",
  "judgement: the half of the year with the highest load; no tariff by season is known (ACM: network tariffs by time not before 2028)": "oordeel: de helft van het jaar met het hoogste verbruik; er is geen tarief naar seizoen bekend (ACM: nettarieven naar tijd niet voor 2028)",
  "judgement: the heat of 1,000 m3 of gas a year (9.8 kWh each, boiler 0.95) at a performance of 3.1; the mean dwelling took 1,197 m3 in 2020 (CBS, PBL)": "oordeel: de warmte van 1.000 m³ gas per jaar (9,8 kWh elk, ketel 0,95) bij een prestatie van 3,1; de gemiddelde woning nam 1.197 m³ in 2020 (CBS, PBL)",
  "judgement: the value of GBP 220 to 511 a year in Project Sciurus (Cenex, United Kingdom), as quoted, over 75 % of the hours of a year, at EUR 1.13 per GBP, is EUR 0.04 to 0.09": "oordeel: de waarde van £ 220 tot 511 per jaar in Project Sciurus (Cenex, Verenigd Koninkrijk), zoals aangehaald, over 75 % van de uren van een jaar, bij € 1,13 per pond, is € 0,04 tot 0,09",
  "the study's own; report: ElaadNL 2025, chapter 4": "van de studie zelf; report: ElaadNL 2025, hoofdstuk 4",
  "the years of the outlook": "de jaren van de prognose",
  "ElaadNL Outlook Personenauto's (press figures)": "ElaadNL Outlook Personenauto’s (cijfers uit het persbericht)",
  "ElaadNL Outlook Logistiek (press figures)": "ElaadNL Outlook Logistiek (cijfers uit het persbericht)",
  "synthetic year with the statistics of Dutch day-ahead prices in 2024 (ENTSO-E)": "synthetisch jaar met de statistiek van de Nederlandse dag-vooruitprijzen in 2024 (ENTSO-E)",
  "mean shape of standard profile E1A by month, day type and quarter (EDSN)": "gemiddelde vorm van standaardprofiel E1A per maand, soort dag en kwartier (EDSN)",
  "synthetic year with the statistics of Dutch solar output in 2024 (NED), drawn together with the prices": "synthetisch jaar met de statistiek van de Nederlandse zonopwek in 2024 (NED), samen met de prijzen getrokken",
  "sampled from the distributions of home charging sessions in ElaadNL open data, 2020": "getrokken uit de verdelingen van laadsessies thuis in de open data van ElaadNL, 2020",
  "file of the study": "bestand van de studie",
  "schematic map: set data.regions to the CBS file for real boundaries and buurten (docs/data.md)": "schematische kaart: zet data.regions op het bestand van CBS voor echte grenzen en buurten (docs/data.md)",
  "CBS 2022-2023: 342 gemeenten with dwellings and vehicles; their outlines are schematic": "CBS 2022–2023: 342 gemeenten met woningen en voertuigen; hun grenzen zijn schematisch",
  "CBS 2022-2023: 342 gemeenten with dwellings and vehicles; their outlines are schematic; wijken and buurten are invented and share out the figures of their gemeente": "CBS 2022–2023: 342 gemeenten met woningen en voertuigen; hun grenzen zijn schematisch; wijken en buurten zijn verzonnen en verdelen de cijfers van hun gemeente",
};

// What rules of a date say, beside that date and whether they are law.
const rules: Record<string, string> = {
  "0.0916 on bills of 2026; gelijkvergelijk.nl gives 0.1108 incl. VAT. Later years: not known here, keep the last and say so": "0,0916 op rekeningen van 2026; gelijkvergelijk.nl geeft 0,1108 met btw. Latere jaren zijn hier niet bekend: het laatste blijft gelden, en dat staat erbij",
  "Kamerstuk 36611, Wet beeindiging salderingsregeling": "Kamerstuk 36611, Wet beëindiging salderingsregeling",
  "Kamerstuk 36611: a reasonable pay, at least half of the bare supply price until 2030": "Kamerstuk 36611: een redelijke vergoeding, tot 2030 minstens de helft van de kale leveringsprijs",
  "salderen up to the year's own use; Kamerstuk 36611": "salderen tot het eigen verbruik van het jaar; Kamerstuk 36611",
  "3 x 25 A connection, 2025 (energiepodium.nl); expected about 640 in 2030": "aansluiting van 3 x 25 A, 2025 (energiepodium.nl); verwacht ongeveer 640 in 2030",
  "the same; times 1.21 = 0.1228, the number of the ElaadNL report": "idem; maal 1,21 = 0,1228, het getal van het ElaadNL-rapport",
  "the same; ODE is part of it from 2023": "idem; ODE hoort er vanaf 2023 bij",
  "the same, up to 10,000 kWh": "idem, tot 10.000 kWh",
};
const statuses: Record<string, string> = { law: "wet", proposal: "voorstel", judgement: "oordeel" };

const patterns: [RegExp, string][] = [
  [/^assumption$/, "aanname"],
  [/^judgement$/, "oordeel"],
  [/^(ElaadNL 2025), chapter ([\d.]+)$/, "$1, hoofdstuk $2"],
  [/^(ElaadNL 2025(?:, Bijlage 1(?: \([^)]*\))?)?)$/, "$1"],
  [/^synthetic reference data: .* \(set data\.\* in a study file to use your own\)$/, "meegeleverde synthetische gegevens: {kinds} (noem eigen bestanden onder data in een studiebestand)"],
  [/^contract (\S+): rules of (\S+) with the energy tax of (\d+), as later ones are not known$/, "contract $1: regels van $2 met de energiebelasting van $3, want latere zijn niet bekend"],
  [/^contract (\S+): rules of (\S+)(.*)$/, "contract $1: regels van $2$3"],
  [/^the map is schematic: .*/, "de kaart is schematisch: gemeenten en hun cijfers van 2023 zijn echt, hun grenzen niet (zet data.regions op het bestand van CBS voor echte, en voor wijken en buurten, docs/data.md)"],
  [/^wijken and buurten are invented: .*/, "wijken en buurten zijn verzonnen: ze bestaan nergens, en verdelen de cijfers van hun gemeente volgens eigen regels"],
  [/^regions count all their cars as the mean of the study's homes, which are only (\d+): (\d+) or more give a steadier mean$/, "gebieden rekenen al hun auto’s als het gemiddelde van de woningen van de studie, en dat zijn er maar $1: $2 of meer geven een vaster gemiddelde"],
  [/^the band over the assumptions adds what they change for the first (\d+) homes, .*/, "de band over de aannames telt erbij wat die bij de eerste $1 woningen veranderen, want een jaar met een thuisbatterij duurt lang om te rekenen"],
  [/^the study has no mode v2g, so by region .*/, "de studie heeft geen manier van laden v2g, dus telt een laadpunt per gebied voor niets: noem v2g bij modes, of zet potential.kw_per_charge_point op report of een getal in kW"],
  [/^the study has no mode regular, .*/, "de studie heeft geen manier van laden regular, waarmee besparing en pieken worden vergeleken: noem die bij modes"],
  [/^with ([\d.]+) kW lost at any power costs are not convex: those of the schedules found are EUR ([\d.]+) .*/, "met {,$1} kW verlies bij elk vermogen zijn de kosten niet convex: die van de gevonden schema’s liggen hoogstens € {,$2} per woning boven een bewezen ondergrens, gemiddeld over de woningen"],
  [/^every home has a battery of ([\d.]+) kWh: .* EUR ([\d.]+) a home above .*/, "elke woning heeft een thuisbatterij van {,$1} kWh: kosten zijn van woning, auto en batterij samen, hoogstens € {,$2} per woning boven een bewezen ondergrens, gemiddeld over de woningen; vermogens, pieken en profielen zijn van auto en huishouden alleen; month_peak_kw, net_kwh, fed_in_kwh, own_solar_kwh en home_fed_in_kwh van een woning zijn van haar meter, met de batterij"],
  [/^regions: (\d+) with neither dwellings nor households, counted as empty$/, "gebieden: $1 zonder woningen en huishoudens, geteld als leeg"],
  [/^regions: (\d+) without a number of dwellings: .*/, "gebieden: $1 zonder aantal woningen: afgeleid van hun huishoudens en de woningen per huishouden van hun gemeente in 2023, anders van het land"],
  [/^regions: (\d+) without dwelling types: .*/, "gebieden: $1 zonder woningtypen: opritten en verbruik volgen de mix van hun gemeente in 2023, anders van het land, waarvan het verbruik het gemiddelde is"],
  [/^regions: (\d+) with dwelling types for far fewer dwellings than households: .*/, "gebieden: $1 met woningtypen van veel minder woningen dan huishoudens: naar verhouding vermeerderd tot de huishoudens"],
  [/^regions: (\d+) without a number of (cars|vans): .*/, "gebieden: $1 zonder aantal {$2}: afgeleid van {$2} per huishouden van hun gemeente in 2023, anders van vergelijkbare gemeenten"],
  [/^regions: (\d+) with more driveways than dwellings: .*/, "gebieden: $1 met meer opritten dan woningen: gehouden aan hun woningen"],
  [/^regions: (\d+) with far more (cars|vans) per household than similar gemeenten.*/, "gebieden: $1 met veel meer {$2} per huishouden dan vergelijkbare gemeenten, zoals waar leasebedrijven registreren: gehouden aan wat gewoon is; de rest van hun gemeente krijgt het verschil"],
  // Why a setting is refused.
  [/^at most ([\d.]+) kW was expected behind homes' connections of ([\d.]+) kW: .*/, "hoogstens $1 kW achter woningaansluitingen van $2 kW: meer heeft een lader thuis niet"],
  [/^(\d+) shares, one for each of (\S+), were expected$/, "$1 delen werden verwacht, een voor elk van $2"],
  [/^shares that add up to 1 were expected, and these to ([\d.]+)$/, "delen die samen 1 zijn werden verwacht, en deze zijn samen $1"],
  [/^more than car\.min_soc \(([\d.]+)\) was expected$/, "meer dan de laagste laadtoestand ({%$1}) werd verwacht"],
  [/^([-\d.e+]+) to ([-\d.e+]+)(?: .*)? was expected$/, "tussen $1 en $2 werd verwacht"],
  [/^a whole number was expected$/, "een geheel getal werd verwacht"],
  [/^at most (\d+) homes were expected here: .*/, "hier hoogstens $1 woningen: reken meer door met een studiebestand"],
  [/^at most ([\d.]+) kW was expected: charger\.round_trip_efficiency leaves no more at these powers$/, "hoogstens $1 kW: meer laat het rendement heen en terug bij deze vermogens niet over"],
  [/^0 was expected in a study with contracts\..+\.power_tariff_eur_per_kw_month: .*/, "kan niet samen met een prijs van de maandpiek: die is alleen op te lossen waar het rendement bij elk vermogen gelijk is"],
  [/^0 was expected in a study with a car\.discharge_cap_kwh_per_year or _hours_per_year: .*/, "kan niet samen met een hoogste ontlading per jaar: die is alleen op te lossen waar het rendement bij elk vermogen gelijk is"],
  [/^0 was expected in a study with foresight: day_ahead .*/, "0 werd verwacht: deze studie rekent met kennis van één dag vooruit of met een onbekend vertrek, en dit is alleen op te lossen waar alles bekend is"],
  [/^0 was expected with real sessions from data\.sessions: .*/, "0 werd verwacht: deze studie heeft laadsessies uit een bestand, en wat een beloning daaraan verandert is niet bekend"],
  [/^real sessions from data\.sessions say themselves when the car is plugged in; .*/, "deze studie heeft laadsessies uit een bestand, die zelf zeggen wanneer de auto aan de stekker zit"],
  [/^some charge points were expected.*/, "minstens één laadpunt werd verwacht"],
  [/^the laboratory does not take this key: .*/, "het laboratorium rekent dit niet door: gebruik een studiebestand"],
  [/^leasing companies register (cars|vans) in (.*): the number of similar gemeenten is used there$/, "leasebedrijven registreren {$1} in $2: daar telt het aantal van vergelijkbare gemeenten"],
];

const kinds: Record<string, string> = { cars: "auto’s", vans: "bestelauto’s", prices: "prijzen", load: "verbruik", solar: "zon", sessions: "laadsessies" };

// inDutch is a text of the program in Dutch; undefined where it is not known.
export function inDutch(text: string): string | undefined {
  const known = sources[text];
  if (known !== undefined) return known;
  const rule = /^rules of (\S+) \((\w+)\)(?:: (.+))?$/.exec(text);
  if (rule) {
    const [, date, status, more] = rule;
    const said = more === undefined ? "" : rules[more];
    return said === undefined ? undefined : `regels van ${date} (${statuses[status!] ?? status})${said && `: ${said}`}`;
  }
  for (const [pattern, dutch] of patterns) {
    if (!pattern.test(text)) continue;
    const list = /^synthetic reference data: ([^(]*) \(/.exec(text)?.[1] ?? "";
    return text
      .replace(pattern, dutch)
      .replace("{kinds}", list.split(", ").map((k) => kinds[k] ?? k).join(", "))
      .replaceAll(/\{%([\d.]+)\}/g, (_, share: string) => `${Math.round(1000 * Number(share)) / 10} %`.replace(".", ","))
      .replaceAll(/\{,([\d.]+)\}/g, (_, n: string) => n.replace(".", ","))
      .replaceAll(/\{(\w+)\}/g, (_, k: string) => kinds[k] ?? k);
  }
  return undefined;
}
