import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { isBlank } from '../moderation/text';

/** For a key that may be left out but, unlike with IsOptional, not be null. */
export const IfGiven = () => ValidateIf((_, value) => value !== undefined);

interface TextRules {
  /** In code points. */
  max: number;
  /** May be empty or blank. */
  blank?: boolean;
  /** May hold line breaks and tabs. */
  lines?: boolean;
  /** In UTF-8, where `max` characters could be more than the column holds. */
  maxBytes?: number;
}

// PostgreSQL refuses NUL, and what is no character at all comes back from no database as it went in.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;
const UNPRINTABLE_IN_LINES = /(?![\t\n\r])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;

/**
 * Text that fits its column and can be shown. Not class-validator's MaxLength: that one leaves variation selectors out
 * of the count, and the database does not.
 */
export function IsText(rules: TextRules): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ minLength: rules.blank ? 0 : 1, maxLength: rules.max }),
    ValidateBy({
      name: 'isText',
      validator: {
        validate: (value) => textProblem(value, rules) === null,
        defaultMessage: (args) => `${args?.property} ${textProblem(args?.value, rules)}`,
      },
    }),
  );
}

function textProblem(
  value: unknown,
  { max, blank = false, lines = false, maxBytes = Infinity }: TextRules,
): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (!blank && isBlank(value)) return 'must not be blank';
  if (value.length > max && [...value].length > max) return `must have at most ${max} characters`;
  if (Buffer.byteLength(value) > maxBytes) return `must have at most ${maxBytes} bytes`;
  if ((lines ? UNPRINTABLE_IN_LINES : UNPRINTABLE).test(value)) return 'must hold no control characters';
  return null;
}

const LONGEST_LANGUAGE_TAG = 35;

/** A BCP 47 tag in its canonical form; null when it is none. */
export function canonicalLanguage(tag: unknown): string | null {
  if (typeof tag !== 'string' || tag.length > LONGEST_LANGUAGE_TAG) return null;
  try {
    const [canonical = ''] = Intl.getCanonicalLocales(tag);
    return canonical.length <= LONGEST_LANGUAGE_TAG ? canonical : null;
  } catch {
    return null;
  }
}

/** One BCP 47 tag, or with `each` a list of them. */
export function IsLanguage({ each = false } = {}): PropertyDecorator {
  const defaultMessage = (args?: ValidationArguments) =>
    `${each ? 'each value in ' : ''}${args?.property} must be a BCP 47 language tag such as en or pt-BR`;
  return ValidateBy(
    { name: 'isLanguage', validator: { validate: (value) => canonicalLanguage(value) !== null, defaultMessage } },
    { each },
  );
}
