import { awsRegion, label, word } from '../forms.js'
import type { Relay } from '../relay.js'

const IDENTITY = 'Amazon SES console, Configuration, Identities, the domain, Authentication'

export const amazonSes: Relay = {
  name: 'amazon-ses',
  title: 'Amazon SES',
  alsoCalled: ['ses', 'aws', 'amazon', 'aws-ses'],
  about: 'sending by API and SMTP; receives too where told',
  documentation: [
    'https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html',
    'https://docs.aws.amazon.com/ses/latest/dg/mail-from.html',
    'https://docs.aws.amazon.com/ses/latest/dg/receiving-email-mx-record.html',
  ],
  asOf: '2026-11-27',
  inputs: {
    region: awsRegion('Amazon SES console, at the top right'),
    tokens: word({
      what: 'the tokens of Easy DKIM',
      where: `${IDENTITY}, DKIM: what stands before ._domainkey`,
      pattern: /^[a-z0-9]{1,63}$/,
      looksLike: 'letters and digits',
      example: 'ili6d4enpump7gnt5rj6vp4ux4z4gbs5',
      count: 3,
    }),
    mail_from: label({
      what: 'the custom MAIL FROM domain',
      where: `${IDENTITY}, Custom MAIL FROM domain`,
      usual: ['bounce', 'mail', 'ses'],
    }),
  },
  otherSpf: ['amazonses.com'],
  dkim: [[{ selector: '{tokens}', cname: '{tokens}.dkim.amazonses.com' }]],
  names: [
    {
      label: '{mail_from}',
      what: 'MAIL FROM',
      mx: [{ preference: 10, exchange: 'feedback-smtp.{region}.amazonses.com' }],
      spf: 'amazonses.com',
      optional: {
        without:
          'without mail_from the sender in the envelope is at amazonses.com: SPF passes and does not align, so DMARC passes by DKIM alone',
      },
    },
  ],
  mx: { servers: [{ preference: 10, exchange: 'inbound-smtp.{region}.amazonaws.com' }], usual: false },
  servers: ['amazonaws.com', 'amazonses.com'],
  notes: ['The MAIL FROM name is for SES alone: no mail is sent from it or received at it otherwise.'],
}
