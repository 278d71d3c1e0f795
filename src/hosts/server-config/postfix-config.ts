import { configText, type OtherFile, type Piece } from './config-text.js'
import { type HostView, type RelayedDomain, someDomains } from './host-view.js'
import { namesOfHost } from './names-of-host.js'

/** Lines for Postfix's main.cf (postconf(5), Postfix 3.4 and later); what belongs into other files is in comments. */
export function postfixConfig(view: HostView): string {
  const head = [
    `What the spec says of ${view.name}, for /etc/postfix/main.cf: take lines over, then run \`postfix check\`.`,
  ]
  return configText('#', head, [
    {
      about: ['The name in HELO. It has a PTR and an SPF of its own.'],
      lines: [`myhostname = ${view.name}`, 'smtp_helo_name = $myhostname'],
    },
    ...addresses(view),
    ...destinations(view),
    ...milters(view),
    ...certificate(view),
    ...relays(view),
    ...submission(view),
    ...namesOfHost(view),
  ])
}

function addresses({ addresses4, addresses6, unbound }: HostView): Piece[] {
  if (unbound !== undefined)
    return [
      {
        about: [`Listens everywhere, and leaves by the address of the route: ${unbound}.`],
        lines: ['inet_interfaces = all'],
      },
    ]
  const [first4] = addresses4
  const [first6] = addresses6
  const protocols = [...(first4 === undefined ? [] : ['ipv4']), ...(first6 === undefined ? [] : ['ipv6'])].join(', ')
  return [
    {
      about: [
        'Where it listens, and the address it sends from, which SPF allows and whose PTR is right.',
        'If the machine itself does not have them (`ip address`; behind NAT): inet_interfaces = all, and no smtp_bind_address.',
      ],
      lines: [
        `inet_interfaces = ${[...addresses4, ...addresses6, 'localhost'].join(', ')}`,
        `inet_protocols = ${protocols}`,
        ...(first4 === undefined ? [] : [`smtp_bind_address = ${first4}`]),
        ...(first6 === undefined ? [] : [`smtp_bind_address6 = ${first6}`]),
      ],
    },
  ]
}

function destinations({ final, backup }: HostView): Piece[] {
  return [
    {
      about: [
        'Domains whose mail ends here, for accounts of the system.',
        'Where Dovecot keeps the accounts: these under virtual_mailbox_domains instead, and virtual_transport = lmtp:unix:private/dovecot-lmtp.',
      ],
      lines: [`mydestination = ${['$myhostname', 'localhost', ...final].join(', ')}`],
    },
    ...(backup.length === 0
      ? []
      : [
          {
            about: [
              'Domains it keeps mail for until their preferred MX is back. List their addresses in relay_recipient_maps: what',
              'it takes in and cannot deliver comes back to people who sent nothing.',
            ],
            lines: [`relay_domains = ${backup.join(', ')}`],
          },
        ]),
  ]
}

function milters({ signing }: HostView): Piece[] {
  if (signing.length === 0) return []
  return [
    {
      about: [
        `DKIM for ${someDomains(signing)}: OpenDKIM with \`Socket inet:8891@localhost\`; rspamd is asked at inet:localhost:11332.`,
        'Its keys: mailsync dkim export --format opendkim, or rspamd.',
      ],
      lines: [
        'smtpd_milters = inet:localhost:8891',
        'non_smtpd_milters = $smtpd_milters',
        'milter_default_action = accept',
      ],
    },
  ]
}

function certificate({ name, hasCertificates }: HostView): Piece[] {
  if (!hasCertificates) return []
  return [
    {
      about: ['The certificate whose key TLSA publishes; the paths are where certbot has it, put in your own.'],
      lines: [
        `smtpd_tls_chain_files = /etc/letsencrypt/live/${name}/privkey.pem, /etc/letsencrypt/live/${name}/fullchain.pem`,
        'smtpd_tls_security_level = may',
        'smtp_tls_security_level = may',
      ],
    },
  ]
}

function relays({ relayed }: HostView): (Piece | OtherFile)[] {
  if (relayed.length === 0) return []
  const chosen = relayed.filter(({ isChoice }) => !isChoice)
  const lines = [
    'sender_dependent_relayhost_maps = texthash:/etc/postfix/sender_relay',
    'smtp_sender_dependent_authentication = yes',
    'smtp_sasl_auth_enable = yes',
    'smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd',
    'smtp_sasl_security_options = noanonymous',
    'smtp_tls_policy_maps = texthash:/etc/postfix/tls_policy',
  ]
  const servers = [...new Map(relayed.map(({ server }) => [nextHop(server), server])).entries()]
  return [
    {
      about: [
        ...new Set(
          relayed.map(
            ({ domain, title, isChoice }) =>
              `${title} sends for ${domain}${isChoice ? '; so may this host itself, and then nothing below is needed for it' : ''}.`,
          ),
        ),
      ],
      lines: chosen.length > 0 ? lines : lines.map((line) => `#${line}`),
    },
    {
      about: ['Which relay sends for whom.'],
      file: '/etc/postfix/sender_relay',
      content: relayed.map(({ domain, server }) => `@${domain} ${nextHop(server)}`),
    },
    {
      about: ['The user and password of each; the file for root alone (mode 0600).', ...notesOf(relayed)],
      file: '/etc/postfix/sasl_passwd',
      content: servers.map(([hop, { user }]) => `${hop} ${user ?? 'USER'}:PASSWORD`),
      next: 'chown root: /etc/postfix/sasl_passwd && chmod 600 /etc/postfix/sasl_passwd',
    },
    {
      about: [
        'TLS is a must with a password.',
        ...servers
          .filter(([, { port }]) => port === 465)
          .map(
            ([hop]) => `${hop} has TLS from the first octet: smtp_tls_wrappermode = yes, which then is for all mail.`,
          ),
      ],
      file: '/etc/postfix/tls_policy',
      content: servers.map(([hop]) => `${hop} secure`),
      next: 'postfix reload',
    },
  ]
}

function nextHop({ host, port }: RelayedDomain['server']): string {
  return `[${host}]:${port}`
}

/** What to know of relays, a sentence each. */
export function notesOf(relayed: readonly RelayedDomain[]): string[] {
  return [
    ...new Set(
      relayed.flatMap(({ title, server }) => (server.note === undefined ? [] : [`${title}: ${server.note}.`])),
    ),
  ]
}

function submission({ services }: HostView): OtherFile[] {
  const ports = services.filter(({ service }) => service === 'submissions' || service === 'submission')
  if (ports.length === 0) return []
  return [
    {
      about: ['Where clients hand in mail, with a password that Dovecot checks.'],
      file: '/etc/postfix/master.cf',
      content: ports.flatMap(({ service, port }) => [
        `${port} inet n - y - - smtpd`,
        ...(service === 'submissions' ? ['  -o smtpd_tls_wrappermode=yes'] : ['  -o smtpd_tls_security_level=encrypt']),
        '  -o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=dovecot -o smtpd_sasl_path=private/auth',
        '  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject',
      ]),
      next: 'postfix reload',
    },
  ]
}
