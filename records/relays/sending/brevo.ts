import { host, key } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'Brevo, Settings, Senders, Domains & Dedicated IPs, Domains, the domain'
const cname = (number: 1 | 2) =>
  host({
    what: `the name that brevo${number}._domainkey is a CNAME of`,
    where: WHERE,
    pattern: new RegExp(`^b${number}\\.[a-z0-9-]+\\.dkim\\.brevo\\.com$`),
    looksLike: `b${number}.….dkim.brevo.com`,
    example: `b${number}.example-com.dkim.brevo.com`,
  })

export const brevo: Relay = {
  name: 'brevo',
  title: 'Brevo',
  alsoCalled: ['sendinblue'],
  about: 'sending by API and SMTP, once Sendinblue',
  documentation: [
    'https://help.brevo.com/hc/en-us/articles/12163873383186',
    'https://developers.brevo.com/docs/domain-authentication-and-verification',
  ],
  asOf: '2026-11-27',
  seenInZones: 'the form of the two CNAMEs',
  inputs: {
    brevo1: cname(1),
    brevo2: cname(2),
    key: key({
      what: 'the value of the DKIM record, where Brevo shows a TXT in place of the CNAMEs',
      where: WHERE,
      example: 'k=rsa;p=MIGfMA0GCSqG…',
    }),
  },
  otherSpf: ['spf.brevo.com', 'spf.sendinblue.com', 'sendinblue.com'],
  dkim: [
    [
      { selector: 'brevo1', cname: '{brevo1}' },
      { selector: 'brevo2', cname: '{brevo2}' },
    ],
    [{ selector: 'mail', txt: '{key}' }],
  ],
  names: [],
  servers: ['brevo.com', 'sendinblue.com', 'sender-sib.com'],
  notes: [
    'On shared addresses the sender in the envelope is Brevo’s: SPF passes and does not align, so DMARC passes by DKIM alone.',
    'The TXT brevo-code:… of the domain is Brevo’s: it stays as it is.',
  ],
}
