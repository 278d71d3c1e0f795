import { resolve } from 'node:path'
import * as z from 'zod'
import { RRTYPES, targetOf } from '../../records/rr/rdata.js'
import { MAX_TTL, type RRset } from '../../records/rr/rrset.js'
import { joinedTxt } from '../../records/rr/txt.js'
import type { ProviderPlugin } from '../provider.js'
import { ZoneFolder } from './zone-folder.js'

const schema = z.strictObject({
  directory: z.string('the folder of the zone files is missing').min(1, 'the folder of the zone files is missing'),
  default_ttl: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], 'a number of seconds')
    .pipe(z.int().min(0).max(MAX_TTL))
    .default(3600),
  enforce_order: z.boolean().default(true),
  escaped_semicolons: z.boolean().default(true),
})

/** Options of octoDNS's YamlProvider, under its own names. */
export type YamlOptions = z.infer<typeof schema>

/** octoDNS-format zone files in a folder: needs no credentials, and what it writes octoDNS can push anywhere. */
export const plugin: ProviderPlugin<YamlOptions> = {
  type: 'yaml',
  description: 'octoDNS-format zone files in a folder, edited in place',
  optionDocs: [
    {
      name: 'directory',
      required: true,
      usual: './zones',
      description: 'folder of the zone files, relative to the spec file',
    },
    { name: 'default_ttl', default: '3600', description: 'TTL in seconds of records that state none' },
    {
      name: 'enforce_order',
      default: 'true',
      description:
        'put a new name where octoDNS’s natural order wants it, in a file that keeps that order; false: at the end',
    },
    {
      name: 'escaped_semicolons',
      default: 'true',
      description: 'whether `;` in TXT values is written `\\;`, as octoDNS does before 2.0',
    },
  ],
  limits: [
    'One file a zone, `<zone>.yaml`: octoDNS’s split zones (`split_extension`), `shared_filename` and `!include` are not read.',
    'What YAML anchors, aliases and merges share between records is seen and never changed.',
    'octoDNS itself refuses TXT values that are not ASCII or hold a backslash before a semicolon; such values of strangers are kept.',
  ],
  traits: { types: RRTYPES, write: 'atomic', compareAndSwap: true, ttl: { min: 0, max: MAX_TTL }, inDns: 'not' },
  options: (input) => schema.parse(input),
  canonicalize: (rrset) =>
    rrset.type === 'TXT' && rrset.rdata.some((value) => typeof value !== 'string')
      ? { ...rrset, rdata: rrset.rdata.map(joinedTxt) }
      : rrset,
  rejects,
  connect: async (options, { directory, zones, within }) =>
    new ZoneFolder(resolve(directory, options.directory), zones, {
      defaultTtl: options.default_ttl,
      escapedSemicolons: options.escaped_semicolons,
      enforceOrder: options.enforce_order,
      ...(within && { within }),
    }),
}

export default plugin

function rejects({ type, name, rdata }: RRset): string | undefined {
  const names = [name, ...rdata.map((value) => targetOf(type, value) ?? '')]
  if (names.some((text) => text.includes('\\'))) return 'a zone file cannot hold a name with escaped characters'
  // In unicode mode this matches lone surrogates only: octets that are not UTF-8 (records/octets.ts).
  const texts = type === 'TXT' ? rdata.map(joinedTxt) : type === 'CAA' ? rdata.map(({ value }) => value) : []
  return texts.some((text) => /[\ud800-\udfff]/u.test(text))
    ? `a zone file is text, and this ${type} value holds octets that are not UTF-8`
    : undefined
}
