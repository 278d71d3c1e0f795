import { host, key, label, selector, word } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'Mailgun, Send, Sending, Domains, the domain, DNS records'
const cname = (name: string) =>
  host({
    what: `the name that ${name}._domainkey is a CNAME of`,
    where: WHERE,
    pattern: new RegExp(`^${name}\\._domainkey\\.[a-z0-9]+\\.dkim\\d+\\.(?:[a-z]+\\.)?(?:mgsend\\.org|mailgun\\.com)$`),
    looksLike: `${name}._domainkey.….dkim1.….mgsend.org`,
    example: `${name}._domainkey.c0e6d9.dkim1.us.mgsend.org`,
  })

export const mailgun: Relay = {
  name: 'mailgun',
  title: 'Mailgun',
  alsoCalled: [],
  about: 'sending by API and SMTP; receives too where told',
  documentation: [
    'https://documentation.mailgun.com/docs/mailgun/user-manual/domains/domains-verify',
    'https://documentation.mailgun.com/docs/mailgun/user-manual/domains/dkim_security',
  ],
  asOf: '2026-11-27',
  seenInZones: 'the names of the region eu, and the form of the targets of Automatic Sender Security',
  inputs: {
    region: word({
      what: 'the region of the domain',
      where: 'Mailgun, at the top right',
      pattern: /^(?:us|eu)$/,
      looksLike: 'us or eu',
      example: 'eu',
      default: 'us',
      means: { us: 'mailgun.org', eu: 'eu.mailgun.org' },
    }),
    pdk1: cname('pdk1'),
    pdk2: cname('pdk2'),
    selector: selector({
      what: 'the selector of the DKIM record',
      where: WHERE,
      example: 'k1',
      usual: ['k1', 'krs', 'mailo', 'mx', 'pic', 'smtp', 'email'],
    }),
    key: key({ what: 'the value of the DKIM record', where: WHERE }),
    tracking: label({ what: 'the name in links that are tracked', where: WHERE, usual: ['email'] }),
  },
  spf: 'mailgun.org',
  otherSpf: ['eu.mailgun.org', '_spf.mailgun.org', '_spf.eu.mailgun.org'],
  dkim: [
    [
      { selector: 'pdk1', cname: '{pdk1}' },
      { selector: 'pdk2', cname: '{pdk2}' },
    ],
    [{ selector: '{selector}', txt: '{key}' }],
  ],
  names: [{ label: '{tracking}', what: 'tracking', cname: '{region}', optional: {} }],
  mx: {
    servers: [
      { preference: 10, exchange: 'mxa.{region}' },
      { preference: 10, exchange: 'mxb.{region}' },
    ],
    usual: false,
  },
  servers: ['mailgun.org', 'mailgun.com'],
  notes: ['Mostly a subdomain of its own, such as mg.example.com: then the relay belongs to that domain of the spec.'],
}
