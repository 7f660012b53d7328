// The settings that are saved by PATCH: each form sends what was changed in it, and nothing else, for what it shows of the
// rest may be older than what somebody else has set meanwhile.
import { channelUrl, patch } from '../api.js';
import { msg } from '../i18n.js';
import { onSubmit } from './form.js';
import { fillLanguageOptions, LanguagePicker } from './languages.js';

const LIKELY = 'likelyLanguages';

/** `saved` is given the channel as it is now. */
export function startSettingsForms(root, channelId, saved) {
  const forms = [...root.querySelectorAll('[data-settings]')].map((form) => new SettingsForm(form));
  for (const form of forms) {
    form.onSave(async (values, changes) => {
      const channel = await patch(channelUrl(channelId), changes);
      form.show(channel, values);
      saved(channel);
      return isSame(form.read(), form.shown);
    });
  }
  return {
    show(channel) {
      fillLanguageOptions(root, [channel.defaultLanguage, ...channel.likelyLanguages]);
      for (const form of forms) form.show(channel);
    },
  };
}

class SettingsForm {
  constructor(form) {
    this.form = form;
    this.inputs = [...form.elements].filter((input) => input.name);
    this.picker = form.querySelector(`[data-picked="${LIKELY}"]`) && new LanguagePicker(form, LIKELY);
  }

  onSave(save) {
    if (!this.form.querySelector('[type="submit"]')) return;
    const saved = (isAll) => msg(isAll ? 'saved' : 'saved-partly');
    onSubmit(this.form, () => this.send(save), { saved });
  }

  async send(save) {
    const values = this.read();
    const isChanged = ([name, value]) => !isSame(value, this.shown[name]);
    const changes = Object.fromEntries(Object.entries(values).filter(isChanged));
    try {
      return await save(values, changes);
    } catch (error) {
      // Perhaps only the answer was lost: what the server holds is not known any more, so it is sent next time in any case.
      if (error.status === 0 || error.status >= 500) for (const name of Object.keys(changes)) delete this.shown[name];
      throw error;
    }
  }

  /** `sent`: what was there when it was sent; what has been typed since stays. */
  show(channel, sent) {
    const present = sent && this.read();
    const isKept = (name) => sent !== undefined && !isSame(present[name], sent[name]);
    for (const input of this.inputs) {
      if (isKept(input.name)) continue;
      if (input.type === 'checkbox') input.checked = channel[input.name];
      else input.value = channel[input.name] ?? '';
    }
    if (this.picker && !isKept(LIKELY)) this.picker.value = channel[LIKELY];
    this.shown = { ...this.read(), ...pick(channel, Object.keys(present ?? {}).filter(isKept)) };
  }

  read() {
    const values = this.inputs.map((input) => [input.name, valueOf(input)]);
    return Object.fromEntries(this.picker ? [...values, [LIKELY, this.picker.value]] : values);
  }
}

const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const pick = (channel, names) => Object.fromEntries(names.map((name) => [name, channel[name]]));

/** What is no number is sent as it is: the API says what is wrong with it. */
function valueOf(input) {
  if (input.type === 'checkbox') return input.checked;
  if (!('number' in input.dataset)) return input.value;
  const text = input.value.trim();
  if (text === '') return null;
  return Number.isFinite(Number(text)) ? Number(text) : text;
}
