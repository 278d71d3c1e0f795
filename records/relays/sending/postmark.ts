import { key, label, selector } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'Postmark, Sender Signatures, the domain, DNS Settings'

export const postmark: Relay = {
  name: 'postmark',
  title: 'Postmark',
  alsoCalled: [],
  about: 'sending by API and SMTP; receives too where told',
  documentation: [
    'https://postmarkapp.com/developer/api/domains-api',
    'https://postmarkapp.com/support/article/1092-how-do-i-set-up-dkim-and-return-path',
    'https://postmarkapp.com/developer/user-guide/inbound/inbound-domain-forwarding',
  ],
  asOf: '2026-11-27',
  inputs: {
    selector: selector({
      what: 'the selector of the DKIM record',
      where: WHERE,
      pattern: /^(?:\d{14})?pm$|^\d{14}$/,
      looksLike: 'a date and time, and mostly pm',
      example: '20240101000000pm',
    }),
    key: key({ what: 'the value of the DKIM record', where: WHERE, example: 'k=rsa; p=MIGfMA0GCSqG…' }),
    return_path: label({
      what: 'the custom Return-Path',
      where: WHERE,
      usual: ['pm-bounces'],
    }),
  },
  otherSpf: ['spf.mtasv.net'],
  dkim: [[{ selector: '{selector}', txt: '{key}', isOwn: true }]],
  names: [
    {
      label: '{return_path}',
      what: 'return path',
      cname: 'pm.mtasv.net',
      optional: {
        without:
          'without return_path the sender in the envelope is at pm.mtasv.net: SPF passes and does not align, so DMARC passes by DKIM alone',
      },
    },
  ],
  mx: { servers: [{ preference: 10, exchange: 'inbound.postmarkapp.com' }], usual: false },
  servers: ['postmarkapp.com', 'mtasv.net'],
  notes: ['include:spf.mtasv.net has no effect: the sender in the envelope is never at the domain itself.'],
}
