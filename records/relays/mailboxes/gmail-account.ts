import type { Relay } from '../relay.js'

export const gmailAccount: Relay = {
  name: 'gmail-account',
  title: 'A Gmail account as smart host',
  alsoCalled: [],
  about: 'smtp.gmail.com with a login that ends in @gmail.com, no Workspace',
  documentation: ['https://support.google.com/mail/answer/22370', 'https://support.google.com/a/answer/176600'],
  asOf: '2026-11-27',
  inputs: {},
  otherSpf: [],
  dkim: [],
  names: [],
  servers: ['smtp.gmail.com'],
  notes: [
    'Gmail writes the account’s own address into From, unless yours is an alias that was confirmed under Send mail as.',
    'SPF passes for gmail.com, which is the sender in the envelope, and DKIM is signed by gmail.com. Neither is your domain, so no record of it can make DMARC pass.',
    'What passes: mail From the @gmail.com address itself. For mail From your domain, take a relay that signs with a key of it; until then keep dmarc.policy at none.',
  ],
}
