import type { Name } from '../../../../records/rr/name.js'
import { type OpenOptions, openSession } from '../../../session.js'
import type { VerifyReport } from '../../../verify/report.js'
import { readReportFile, type SavedReport } from '../../../verify/report-file.js'
import { zonesInShards } from '../matrix.js'
import { assertZonesKnown } from '../zones-known.js'
import { mergeReports } from './merge-reports.js'
import { assertOneRun, type Kind, missingShards, type ShardFile } from './shard-files.js'

const KIND: Kind = { word: 'report', command: (shard) => `mailsync verify --shard ${shard} --out report.json` }

/** Reads the reports of shards, and merges them as one process would have made it. Throws `io`, and `usage` for those that do not belong together. */
export async function mergedReport(
  files: readonly string[],
  options: Pick<OpenOptions, 'file' | 'env' | 'within'>,
): Promise<VerifyReport> {
  const parts = files.map((file): SavedReport & ShardFile => ({ ...readReportFile(file), file }))
  const shards = assertOneRun(parts, KIND, [])
  const { spec, compiled } = await openSession({ ...options, online: false })
  assertZonesKnown(spec)
  const problems = missingShards(shards, KIND, (count) => zonesInShards(compiled, count))
  const places = new Map(spec.domains.map(({ name }, index) => [name, index]))
  const { checks, domains } = mergeReports(parts)
  const placeOf = ({ name }: (typeof domains)[number]): number => places.get(name as Name) ?? places.size
  return {
    checks,
    domains: [...domains].sort((a, b) => placeOf(a) - placeOf(b)),
    ...(problems.length > 0 && { problems }),
  }
}
