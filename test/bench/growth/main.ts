import { KINDS } from './fleets.js'
import { type Growth, MOST, measureGrowth } from './growth.js'

/** `npm run bench:growth [KIND]`: how each stage of a run grows with each list of a spec; exit 1 where one grows too fast. */
const wanted = process.argv[2] ?? ''
const kinds = KINDS.filter(({ name }) => name.includes(wanted))
const found: Growth[] = []
let kind = ''
for await (const growth of measureGrowth(kinds)) {
  if (growth.kind !== kind) process.stdout.write(`\n${growth.kind}: ${growth.sizes.map(count).join(', ')}\n`)
  kind = growth.kind
  process.stdout.write(`  ${line(growth)}\n`)
  found.push(growth)
}
const fast = found.filter(isFast)
process.stdout.write(
  fast.length === 0
    ? `\nNothing grows faster than n ** ${MOST}.\n`
    : `\n${fast.length} of ${found.length} grow faster than n ** ${MOST}: ${fast.map((one) => `${one.stage} with ${one.kind}`).join('; ')}\n`,
)
process.exitCode = fast.length === 0 ? 0 : 1

function line(growth: Growth): string {
  const { stage, seconds, exponent, lastExponent } = growth
  const times = seconds.map((time) => `${time.toFixed(2)} s`.padStart(9)).join('')
  const power =
    exponent === undefined
      ? 'too short to tell'
      : `n ** ${exponent.toFixed(2)}${lastExponent === undefined ? '' : `, at the end ${lastExponent.toFixed(2)}`}`
  return `${stage.padEnd(11)}${times}   ${power}${isFast(growth) ? '  TOO FAST' : ''}`
}

function isFast({ exponent }: Growth): boolean {
  return exponent !== undefined && exponent > MOST
}

function count(size: number): string {
  return size.toLocaleString('en')
}
