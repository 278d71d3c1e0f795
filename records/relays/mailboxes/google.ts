import { key, selector } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'Admin console, Apps, Google Workspace, Gmail, Authenticate email'

export const google: Relay = {
  name: 'google',
  title: 'Google Workspace',
  alsoCalled: ['gmail', 'gsuite', 'google-workspace', 'workspace'],
  about: 'mailboxes, and a relay for domains of Workspace',
  documentation: [
    'https://support.google.com/a/answer/33786',
    'https://support.google.com/a/answer/174126',
    'https://support.google.com/a/answer/174125',
  ],
  asOf: '2026-11-27',
  inputs: {
    key: key({ what: 'the DKIM key that Google made', where: WHERE }),
    selector: selector({ what: 'the prefix selector chosen for it', where: WHERE, default: 'google' }),
  },
  spf: '_spf.google.com',
  otherSpf: ['aspmx.googlemail.com'],
  dkim: [[{ selector: '{selector}', txt: '{key}' }]],
  sendsUnsigned: true,
  names: [],
  mx: { servers: [{ preference: 1, exchange: 'smtp.google.com' }], usual: true },
  servers: ['google.com', 'gmail.com', 'googlemail.com'],
  notes: [
    'Domains that came before 2023 may have five older MX (aspmx.l.google.com …): write those under mx, and no other is added.',
    'A Gmail account that ends in @gmail.com is no Workspace: that is gmail-account.',
  ],
}
