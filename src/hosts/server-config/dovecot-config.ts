import type { ServiceName } from '../../../records/families/clients/services.js'
import { configText, type Piece } from './config-text.js'
import type { HostView } from './host-view.js'

interface Listener {
  readonly protocol: string
  readonly login: string
  readonly listener: string
}

const LISTENERS: Readonly<Partial<Record<ServiceName, Listener>>> = {
  imaps: { protocol: 'imap', login: 'imap-login', listener: 'imaps' },
  imap: { protocol: 'imap', login: 'imap-login', listener: 'imap' },
  pop3s: { protocol: 'pop3', login: 'pop3-login', listener: 'pop3s' },
  pop3: { protocol: 'pop3', login: 'pop3-login', listener: 'pop3' },
  sieve: { protocol: 'sieve', login: 'managesieve-login', listener: 'sieve' },
}

/** Lines for Dovecot 2.3, for a file in /etc/dovecot/conf.d. */
export function dovecotConfig(view: HostView): string {
  const head = [
    `What the spec says of ${view.name}, for /etc/dovecot/conf.d/95-mailsync.conf of Dovecot 2.3; then run \`doveconf -n\`.`,
  ]
  return configText('#', head, [
    ...name(view),
    ...addresses(view),
    ...listeners(view),
    ...certificate(view),
    {
      about: ['Postfix asks whether a password is right, and hands over mail.'],
      lines: [
        'service auth {',
        '  unix_listener /var/spool/postfix/private/auth {',
        '    mode = 0660',
        '    user = postfix',
        '    group = postfix',
        '  }',
        '}',
        'service lmtp {',
        '  unix_listener /var/spool/postfix/private/dovecot-lmtp {',
        '    mode = 0600',
        '    user = postfix',
        '    group = postfix',
        '  }',
        '}',
      ],
    },
  ])
}

function name({ name: host, final }: HostView): Piece[] {
  const [first = host] = final
  return [
    {
      about: ['The name in bounces, and who is asked about them.'],
      lines: [`hostname = ${host}`, `postmaster_address = postmaster@${first}`],
    },
  ]
}

function addresses({ addresses4, addresses6, unbound }: HostView): Piece[] {
  if (unbound !== undefined) return [{ about: [`Listens everywhere: ${unbound}.`], lines: ['listen = *, ::'] }]
  return [
    {
      about: ['Where it listens. If the machine itself does not have them (`ip address`; behind NAT): listen = *, ::'],
      lines: [`listen = ${[...addresses4, ...addresses6, '127.0.0.1'].join(', ')}`],
    },
  ]
}

function listeners({ services }: HostView): Piece[] {
  const offered = services.flatMap(({ service, port }) => {
    const listener = LISTENERS[service]
    return listener === undefined ? [] : [{ ...listener, port, isSecure: service.endsWith('s') }]
  })
  if (offered.length === 0)
    return [
      { about: ['The spec sends no client here (clients): only Postfix is served.'], lines: ['protocols = lmtp'] },
    ]
  const protocols = [...new Set(offered.map(({ protocol }) => protocol)), 'lmtp']
  const has = (name: string): boolean => offered.some(({ listener }) => listener === name)
  const closed = [
    ...(protocols.includes('imap') ? ['imap', 'imaps'] : []),
    ...(protocols.includes('pop3') ? ['pop3', 'pop3s'] : []),
  ].filter((one) => !has(one))
  const login = (one: string): string => (one.startsWith('imap') ? 'imap-login' : 'pop3-login')
  const all = [
    ...offered.map((one) => ({ ...one, port: one.port })),
    ...closed.map((listener) => ({ login: login(listener), listener, port: 0, isSecure: false })),
  ]
  return [
    {
      about: ['What clients look for here (clients); a port that the spec does not name is closed.'],
      lines: [
        `protocols = ${protocols.join(' ')}`,
        ...[...new Set(all.map((one) => one.login))].flatMap((service) => [
          `service ${service} {`,
          ...all
            .filter((one) => one.login === service)
            .flatMap(({ listener, port, isSecure }) => [
              `  inet_listener ${listener} {`,
              `    port = ${port}`,
              ...(isSecure ? ['    ssl = yes'] : []),
              '  }',
            ]),
          '}',
        ]),
      ],
    },
  ]
}

function certificate({ name: host, hasCertificates }: HostView): Piece[] {
  if (!hasCertificates) return [{ about: ['No password without TLS.'], lines: ['ssl = required'] }]
  return [
    {
      about: [
        'No password without TLS. The certificate whose key TLSA publishes; the paths are where certbot has it, put in your own.',
      ],
      lines: [
        'ssl = required',
        `ssl_cert = </etc/letsencrypt/live/${host}/fullchain.pem`,
        `ssl_key = </etc/letsencrypt/live/${host}/privkey.pem`,
      ],
    },
  ]
}
