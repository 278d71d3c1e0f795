import type { ExitCode } from '../../exit-code.js'
import type { Matrix } from '../../fleet/shards/matrix.js'
import type { Phase } from '../../fleet/shards/phase.js'
import { type AskedShards, shardsOfSpec } from '../../fleet/shards/shards-of-spec.js'
import type { Io } from '../../io.js'
import { print } from '../../render/text/print.js'

export interface ShardsOptions extends AskedShards {
  readonly config: string
  readonly phase?: Phase | undefined
  readonly json: boolean
}

/** `mailsync shards`: into how many parts a fleet is dealt out, and which of them have work, offline. */
export async function shardsCommand(options: ShardsOptions, io: Io): Promise<ExitCode> {
  const { all, count } = await shardsOfSpec(options, { file: options.config, env: io.env })
  const matrix = all[options.phase ?? 'rest']
  if (options.json) io.out.write(`${JSON.stringify(matrix)}\n`)
  else print(io.out, await textOf(all, matrix, count, options))
  return 0
}

async function textOf(
  { first, last }: Readonly<Record<Phase, Matrix>>,
  { include }: Matrix,
  count: number,
  { plan, phase }: ShardsOptions,
): Promise<string> {
  const { count: counted } = await import('../../render/words.js')
  const zones = include.reduce((sum, one) => sum + one.zones, 0)
  const width = Math.max(0, ...include.map(({ shard }) => shard.length))
  const of = include.length === count ? '' : `${include.length} of `
  const head = `${counted(zones, 'zone')}${plan === undefined ? '' : ' to write'}, in ${of}${counted(count, 'shard')}:`
  const lines = include.map((one) => `  ${one.shard.padStart(width)}  ${counted(one.zones, 'zone')}`)
  const few = ({ include: some }: Matrix): string =>
    some.length === 0 ? 'none' : some.length === include.length ? 'all' : some.map(({ shard }) => shard).join(', ')
  return [
    head,
    ...lines,
    ...(phase === undefined && count > 1
      ? [`Apply with --phase first: ${few(first)}; then each of these; then with --phase last: ${few(last)}.`]
      : []),
    '',
  ].join('\n')
}
