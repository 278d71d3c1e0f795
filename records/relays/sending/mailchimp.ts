import type { Relay } from '../relay.js'

export const mailchimp: Relay = {
  name: 'mailchimp',
  title: 'Mailchimp',
  alsoCalled: [],
  about: 'newsletters',
  documentation: ['https://mailchimp.com/help/set-up-email-domain-authentication/'],
  asOf: '2026-11-27',
  seenInZones: 'the targets of the two CNAMEs',
  inputs: {},
  otherSpf: ['servers.mcsv.net'],
  dkim: [
    [
      { selector: 'k2', cname: 'dkim2.mcsv.net' },
      { selector: 'k3', cname: 'dkim3.mcsv.net' },
    ],
  ],
  names: [],
  servers: ['mcsv.net', 'mailchimp.com'],
  notes: [
    'The sender in the envelope is Mailchimp’s: SPF passes and does not align, so DMARC passes by DKIM alone, and include:servers.mcsv.net has no effect.',
  ],
}
