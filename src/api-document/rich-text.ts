/** A piece of a line: words, or something that is written as code. */
export interface Piece {
  text: string;
  code: boolean;
}

/** The little Markdown that descriptions use: paragraphs, and code between backticks. */
export function richText(markdown: string | undefined): Piece[][] {
  return (markdown ?? '')
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => paragraph.split(/`([^`]+)`/).map((text, i) => ({ text, code: i % 2 === 1 })));
}
