import { host } from '../forms.js'
import type { Relay } from '../relay.js'

const WHERE = 'Microsoft Defender portal, Email authentication settings, DKIM, the domain; or Get-DkimSigningConfig'

function key(number: 1 | 2) {
  return host({
    what: `the name that selector${number}._domainkey is a CNAME of`,
    where: WHERE,
    pattern: new RegExp(`^selector${number}-[a-z0-9-]+\\._domainkey\\.(?:[a-z0-9-]+\\.)+[a-z]+$`),
    looksLike: `selector${number}-…._domainkey.…, which differs by tenant`,
    example: `selector${number}-example-com._domainkey.contoso.n-v1.dkim.mail.microsoft`,
  })
}

export const microsoft: Relay = {
  name: 'microsoft',
  title: 'Microsoft 365',
  alsoCalled: ['office365', 'o365', 'm365', 'microsoft365', 'microsoft-365', 'outlook', 'exchange'],
  about: 'mailboxes of Exchange Online',
  documentation: [
    'https://learn.microsoft.com/en-us/microsoft-365/enterprise/external-domain-name-system-records',
    'https://learn.microsoft.com/en-us/defender-office-365/email-authentication-spf-configure',
    'https://learn.microsoft.com/en-us/defender-office-365/email-authentication-dkim-configure',
  ],
  asOf: '2026-11-27',
  inputs: {
    server: host({
      what: 'the server that receives for the domain',
      where: 'Microsoft 365 admin center, Settings, Domains, the domain, DNS records, MX',
      pattern: /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:mail\.protection\.outlook\.com|mail\.eo\.outlook\.com|mx\.microsoft)$/,
      looksLike: '….mail.protection.outlook.com or ….mx.microsoft, which differs by domain',
      example: 'example-com.mail.protection.outlook.com',
    }),
    selector1: key(1),
    selector2: key(2),
  },
  spf: 'spf.protection.outlook.com',
  otherSpf: [],
  dkim: [
    [
      { selector: 'selector1', cname: '{selector1}' },
      { selector: 'selector2', cname: '{selector2}' },
    ],
  ],
  sendsUnsigned: true,
  names: [],
  mx: { servers: [{ preference: 0, exchange: '{server}' }], usual: true },
  servers: ['outlook.com', 'office365.com', 'mx.microsoft'],
  notes: [
    'Turn DKIM on in the portal once the two CNAMEs are in DNS: without that it signs as ….onmicrosoft.com, which does not align.',
  ],
}
