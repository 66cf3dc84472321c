// Names of the parts of a study file.
export const sections = {
  data: { nl: "Gegevens", en: "Data" },
  prices: { nl: "Prijzen", en: "Prices" },
  outlook: { nl: "Vooruitzicht", en: "Outlook" },
  potential: { nl: "Potentieel", en: "Potential" },
  home: { nl: "Woning", en: "Home" },
  car: { nl: "Auto", en: "Car" },
  charger: { nl: "Laadpunt", en: "Charger" },
  behaviour: { nl: "Gedrag", en: "Behaviour" },
  street: { nl: "Straat", en: "Street" },
  departure: { nl: "Vertrek", en: "Departure" },
  foresight: { nl: "Wat een woning vooraf weet", en: "What a home knows beforehand" },
  population: { nl: "Eigen woningen per gebied", en: "Own homes by region" },
};
