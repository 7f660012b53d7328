import { hueOf, initialsOf } from '../../public/js/avatar.js';
import { matcherOf, queryOf } from '../../public/js/queue/filter.js';

const filter = { type: '', languages: [] as string[], q: '' };
const message = {
  id: '1',
  status: 'queued',
  revision: 0,
  type: 'text',
  language: 'de',
  text: 'Wo sind die Folien?',
  screenName: 'Álvaro',
} as const;

describe('the filter', () => {
  it.each([
    ['nothing', {}, true],
    ['its type', { type: 'text' }, true],
    ['another type', { type: 'emoji' }, false],
    ['its language among others', { languages: ['en', 'de'] }, true],
    ['another language', { languages: ['en'] }, false],
    ['words in another case, with odd spaces', { q: ' WO  sind' }, true],
    ['the name', { q: 'álv' }, true],
    ['full-width letters', { q: 'Ｆｏｌｉｅｎ' }, true],
    ['an invisible character between', { q: 'Fo\u200blien' }, true],
    ['other words', { q: 'slides' }, false],
    ['its type and another language', { type: 'text', languages: ['fr'] }, false],
  ])('%s', (_, part, expected) => {
    expect(matcherOf({ ...filter, ...part })(message)).toBe(expected);
  });

  it('is asked of the API with every language', () => {
    const query = queryOf({ type: 'qa', languages: ['en', 'de'], q: 'a&b' });
    expect(query.toString()).toBe('status=queued&order=newest&type=qa&lang=en&lang=de&q=a%26b');
  });
});

describe('an avatar', () => {
  it.each([
    ['Judy', 'J'],
    ['karl müller', 'KM'],
    ['Anna-Lena van der Berg', 'AB'],
    ['田中さくら', '田'],
    ['👩‍💻 Ada', '👩‍💻A'],
    ['…', '?'],
    ['', '?'],
    ['e\u0301milie', 'E\u0301'],
  ])('of %s shows %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });

  it('has the same colour for the same key, and not one for all', () => {
    const hues = ['a', 'b', 'c', 'u1', 'u2', 'u3', 'u4'].map(hueOf);
    expect(['a', 'b', 'c', 'u1', 'u2', 'u3', 'u4'].map(hueOf)).toEqual(hues);
    expect(new Set(hues).size).toBeGreaterThan(2);
  });
});
