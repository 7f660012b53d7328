// The settings that are saved by PATCH: each form sends the fields that it shows, and no other.
import { channelUrl, patch } from '../api.js';
import { onSubmit } from './form.js';
import { fillLanguageOptions, LanguagePicker } from './languages.js';

const LIKELY = 'likelyLanguages';

/** `saved` is given the channel as it is now. */
export function startSettingsForms(root, channelId, saved) {
  const forms = [...root.querySelectorAll('[data-settings]')].map((form) => new SettingsForm(form));
  for (const form of forms) {
    form.onSave(async (changes) => {
      const channel = await patch(channelUrl(channelId), changes);
      form.show(channel);
      saved(channel);
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
    if (this.form.querySelector('[type="submit"]')) onSubmit(this.form, () => save(this.read()));
  }

  show(channel) {
    for (const input of this.inputs) {
      if (input.type === 'checkbox') input.checked = channel[input.name];
      else input.value = channel[input.name] ?? '';
    }
    if (this.picker) this.picker.value = channel[LIKELY];
  }

  read() {
    const values = this.inputs.map((input) => [input.name, valueOf(input)]);
    return Object.fromEntries(this.picker ? [...values, [LIKELY, this.picker.value]] : values);
  }
}

/** What is no number is sent as it is: the API says what is wrong with it. */
function valueOf(input) {
  if (input.type === 'checkbox') return input.checked;
  if (!('number' in input.dataset)) return input.value;
  const text = input.value.trim();
  if (text === '') return null;
  return Number.isFinite(Number(text)) ? Number(text) : text;
}
