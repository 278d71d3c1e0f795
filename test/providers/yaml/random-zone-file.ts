import fc from 'fast-check'

/** One name of a random zone file, as somebody might have written it. */
export interface WrittenEntry {
  readonly label: string
  readonly text: string
}

interface Style {
  readonly indent: number
  readonly listIndent: number
}

const comment = fc.nat({ max: 999 }).map((number) => `  # note ${number}`)
const remark = fc.option(comment, { nil: '', freq: 3 })
const address = fc.nat({ max: 254 }).map((octet) => `192.0.2.${octet}`)
const word = fc.stringMatching(/^[a-z][a-z0-9=_ -]{0,20}[a-z]$/)
const text = fc.oneof(
  word.map((plain) => `token-${plain}`),
  word.map((plain) => `'it''s ${plain}; "x"'`),
  word.map((plain) => `"tab \\t ${plain} \\\\; y"`),
  fc.constant('v=DMARC1\\; p=none'),
)
const exchange = fc.nat({ max: 9 }).map((number) => `mail${number}.example.net.`)
const mx = fc
  .tuple(fc.nat({ max: 90 }), exchange)
  .map(([preference, host]) => `{preference: ${preference}, exchange: ${host}}`)

const values: Record<string, fc.Arbitrary<string>> = {
  A: address,
  TXT: text,
  MX: mx,
  NAPTR: fc.constant('{flags: S, order: 10, preference: [odd, null, 1.5]}'),
  SSHFP: fc.constant('{algorithm: 4, fingerprint: "abcd", fingerprint_type: 2}'),
  'X-OWN': fc.constantFrom('yes', '{deep: {er: [1, {and: ~}]}}', '2026-11-22', '!odd tag'),
}

function record(
  type: string,
  style: Style,
): fc.Arbitrary<{ readonly flow: boolean; readonly lines: readonly string[] }> {
  const written = values[type] as fc.Arbitrary<string>
  return fc
    .record({
      flow: fc.boolean(),
      listed: fc.boolean(),
      ttl: fc.option(fc.constantFrom(60, 3600)),
      list: fc.uniqueArray(fc.tuple(written, remark), { minLength: 1, maxLength: 4, selector: ([value]) => value }),
      note: remark,
      meta: fc.boolean(),
    })
    .map(({ flow, listed, ttl, list, note, meta }) => {
      const many = listed || list.length > 1
      const [[first, after] = ['', '']] = list
      if (flow) {
        const inner = many ? `values: [${list.map(([value]) => value).join(', ')}]` : `value: ${first}`
        return { flow, lines: [`{${ttl === null ? '' : `ttl: ${ttl}, `}type: ${type}, ${inner}}${note}`] }
      }
      const dashes = list.map(([value, remarkBehind]) => `${' '.repeat(style.listIndent)}- ${value}${remarkBehind}`)
      return {
        flow,
        lines: [
          ...(meta ? [`octodns: {lenient: true}${note}`] : []),
          ...(ttl === null ? [] : [`ttl: ${ttl}`]),
          `type: ${type}${note}`,
          ...(many ? [`values:${note}`, ...dashes] : [`value: ${first}${after}`]),
        ],
      }
    })
}

function entry(label: string, types: readonly string[], style: Style, remarked: boolean): fc.Arbitrary<WrittenEntry> {
  return fc
    .tuple(fc.boolean(), remark, remark, ...types.map((type) => record(type, style)))
    .map(([listed, note, above, ...records]) => {
      const head = remarked && above !== '' ? [above.trim()] : []
      const key = `${label === '' ? "''" : label}:`
      const [only] = records
      if (records.length === 1 && only && !listed) {
        const body = only.flow
          ? [`${key} ${only.lines.join('')}`]
          : [`${key}${note}`, ...only.lines.map((line) => ' '.repeat(style.indent) + line)]
        return { label, text: [...head, ...body].join('\n') }
      }
      const dash = ' '.repeat(style.listIndent)
      const items = records.flatMap(({ lines }) =>
        lines.map((line, index) => `${dash}${index === 0 ? '- ' : '  '}${line}`),
      )
      return { label, text: [...head, `${key}${note}`, ...items].join('\n') }
    })
}

/** A zone file of so many names, its layout and the records at each name at random. */
export const zoneFile: fc.Arbitrary<{ readonly text: string; readonly entries: readonly WrittenEntry[] }> = fc
  .record({
    style: fc.constantFrom({ indent: 2, listIndent: 2 }, { indent: 2, listIndent: 0 }, { indent: 4, listIndent: 4 }),
    labels: fc.uniqueArray(fc.constantFrom('', 'a2', 'a10', 'mail', 'www', '_dmarc', 'zz', 'sip', 'x.y'), {
      maxLength: 7,
    }),
    spaced: fc.boolean(),
    windows: fc.boolean(),
    head: fc.constantFrom('---\n', '', '# the zone\n---\n', '---\n# the zone\n\n'),
    tail: fc.constantFrom('\n', '', '\n# the end\n', '\n\n\n'),
  })
  .chain(({ style, labels, spaced, windows, head, tail }) => {
    const written = labels.map((label) =>
      fc
        .uniqueArray(fc.constantFrom(...Object.keys(values)), { minLength: 1, maxLength: 4 })
        .chain((types) => entry(label, types, style, head !== '')),
    )
    return fc.tuple(...written).map((entries) => {
      const body = entries.map((one) => one.text).join(spaced ? '\n\n' : '\n')
      const lineBreaks = (unix: string): string => (windows ? unix.replaceAll('\n', '\r\n') : unix)
      return {
        text: lineBreaks(entries.length === 0 ? head : head + body + tail),
        entries: entries.map((one) => ({ ...one, text: lineBreaks(one.text) })),
      }
    })
  })
