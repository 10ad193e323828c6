// @ts-check
// The run: its trials in columns of equal length, as `kurabe.report.page.data` lays them out.
import { unpack } from "./unpack.js";

/**
 * @typedef {[number, number, number, number]} Box
 * @typedef {{
 *   trial: string[], suite: string[], case: string[], reference: string[], question: string[],
 *   variant: string[], layout: string[], model: string[], tags: string[][], control: boolean[],
 *   swapped: boolean[], cached: boolean[], repeat: number[], expected: (string | null)[],
 *   expected_verdict: (string | null)[], text: string[], verdict: (string | null)[], outcome: string[],
 *   error: (string | null)[], prompt: (string | null)[], p: (number | null)[], score: Record<string, any>[],
 *   tokens_in: (number | null)[], tokens_out: (number | null)[], seconds: (number | null)[], cost: (number | null)[],
 *   kinds: (string | null)[][], found_kinds: (string | null)[][], grade: (string | null)[], raw: string[][],
 *   pair: string[][], shown: string[][], boxes: Box[][], predicted: (Box[] | null)[],
 *   unit_kind: string[], unit: number[], rule: (string | null)[],
 * }} Trials
 */

const data = JSON.parse(await unpack("data"));

/** @type {any} */
export const run = data.run;
/** @type {Trials} */
export const trials = data.trials;
/** @type {Record<string, any>} */
export const models = data.models;
/** @type {{raw_vs_processed: any[], controls: any[], consistency: any[], history: any[], comparisons: Record<string, any>,
 *   turned?: number[], own_kinds?: Record<string, string[]>, unread?: Record<string, string>, decisions?: any[], gaps?: any[], line?: {settings: Record<string, number> | null}}} */
export const tables = data;

/** All trials, by their place in the columns. */
export const everything = trials.trial.map((_, place) => place);

/** The place of a trial, by its id. */
export const placeOf = new Map(trials.trial.map((id, place) => [id, place]));

/** The trials that enter the rates: no identical pairs, no exchanged pictures, no repeats. */
export const ordinary = everything.filter((place) => !trials.control[place] && !trials.swapped[place] && trials.repeat[place] === 0);

/** @type {Promise<Record<string, string>>} */
export const thumbnails = unpack("thumbs").then((text) => JSON.parse(text));

/**
 * Where a picture is, in full size; null if it is missing.
 * @param {string} id
 * @returns {{url: string, w: number, h: number} | null}
 */
export function picture(id) {
  const found = data.pictures[id];
  if (!found?.file) return null;
  const url = found.file.startsWith("data:") ? found.file : data.pictures_at + encodeURIComponent(found.file);
  return { url, w: found.w, h: found.h };
}

/** The heat map of a trial as a data URL: grey, half of it where the verdict turns; null if it has none. @param {number} place */
export function heatOf(place) {
  const map = data.heat?.maps[data.heat.of[place]];
  return map === undefined ? null : `data:image/png;base64,${map}`;
}
