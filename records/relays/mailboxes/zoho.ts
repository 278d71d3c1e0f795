import { key, selector, word } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'Zoho Mail Admin Console, Domains, the domain, Email Configuration, DKIM'

export const zoho: Relay = {
  name: 'zoho',
  title: 'Zoho Mail',
  alsoCalled: ['zoho-mail'],
  about: 'mailboxes',
  documentation: [
    'https://www.zoho.com/mail/help/adminconsole/spf-configuration.html',
    'https://www.zoho.com/mail/help/adminconsole/dkim-configuration.html',
    'https://www.zoho.com/mail/help/adminconsole/configure-email-delivery.html',
  ],
  asOf: '2026-11-27',
  seenInZones: 'the MX and the include of the data centre eu',
  inputs: {
    region: word({
      what: 'the data centre of the account',
      where: 'the end of the address of its web mail: mail.zoho.com, mail.zoho.eu …',
      pattern: /^(?:com|eu|in|com\.au|jp)$/,
      looksLike: 'com, eu, in, com.au or jp',
      example: 'eu',
      default: 'com',
    }),
    key: key({ what: 'the DKIM key that Zoho made', where: WHERE }),
    selector: selector({ what: 'the selector chosen for it', where: WHERE, default: 'zmail' }),
  },
  spf: 'zohomail.{region}',
  otherSpf: ['zoho.com', 'zoho.eu', 'one.zoho.com', 'one.zoho.eu', 'spf.zoho.com', 'spf.zoho.eu'],
  dkim: [[{ selector: '{selector}', txt: '{key}' }]],
  sendsUnsigned: true,
  names: [],
  mx: {
    servers: [
      { preference: 10, exchange: 'mx.zoho.{region}' },
      { preference: 20, exchange: 'mx2.zoho.{region}' },
      { preference: 50, exchange: 'mx3.zoho.{region}' },
    ],
    usual: true,
  },
  servers: ['zoho.com', 'zoho.eu', 'zohomail.com'],
  notes: [],
}
