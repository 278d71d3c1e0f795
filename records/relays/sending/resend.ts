import { awsRegion, key, label } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'Resend, Domains, the domain, Records'

export const resend: Relay = {
  name: 'resend',
  title: 'Resend',
  alsoCalled: [],
  about: 'sending by API and SMTP, on Amazon SES; receives too where told',
  documentation: [
    'https://resend.com/docs/dashboard/domains/introduction',
    'https://resend.com/docs/knowledge-base/how-do-i-avoid-conflicting-with-my-mx-records',
    'https://resend.com/docs/dashboard/receiving/custom-domains',
  ],
  asOf: '2026-11-27',
  inputs: {
    region: awsRegion(`${WHERE}: in the value of the MX`),
    key: key({ what: 'the value of the DKIM record', where: WHERE, example: 'p=MIGfMA0GCSqG…' }),
    mail_from: label({ what: 'the return path', where: WHERE, default: 'send', usual: ['send'] }),
  },
  otherSpf: [],
  dkim: [[{ selector: 'resend', txt: '{key}', isOwn: true }]],
  names: [
    {
      label: '{mail_from}',
      what: 'MAIL FROM',
      mx: [{ preference: 10, exchange: 'feedback-smtp.{region}.amazonses.com' }],
      spf: 'amazonses.com',
    },
  ],
  mx: { servers: [{ preference: 10, exchange: 'inbound-smtp.{region}.amazonaws.com' }], usual: false },
  servers: ['resend.com'],
  notes: [],
}
