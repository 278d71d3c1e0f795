import { word } from '../forms.js'
import type { Relay } from '../relay.js'

const key = (selector: string) => ({ selector, cname: `${selector}.domainkey.{token}.domains.proton.ch` })

export const proton: Relay = {
  name: 'proton',
  title: 'Proton Mail',
  alsoCalled: ['protonmail', 'proton-mail'],
  about: 'mailboxes',
  documentation: ['https://proton.me/support/custom-domain', 'https://proton.me/support/anti-spoofing-custom-domain'],
  asOf: '2026-11-27',
  seenInZones: 'the preferences of the MX',
  inputs: {
    token: word({
      what: 'the part of the three DKIM CNAMEs that is the domain’s own',
      where:
        'Proton Mail, Settings, All settings, Domain names, the domain, DKIM: between domainkey. and .domains.proton.ch',
      pattern: /^d[a-z0-9]{8,62}$/,
      looksLike: 'a d and some forty more letters and digits',
      example: 'dxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    }),
  },
  spf: '_spf.protonmail.ch',
  otherSpf: [],
  dkim: [[key('protonmail'), key('protonmail2'), key('protonmail3')]],
  sendsUnsigned: true,
  names: [],
  mx: {
    servers: [
      { preference: 10, exchange: 'mail.protonmail.ch' },
      { preference: 20, exchange: 'mailsec.protonmail.ch' },
    ],
    usual: true,
  },
  servers: ['protonmail.ch', 'proton.me', 'proton.ch'],
  notes: ['The TXT protonmail-verification=… of the domain is Proton’s: it stays as it is.'],
}
