import { label } from '../forms.js'
import type { Relay } from '../relay.js'

export const mandrill: Relay = {
  name: 'mandrill',
  title: 'Mailchimp Transactional (Mandrill)',
  alsoCalled: ['mailchimp-transactional'],
  about: 'sending by API and SMTP',
  documentation: [
    'https://mailchimp.com/developer/transactional/docs/authentication-delivery/',
    'https://mailchimp.com/developer/release-notes/new-sending-domain-authentication-requirements',
  ],
  asOf: '2026-11-27',
  inputs: {
    return_path: label({
      what: 'the custom return-path domain',
      where: 'Mailchimp Transactional, Settings, Domains, Tracking and return-path domains',
      usual: ['mandrill', 'bounces'],
    }),
  },
  otherSpf: ['spf.mandrillapp.com'],
  dkim: [
    [
      { selector: 'mte1', cname: 'dkim1.mandrillapp.com' },
      { selector: 'mte2', cname: 'dkim2.mandrillapp.com' },
    ],
  ],
  names: [
    {
      label: '{return_path}',
      what: 'return path',
      cname: 'mandrillapp.com',
      optional: {
        without:
          'without return_path the sender in the envelope is at mandrillapp.com: SPF passes and does not align, so DMARC passes by DKIM alone',
      },
    },
  ],
  servers: ['mandrillapp.com', 'mandrill.com'],
  notes: [
    'include:spf.mandrillapp.com is asked for no longer, and has no effect.',
    'The TXT mandrill_verify.… of the domain is Mandrill’s: it stays as it is.',
  ],
}
