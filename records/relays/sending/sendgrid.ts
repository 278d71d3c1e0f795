import { host, label } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'SendGrid, Settings, Sender Authentication, Authenticate Your Domain'
const LINKS = 'SendGrid, Settings, Sender Authentication, Link Branding'

export const sendgrid: Relay = {
  name: 'sendgrid',
  title: 'Twilio SendGrid',
  alsoCalled: ['twilio'],
  about: 'sending by API and SMTP, with Automated Security',
  documentation: [
    'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-domain-authentication',
    'https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication/authenticate-a-domain',
    'https://www.twilio.com/docs/sendgrid/api-reference/link-branding/create-a-branded-link',
  ],
  asOf: '2026-11-27',
  seenInZones: 'the form of the three targets',
  inputs: {
    target: host({
      what: 'the name that the return path is a CNAME of',
      where: `${WHERE}: the value of the first CNAME`,
      pattern: /^u\d+\.wl\d*\.sendgrid\.net$/,
      looksLike: 'u, digits, .wl, digits, .sendgrid.net',
      example: 'u1234567.wl123.sendgrid.net',
    }),
    return_path: label({ what: 'the return path', where: `${WHERE}: the name of the first CNAME`, example: 'em1234' }),
    link: label({
      what: 'the name in links that are tracked',
      where: LINKS,
      pattern: /^(?!\d+$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?$/,
      example: 'url1234',
    }),
    link_owner: label({
      what: 'the number that shows whose the tracked links are',
      where: LINKS,
      pattern: /^\d+$/,
      looksLike: 'digits',
      example: '1234567',
    }),
  },
  otherSpf: ['sendgrid.net'],
  dkim: [
    [
      { selector: 's1', cname: 's1.domainkey.{target}' },
      { selector: 's2', cname: 's2.domainkey.{target}' },
    ],
  ],
  names: [
    { label: '{return_path}', what: 'return path', cname: '{target}' },
    { label: '{link}', what: 'tracking', cname: 'sendgrid.net', optional: {} },
    { label: '{link_owner}', what: 'tracking', cname: 'sendgrid.net', optional: {} },
  ],
  servers: ['sendgrid.net', 'sendgrid.com'],
  notes: ['include:sendgrid.net is of older set-ups: with the CNAME of the return path it has no effect.'],
}
