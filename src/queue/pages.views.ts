import { msg } from '../views';
import { DECISIONS } from './decision.dto';
import { TYPES } from './message.dto';

/** The filter's choices, all first. */
export function typeChoices(locale: string) {
  return ['', ...TYPES].map((type) => ({ type, label: msg(locale, `type-${type || 'all'}`) }));
}

export function decisionChoices(locale: string) {
  return DECISIONS.map((value) => ({ value, label: msg(locale, `decision-${value}`) }));
}
