// Numbers, days, times and positions as people read them. 64-bit numbers come as decimal texts.
import type { Language } from "./language.tsx";

const kMsPerDay = 86_400_000;
const localeOf = (language: Language) => (language === "en" ? "en-GB" : "zh-CN");

export function formatCount(value: bigint | number | string, language: Language): string {
  return BigInt(value).toLocaleString(localeOf(language));
}

/** Days since 1970-01-01, local to the place: no time zone is applied. */
export function formatDay(day: number, language: Language): string {
  return new Date(day * kMsPerDay).toLocaleDateString(localeOf(language), {
    timeZone: "UTC",
    year: "numeric",
    month: "long",
    day: "numeric",
  });
}

export function formatTime(timeMs: number, language: Language): string {
  return new Date(timeMs).toLocaleString(localeOf(language), {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}

/** 1e-7 degrees as degrees with a hemisphere. */
export function formatPosition(lat: number, lon: number): string {
  const side = (value: number, plus: string, minus: string) =>
    `${(Math.abs(value) / 1e7).toFixed(6)}° ${value < 0 ? minus : plus}`;
  return `${side(lat, "N", "S")}, ${side(lon, "E", "W")}`;
}

export function formatHectares(squareMetres: bigint | number | string, language: Language): string {
  const hectares = Number(squareMetres) / 10_000;
  const digits = hectares < 10 ? 3 : 2;
  return `${hectares.toLocaleString(localeOf(language), { maximumFractionDigits: digits })} ha`;
}

/** Grams, in kilograms or tonnes where that reads better. */
export function formatGrams(grams: bigint | number | string, language: Language): string {
  const value = Number(grams);
  const [scale, unit] = value >= 1e7 ? [1e6, "t"] : value >= 1e5 ? [1e3, "kg"] : [1, "g"];
  const scaled = (value / scale).toLocaleString(localeOf(language), { maximumFractionDigits: 1 });
  return `${scaled} ${unit}`;
}

/** The ends of a long hexadecimal text. */
export function shorten(hex: string, ends = 8): string {
  return hex.length > 2 * ends + 1 ? `${hex.slice(0, ends)}…${hex.slice(-ends)}` : hex;
}
