import { configText, type OtherFile, type Piece } from './config-text.js'
import { type HostView, someDomains } from './host-view.js'
import { namesOfHost } from './names-of-host.js'
import { notesOf } from './postfix-config.js'

/** Lines for Sendmail's sendmail.mc (cf/README, Sendmail 8.15 and later); what belongs into other files is in comments. */
export function sendmailConfig(view: HostView): string {
  const head = [
    `What the spec says of ${view.name}, for /etc/mail/sendmail.mc: these lines stand above MAILER, in place of those that`,
    'say the same. Then run make in /etc/mail.',
  ]
  return configText('dnl', head, [
    {
      about: ['The name in HELO. It has a PTR and an SPF of its own.'],
      lines: [`define(\`confDOMAIN_NAME', \`${view.name}')dnl`],
    },
    ...daemons(view),
    ...destinations(view),
    ...milters(view),
    ...certificate(view),
    ...smartHost(view),
    ...namesOfHost(view),
  ])
}

function daemons({ addresses4, addresses6, unbound, services }: HostView): Piece[] {
  const at = (family: string, name: string, port: string, address?: string, more = ''): string =>
    `DAEMON_OPTIONS(\`Family=${family}, Name=${name}, Port=${port}${address === undefined ? '' : `, Addr=${address}`}${more}')dnl`
  const isBound = unbound === undefined
  const listen4 = isBound ? addresses4 : [undefined]
  const listen6 = isBound ? addresses6 : []
  const number = (index: number): string => (index === 0 ? '' : String(index + 1))
  const ports = services.filter(({ service }) => service === 'submissions' || service === 'submission')
  return [
    {
      about: [
        "FEATURE(`no_default_msa') before them: only these are opened.",
        isBound
          ? 'Where it listens. If the machine itself does not have them (`ip address`; behind NAT), without Addr= and CLIENT_OPTIONS.'
          : `Listens everywhere, and leaves by the address of the route: ${unbound}.`,
      ],
      lines: [
        "FEATURE(`no_default_msa')dnl",
        ...(isBound ? [at('inet', 'loopback', 'smtp', '127.0.0.1')] : []),
        ...listen4.map((address, index) => at('inet', `MTA-v4${number(index)}`, 'smtp', address)),
        ...listen6.map((address, index) => at('inet6', `MTA-v6${number(index)}`, 'smtp', address, ', Modifiers=O')),
        ...ports.map(({ service, port }) =>
          at('inet', `MSA-${port}`, String(port), undefined, `, M=E${service === 'submissions' ? 's' : ''}a`),
        ),
      ],
    },
    ...(isBound
      ? [
          {
            about: ['The address it sends from, which SPF allows and whose PTR is right.'],
            lines: [
              ...addresses4.slice(0, 1).map((address) => `CLIENT_OPTIONS(\`Family=inet, Addr=${address}')dnl`),
              ...addresses6.slice(0, 1).map((address) => `CLIENT_OPTIONS(\`Family=inet6, Addr=${address}')dnl`),
            ],
          },
        ]
      : []),
  ]
}

function destinations({ name, final, backup }: HostView): (Piece | OtherFile)[] {
  return [
    {
      about: ['Whose mail ends here, and who may pass mail on.'],
      lines: ["FEATURE(`use_cw_file')dnl", "FEATURE(`access_db')dnl"],
    },
    { about: ['Domains whose mail ends here.'], file: '/etc/mail/local-host-names', content: [name, ...final] },
    {
      about: [
        'This machine passes mail on, and so does everybody for the domains it keeps mail for until their preferred MX is back.',
      ],
      file: '/etc/mail/access',
      content: ['Connect:127.0.0.1 RELAY', 'Connect:IPv6:::1 RELAY', ...backup.map((domain) => `To:${domain} RELAY`)],
      next: 'makemap hash /etc/mail/access < /etc/mail/access',
    },
  ]
}

function milters({ signing }: HostView): Piece[] {
  if (signing.length === 0) return []
  return [
    {
      about: [
        `DKIM for ${someDomains(signing)}: OpenDKIM with Socket inet:8891@localhost; rspamd listens at inet:11332@localhost.`,
        'Its keys: mailsync dkim export --format opendkim, or rspamd.',
      ],
      lines: ["INPUT_MAIL_FILTER(`opendkim', `S=inet:8891@localhost')dnl"],
    },
  ]
}

function certificate({ name, hasCertificates }: HostView): Piece[] {
  if (!hasCertificates) return []
  const folder = `/etc/letsencrypt/live/${name}`
  return [
    {
      about: ['The certificate whose key TLSA publishes; the paths are where certbot has it, put in your own.'],
      lines: [
        `define(\`confSERVER_CERT', \`${folder}/fullchain.pem')dnl`,
        `define(\`confSERVER_KEY', \`${folder}/privkey.pem')dnl`,
      ],
    },
  ]
}

function smartHost({ relayed, sending }: HostView): (Piece | OtherFile)[] {
  const [first] = relayed
  if (first === undefined) return []
  const isForAll = sending.length === 0 && relayed.every(({ server }) => server === first.server)
  const { server, title } = first
  const lines = [
    `define(\`SMART_HOST', \`[${server.host}]')dnl`,
    `define(\`RELAY_MAILER_ARGS', \`TCP $h ${server.port}')dnl`,
    "define(`confAUTH_MECHANISMS', `EXTERNAL GSSAPI DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')dnl",
    "FEATURE(`authinfo', `hash -o /etc/mail/authinfo.db')dnl",
  ]
  return [
    {
      about: [
        ...relayed.map(
          (one) => `${one.title} sends for ${one.domain}${one.isChoice ? '; so may this host itself' : ''}.`,
        ),
        ...(isForAll
          ? []
          : ['Sendmail has one smart host for all mail: take these lines over only if all of it is to go there.']),
        ...(server.port === 465
          ? [
              `${title} takes TLS from the first octet, which Sendmail does not speak as a client: put stunnel between them.`,
            ]
          : []),
      ],
      lines: isForAll ? lines : lines.map((line) => `dnl ${line}`),
    },
    {
      about: ['Its user and password; the file for root alone (mode 0600).', ...notesOf([first])],
      file: '/etc/mail/authinfo',
      content: [`AuthInfo:${server.host} "U:${server.user ?? 'USER'}" "I:${server.user ?? 'USER'}" "P:PASSWORD"`],
      next: 'makemap hash /etc/mail/authinfo < /etc/mail/authinfo && chmod 600 /etc/mail/authinfo /etc/mail/authinfo.db',
    },
  ]
}
