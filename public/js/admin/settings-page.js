// The settings page: loads the channel once, and gives each section its part.
import { channelUrl, get } from '../api.js';
import { msg } from '../i18n.js';
import { startDanger } from './danger.js';
import { startDisplay } from './display.js';
import { startHealth } from './health.js';
import { startSettingsForms } from './settings-forms.js';
import { startTeam } from './team.js';
import { startTokens } from './tokens.js';
import { startWebhook } from './webhook.js';
import { startTrial } from './webhook-trial.js';

const root = document.getElementById('main');
const { channel: id, username } = root.dataset;
const isSuperadmin = 'superadmin' in root.dataset;
const state = (name) => root.querySelector(`[data-state="${name}"]`);

const display = startDisplay(root, id);
const danger = startDanger(root, id, (channel) => show(channel));
const forms = startSettingsForms(root, id, (channel) => show(channel));
const webhook = startWebhook(root, id);
let silenceLimit = null;

/** Not the forms: what is typed into the others stays. */
function show(channel) {
  display.show(channel);
  danger.show(channel);
  silenceLimit = channel.silenceWarningMinutes;
  showHead(channel);
}

function showHead({ name, active, archivedAt }) {
  const title = root.querySelector('.head__title');
  title.querySelector('h1 bdi').textContent = name;
  title.querySelector('.badge')?.remove();
  if (active && archivedAt === null) return;
  const badge = document.createElement('span');
  badge.className = 'badge badge--closed';
  badge.textContent = archivedAt === null ? msg('state-inactive') : msg('state-archived');
  title.append(badge);
}

function goToSection() {
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

async function load() {
  state('failed').hidden = true;
  state('loading').hidden = false;
  try {
    const channel = await get(channelUrl(id));
    forms.show(channel);
    webhook.show(channel);
    show(channel);
    // Who has had no message yet has still to connect Eventyay.
    root.querySelector('#webhook [data-steps]').open = channel.lastReceivedAt === null;
    root.querySelector('[data-settings-body]').hidden = false;
    goToSection();
    const { scrollY: before } = window;
    const health = startHealth(root, id, () => silenceLimit);
    await Promise.allSettled([
      startTeam(root, { channelId: id, username, isSuperadmin }),
      startTokens(root, id),
      health.first,
      startTrial(root, id, () => health.look()),
    ]);
    // They have grown, and moved what was gone to; unless somebody has gone on by then.
    if (Math.abs(window.scrollY - before) < 2) goToSection();
  } catch (error) {
    root.querySelector('[data-failed-hint]').textContent = error.message;
    state('failed').hidden = false;
  }
  state('loading').hidden = true;
}

root.querySelector('[data-retry]').addEventListener('click', load);
await load();
