import { key, label, selector, word } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'SparkPost, Configuration, Domains, the domain'

export const sparkpost: Relay = {
  name: 'sparkpost',
  title: 'SparkPost (Bird)',
  alsoCalled: ['bird'],
  about: 'sending by API and SMTP',
  documentation: [
    'https://support.sparkpost.com/docs/getting-started/getting-started-sparkpost',
    'https://support.sparkpost.com/docs/tech-resources/enabling-multiple-custom-bounce-domains',
  ],
  asOf: '2026-11-27',
  seenInZones: 'the target of the bounce domain in the region eu',
  inputs: {
    selector: selector({
      what: 'the selector of the DKIM record',
      where: WHERE,
      pattern: /^scph\d{4}$/,
      looksLike: 'scph, month and year',
      example: 'scph1126',
    }),
    key: key({ what: 'the value of the DKIM record', where: WHERE, example: 'v=DKIM1; k=rsa; h=sha256; p=MIGf…' }),
    region: word({
      what: 'where the account is',
      where: 'the address of its web page: app.sparkpost.com or app.eu.sparkpost.com',
      pattern: /^(?:us|eu)$/,
      looksLike: 'us or eu',
      example: 'eu',
      default: 'us',
      means: { us: 'sparkpostmail.com', eu: 'eu.sparkpostmail.com' },
    }),
    bounce: label({ what: 'the bounce domain', where: `${WHERE}, Bounce Domains`, usual: ['bounce', 'bounces'] }),
  },
  otherSpf: ['sparkpostmail.com', '_spf.sparkpostmail.com', 'eu.sparkpostmail.com', '_spf.eu.sparkpostmail.com'],
  dkim: [[{ selector: '{selector}', txt: '{key}', isOwn: true }]],
  names: [
    {
      label: '{bounce}',
      what: 'bounce domain',
      cname: '{region}',
      optional: {
        without:
          'without bounce the sender in the envelope is at sparkpostmail.com: SPF passes and does not align, so DMARC passes by DKIM alone',
      },
    },
  ],
  servers: ['sparkpostmail.com', 'sparkpost.com'],
  notes: [],
}
