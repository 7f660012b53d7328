import { cutBytes, foldSpaces, removeInvisible } from './text';

/**
 * The most a normalised text may take in UTF-8. Compatibility forms can grow eleven-fold, and a message would be lost
 * if it did not fit its column; texts that long are compared by their beginnings.
 */
export const MAX_NORMAL_BYTES = 65_535;

/**
 * Sorting the marks of a run takes time by its square, and no writing has runs that long: the limit is that of Unicode's
 * Stream-Safe Text Format (UAX #15).
 */
const LONG_RUN_OF_MARKS = /(\p{M}{30})\p{M}+/gu;

const PLAIN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;

/**
 * What similar texts have in common: NFKC, lower case, white space folded and trimmed, invisible characters removed.
 * Idempotent: what is stored normalised can be normalised again.
 */
export function normalise(text: string): string {
  if (PLAIN.test(text) && text.length <= MAX_NORMAL_BYTES) return text.toLowerCase();
  let before: string;
  let normal = text.toWellFormed();
  do {
    before = normal;
    normal = normaliseOnce(before);
    // Lower case can be composed further, and what is composed can have a lower case: İ, and a few dozen others.
  } while (normal !== before);
  return normal;
}

function normaliseOnce(text: string): string {
  // Invisible characters first, for one between a letter and its accent keeps the two apart.
  const visible = removeInvisible(text).replace(LONG_RUN_OF_MARKS, '$1').normalize('NFKC').toLowerCase();
  return foldSpaces(cutBytes(visible, MAX_NORMAL_BYTES));
}

export function codePointLength(text: string): number {
  let length = text.length;
  for (let i = 1; i < text.length; i++) if (splitsPair(text, i)) length--;
  return length;
}

/** How many edits two texts may be apart, by the length of the shorter in code points. */
export function allowedDistance(shorterLength: number): 0 | 1 | 2 {
  if (shorterLength < 4) return 0;
  return shorterLength < 8 ? 1 : 2;
}

/** Whether two normalised texts are within the allowed edit distance. Linear in their length. */
export function isSimilar(normalA: string, normalB: string): boolean {
  if (normalA === normalB) return true;
  // An edit changes the length by two code units at most: most pairs are told apart by this alone.
  if (Math.abs(normalA.length - normalB.length) > 4) return false;
  const lengthA = codePointLength(normalA);
  const lengthB = codePointLength(normalB);
  const edits = allowedDistance(Math.min(lengthA, lengthB));
  return Math.abs(lengthA - lengthB) <= edits && isWithin(normalA, 0, normalB, 0, edits);
}

/**
 * Whether `edits` edits make a's rest b's rest. Where the two agree, agreeing is never worse than editing; so at most
 * three ways fork at each of at most two edits, and each way is one walk along the texts.
 */
function isWithin(a: string, i: number, b: string, j: number, edits: number): boolean {
  while (i < a.length && j < b.length && a.charCodeAt(i) === b.charCodeAt(j)) {
    i++;
    j++;
  }
  // Both are well-formed, so what is inside a pair of one is inside a pair of the other.
  if (splitsPair(a, i)) {
    i--;
    j--;
  }
  if (i === a.length && j === b.length) return true;
  if (edits === 0) return false;
  const nextI = i + sizeAt(a, i);
  const nextJ = j + sizeAt(b, j);
  return (
    isWithin(a, nextI, b, nextJ, edits - 1) ||
    (nextI > i && isWithin(a, nextI, b, j, edits - 1)) ||
    (nextJ > j && isWithin(a, i, b, nextJ, edits - 1))
  );
}

function splitsPair(text: string, i: number): boolean {
  return (text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800;
}

/** Code units of the code point at i; 0 at the end. */
function sizeAt(text: string, i: number): number {
  if (i >= text.length) return 0;
  return splitsPair(text, i + 1) ? 2 : 1;
}

/**
 * Finds a pattern similar to a text among many, without comparing each. A pattern that allows d edits is cut into
 * d + 1 parts: d edits leave one of them whole, at most d places from where it was. So looking the parts up at each of
 * these places finds every similar pattern, and only few others, which the comparison itself then rules out.
 */
export class PatternIndex {
  private readonly patterns = new Set<string>();
  private readonly byLength = new Map<number, IndexedPart[]>();

  /** @param normalised texts as normalise() gives them */
  constructor(normalised: Iterable<string>) {
    for (const pattern of normalised) {
      if (this.patterns.has(pattern)) continue;
      this.patterns.add(pattern);
      this.index(pattern);
    }
  }

  get size(): number {
    return this.patterns.size;
  }

  /** A pattern that is similar to the normalised text, an equal one if there is one; or null. */
  find(normalText: string): string | null {
    if (this.patterns.has(normalText)) return normalText;
    const points = new CodePoints(normalText);
    const refuted = new Set<string>();
    for (let length = points.length - 2; length <= points.length + 2; length++) {
      const edits = allowedDistance(Math.min(length, points.length));
      if (Math.abs(length - points.length) > edits) continue;
      for (const part of this.byLength.get(length) ?? []) {
        for (let shift = -edits; shift <= edits; shift++) {
          for (const pattern of part.at(points, shift)) {
            if (refuted.has(pattern)) continue;
            if (isSimilar(pattern, normalText)) return pattern;
            refuted.add(pattern);
          }
        }
      }
    }
    return null;
  }

  private index(pattern: string): void {
    const points = new CodePoints(pattern);
    const count = allowedDistance(points.length) + 1;
    // A pattern that allows no edit is found as a whole.
    if (count === 1) return;
    let parts = this.byLength.get(points.length);
    if (parts === undefined) {
      const border = (part: number): number => Math.floor((part * points.length) / count);
      parts = Array.from({ length: count }, (_, part) => new IndexedPart(border(part), border(part + 1)));
      this.byLength.set(points.length, parts);
    }
    for (const part of parts) part.add(points, pattern);
  }
}

/** The patterns of one length by what they hold between two places. */
class IndexedPart {
  private readonly patterns = new Map<string, string[]>();

  constructor(
    private readonly start: number,
    private readonly end: number,
  ) {}

  add(points: CodePoints, pattern: string): void {
    const part = points.slice(this.start, this.end);
    const those = this.patterns.get(part);
    if (those === undefined) this.patterns.set(part, [pattern]);
    else those.push(pattern);
  }

  at(points: CodePoints, shift: number): readonly string[] {
    const start = this.start + shift;
    const end = this.end + shift;
    if (start < 0 || end > points.length) return [];
    return this.patterns.get(points.slice(start, end)) ?? [];
  }
}

/** A text that can be sliced by code points; one without pairs costs nothing. */
class CodePoints {
  readonly length: number;
  private readonly offsets: Uint32Array | null = null;

  constructor(private readonly text: string) {
    this.length = codePointLength(text);
    if (this.length === text.length) return;
    this.offsets = new Uint32Array(this.length + 1);
    let offset = 0;
    for (let point = 0; point < this.length; point++) {
      this.offsets[point] = offset;
      offset += sizeAt(text, offset);
    }
    this.offsets[this.length] = offset;
  }

  slice(start: number, end: number): string {
    return this.offsets === null
      ? this.text.slice(start, end)
      : this.text.slice(this.offsets[start], this.offsets[end]);
  }
}
