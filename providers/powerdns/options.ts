import * as z from 'zod'
import { isSecure, isToken } from '../http/credentials.js'
import { hostOption, portOption, timeoutOption } from '../option-schemas.js'
import type { OptionDoc } from '../provider.js'

/** The API of a PowerDNS server, as a spec names it. */
export interface PowerdnsOptions {
  readonly host: string
  readonly port: number
  readonly scheme: 'http' | 'https'
  readonly apiKey: string
  readonly serverId: string
  /** Whether the certificate must be one that Node trusts. */
  readonly verifyCertificate: boolean
  /** Seconds until a reply is whole. */
  readonly timeout: number
}

export const optionDocs: readonly OptionDoc[] = [
  { name: 'host', required: true, description: 'name or address of the machine with the API' },
  { name: 'port', default: '8081', description: 'TCP port of the API: `webserver-port` of pdns.conf' },
  {
    name: 'api_key',
    required: true,
    secret: true,
    description: '`api-key` of pdns.conf; write env/NAME, never the key',
  },
  {
    name: 'scheme',
    default: 'http',
    description: 'http or https; http carries the key in the clear and is only taken for this machine itself',
  },
  {
    name: 'ssl_verify',
    default: 'true',
    description:
      'whether the certificate must be trusted; rather than false, give a CA of your own with NODE_EXTRA_CA_CERTS',
  },
  { name: 'timeout', default: '30', description: 'seconds until a reply is whole, after which it is given up' },
  {
    name: 'server_id',
    default: 'localhost',
    description: 'the server in the URL; PowerDNS itself has only `localhost`',
  },
]

const schema = z
  .strictObject({
    host: hostOption('the machine with the API', ', and `scheme: https`'),
    port: portOption.default(8081),
    api_key: z
      .string({ error: 'api_key is missing: write env/NAME of the variable that holds `api-key` of pdns.conf' })
      .refine(isToken, 'is no API key: one word, without quotes or line breaks; is the environment variable set?'),
    scheme: z.enum(['http', 'https'], 'scheme is http or https').default('http'),
    ssl_verify: z
      .union([z.boolean(), z.stringbool()], 'ssl_verify is true or false; for a CA of your own set NODE_EXTRA_CA_CERTS')
      .default(true),
    timeout: timeoutOption.default(30),
    server_id: z
      .string()
      .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]+$/, 'server_id is one word, mostly localhost')
      .default('localhost'),
  })
  .transform(({ api_key: apiKey, ssl_verify: verifyCertificate, server_id: serverId, ...rest }) => ({
    ...rest,
    apiKey,
    verifyCertificate,
    serverId,
  }))
  .superRefine((options, context) => {
    if (URL.canParse(originOf(options)) && isSecure(new URL(originOf(options)))) return
    context.addIssue({
      code: 'custom',
      path: ['scheme'],
      message: `${originOf(options)} would carry the API key in the clear: use https (a reverse proxy in front of PowerDNS), or a tunnel to this machine`,
    })
  })

/** Where the API is, without a path: `http://127.0.0.1:8081`. */
export function originOf({
  scheme,
  host: name,
  port: number,
}: Pick<PowerdnsOptions, 'scheme' | 'host' | 'port'>): string {
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${number}`
}

/** Throws a ZodError that names everything that is wrong, and never the key. */
export function parseOptions(input: unknown): PowerdnsOptions {
  return schema.parse(input ?? {})
}
