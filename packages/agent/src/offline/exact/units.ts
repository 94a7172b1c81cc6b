interface Unit {
  kind: string;
  /** Shown after a number. */
  symbol: string;
  factor: number;
  /** Added after multiplying; temperatures only. */
  offset?: number;
}

/** kind: [symbol, factor to the base unit, names]. Factors are the legal definitions (SI brochure, NIST SP 811). */
const table: Readonly<Record<string, readonly (readonly [symbol: string, factor: number, names: string])[]>> = {
  length: [
    ["mm", 0.001, "mm millimeter millimetre millimètre"],
    ["cm", 0.01, "cm centimeter centimetre centimètre"],
    ["m", 1, "m meter metre mètre"],
    ["km", 1000, "km kilometer kilometre kilomètre"],
    ["in", 0.0254, "in inch inches pouce"],
    ["ft", 0.3048, "ft foot feet pied"],
    ["yd", 0.9144, "yd yard verge"],
    ["mi", 1609.344, "mi mile mille"],
    ["nmi", 1852, "nmi nautical-mile"],
    ["µm", 1e-6, "µm um micron micrometer micrometre"],
  ],
  mass: [
    ["mg", 1e-6, "mg milligram milligramme"],
    ["g", 0.001, "g gram gramme"],
    ["kg", 1, "kg kilo kilogram kilogramme"],
    ["t", 1000, "t tonne metric-ton"],
    ["oz", 0.028349523125, "oz ounce once"],
    ["lb", 0.45359237, "lb pound livre"],
    ["st", 6.35029318, "st stone"],
    ["short ton", 907.18474, "ton short-ton us-ton"],
  ],
  volume: [
    ["ml", 0.001, "ml milliliter millilitre"],
    ["cl", 0.01, "cl centiliter centilitre"],
    ["l", 1, "l liter litre"],
    ["m³", 1000, "m3 m³ cubic-meter cubic-metre"],
    ["tsp", 0.00492892159375, "tsp teaspoon"],
    ["tbsp", 0.01478676478125, "tbsp tablespoon"],
    ["fl oz", 0.0295735295625, "floz fl-oz fluid-ounce"],
    ["cup", 0.2365882365, "cup"],
    ["pt", 0.473176473, "pt pint"],
    ["qt", 0.946352946, "qt quart"],
    ["gal", 3.785411784, "gal gallon"],
    ["imp gal", 4.54609, "imperial-gallon uk-gallon"],
  ],
  speed: [
    ["m/s", 1, "m/s mps meters-per-second metres-per-second"],
    ["km/h", 1 / 3.6, "km/h kmh kph kilometers-per-hour kilometres-per-hour"],
    ["mph", 0.44704, "mph miles-per-hour"],
    ["kn", 1852 / 3600, "kn knot nœud"],
    ["ft/s", 0.3048, "ft/s fps feet-per-second"],
  ],
  data: [
    ["bit", 0.125, "bit"],
    ["B", 1, "b byte octet"],
    ["kB", 1e3, "kb kilobyte ko"],
    ["MB", 1e6, "mb megabyte mo"],
    ["GB", 1e9, "gb gigabyte go"],
    ["TB", 1e12, "tb terabyte to"],
    ["KiB", 1024, "kib kibibyte"],
    ["MiB", 1024 ** 2, "mib mebibyte"],
    ["GiB", 1024 ** 3, "gib gibibyte"],
    ["TiB", 1024 ** 4, "tib tebibyte"],
  ],
  time: [
    ["ms", 0.001, "ms millisecond milliseconde"],
    ["s", 1, "s sec second seconde"],
    ["min", 60, "min minute"],
    ["h", 3600, "h hr hour heure"],
    ["days", 86_400, "d day jour"],
    ["weeks", 604_800, "week semaine"],
    ["years of 365.25 days", 31_557_600, "year an année"],
  ],
  area: [
    ["cm²", 1e-4, "cm2 cm² square-centimeter square-centimetre"],
    ["m²", 1, "m2 m² sqm square-meter square-metre mètre-carré"],
    ["km²", 1e6, "km2 km² square-kilometer square-kilometre"],
    ["ha", 10_000, "ha hectare"],
    ["acres", 4046.8564224, "acre"],
    ["ft²", 0.09290304, "ft2 ft² sqft square-foot square-feet"],
    ["in²", 0.00064516, "in2 in² square-inch"],
    ["mi²", 2_589_988.110336, "mi2 mi² square-mile"],
  ],
};

const units = new Map<string, Unit>();
for (const [kind, rows] of Object.entries(table))
  for (const [symbol, factor, names] of rows)
    for (const name of names.split(" ")) units.set(name, { kind, symbol, factor });
for (const [name, unit] of Object.entries({
  c: { symbol: "°C", factor: 1, offset: 273.15 },
  f: { symbol: "°F", factor: 5 / 9, offset: 273.15 - (32 * 5) / 9 },
  k: { symbol: "K", factor: 1, offset: 0 },
}))
  units.set(name, { kind: "temperature", ...unit });
for (const [alias, name] of Object.entries({ celsius: "c", centigrade: "c", fahrenheit: "f", kelvin: "k" })) {
  const unit = units.get(name);
  if (unit) units.set(alias, unit);
}

/** By symbol or name, singular or plural, English or French. */
export function findUnit(name: string): Unit | undefined {
  const key = name
    .trim()
    .toLowerCase()
    .replace(/^(?:degrees?|degrés?|°)\s*/, "")
    .replace(/\s+/g, "-");
  const singular = [
    key,
    key.replace(/s$/, ""),
    key.replace(/es$/, ""),
    key.replace(/s(?=-(?:per|carré))/, "").replace(/s$/, ""),
  ];
  for (const candidate of singular) {
    const unit = units.get(candidate);
    if (unit) return unit;
  }
  return undefined;
}

/** The converted amount, or undefined when the units measure different things. */
export function convert(amount: number, from: Unit, to: Unit): number | undefined {
  if (from.kind !== to.kind) return undefined;
  return (amount * from.factor + (from.offset ?? 0) - (to.offset ?? 0)) / to.factor;
}
