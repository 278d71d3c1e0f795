import { key, label } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'Mailjet, Account settings, Sender domains & addresses, the domain, Authentication'

export const mailjet: Relay = {
  name: 'mailjet',
  title: 'Mailjet',
  alsoCalled: [],
  about: 'sending by API and SMTP',
  documentation: ['https://documentation.mailjet.com/hc/en-us/articles/360042412734'],
  asOf: '2026-11-27',
  seenInZones: 'the target of the return path',
  inputs: {
    key: key({ what: 'the value of the DKIM record', where: WHERE, example: 'k=rsa; p=MIGfMA0GCSqG…' }),
    return_path: label({ what: 'the custom return path', where: WHERE, usual: ['bnc3'] }),
  },
  spf: 'spf.mailjet.com',
  otherSpf: [],
  dkim: [[{ selector: 'mailjet', txt: '{key}', isOwn: true }]],
  names: [
    {
      label: '{return_path}',
      what: 'return path',
      cname: 'bnc3.mailjet.com',
      optional: {
        without:
          'without return_path the sender in the envelope is at bnc3.mailjet.com: SPF passes and does not align, so DMARC passes by DKIM alone',
      },
    },
  ],
  servers: ['mailjet.com'],
  notes: ['Mailjet checks the include before it lets the domain send.'],
}
