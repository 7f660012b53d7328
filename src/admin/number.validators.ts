import { ValidateBy } from 'class-validator';

/** One message for all that a number can be wrong in, for people read it next to the field. */
export function IsWholeNumber({ min, max }: { min: number; max: number }): PropertyDecorator {
  return ValidateBy({
    name: 'isWholeNumber',
    validator: {
      validate: (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
      defaultMessage: (args) => `${args?.property} must be a whole number from ${min} to ${max}`,
    },
  });
}
