import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { relays } from '../../records/relays/index.js'
import { mustTell, receives } from '../../src/render/text/relays-text.js'

const START = '<!-- the relays: test/readme/readme-relays.test.ts compares them with the catalogue -->\n'
const END = '<!-- end of the relays -->'

/** The catalogue as README has it. */
function table(): string {
  const rows = relays.map((relay) => {
    const needed = mustTell(relay)
    const more = Object.keys(relay.inputs).filter((key) => !needed.includes(key))
    const code = (keys: readonly string[]): string => keys.map((key) => `\`${key}\``).join(', ')
    return `| \`${relay.name}\` | [${relay.title}](${relay.documentation[0]}) | ${receives(relay)} | ${code(needed) || '–'} | ${code(more) || '–'} |`
  })
  return [
    '| name | what it is | receives | to be told | may be told |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

test('README lists the relays there are, and what has to be told of them', async () => {
  const [, rest = ''] = (await readFile('README.md', 'utf8')).split(START)
  expect(rest.split(END)[0]).toBe(table())
})
