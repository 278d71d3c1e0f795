import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { conformanceCases } from '../../../conformance/index.js'
import { type AddressView, addressView } from '../../../conformance/live/address-view.js'
import { openLiveAddresses } from '../../../conformance/live/live-addresses.js'
import { type LiveRun, openLive } from '../../../conformance/live/live-run.js'
import { type CaseReport, runCases } from '../../../conformance/run-cases.js'
import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import { parseAddress } from '../../../records/rr/address.js'
import { type Name, parseName } from '../../../records/rr/name.js'
import { ARPA } from '../../../records/rr/reverse.js'
import {
  isWithoutZones,
  type OneProvider,
  prepareOne,
  providerOf,
  readOptions,
} from '../../connect/check/prepare-one.js'
import { type Connected, holderOf, type Prepared } from '../../connect/connect.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { progressLine } from '../../progress.js'
import { type ConformanceRun, conformanceJson } from '../../render/json/conformance-json.js'
import { jsonText } from '../../render/json/json-text.js'
import { conformanceHead, conformanceTail, reportLines } from '../../render/text/conformance-text.js'
import { print } from '../../render/text/print.js'

type Cases = ReturnType<typeof conformanceCases>

export interface ConformanceOptions {
  /** The spec that has `provider`. */
  readonly config: string
  /** A class, in place of `provider`. */
  readonly adapter?: string | undefined
  readonly provider?: string | undefined
  /** `KEY=VALUE` each, with `adapter`. */
  readonly option: readonly string[]
  readonly zone: readonly string[]
  /** Addresses at an address owner, in place of zones. */
  readonly address: readonly string[]
  /** Above the names that their PTRs are set to. */
  readonly name?: string | undefined
  readonly besideOtherRecords: boolean
  readonly quick: boolean
  /** Parts of titles: only these cases. */
  readonly only: readonly string[]
  /** `TITLE=REASON` each. */
  readonly skip: readonly string[]
  /** Seconds that one call may take. */
  readonly timeout: number
  readonly format: 'text' | 'json'
}

/** `mailsync conformance`: the conformance suite on an adapter, at a zone that its author names. */
export async function conformanceCommand(options: ConformanceOptions, io: Io): Promise<ExitCode> {
  const isText = options.format === 'text'
  const skip = readSkips(options.skip)
  const addresses = readAddresses(options)
  const zones = addresses ? [] : readZones(options.zone)
  const limit = readTimeout(options.timeout)
  const prepared = await prepare(options, { zones, ownsAddresses: addresses !== undefined }, io).catch((error) => {
    throw isWithoutZones(error) ? withoutZones() : error
  })
  const bounds = { skip, limit, signal: io.signal }
  const live = addresses
    ? await openLiveAddresses({ ...bounds, connect: () => ownerOf(prepared) }, addresses)
    : await openLive({
        ...bounds,
        connect: prepared.connect,
        zones,
        besideOthers: options.besideOtherRecords,
        quick: options.quick,
        random: Array.from({ length: 8 }, () => randomInt(36).toString(36)).join(''),
      })
  const of = { class: prepared.plugin.type, views: live.views, addresses: live.addresses, cleared: live.cleared }
  try {
    const cases = chosen(conformanceCases(live.subject), options.only)
    if (isText) print(io.out, conformanceHead({ ...of, total: cases.length }))
    const reports = await watched(live, cases, isText, io)
    const run: ConformanceRun = {
      ...of,
      reports,
      total: cases.length,
      halted: live.halted(),
      leftovers: await live.end(),
    }
    if (isText) print(io.out, conformanceTail(run, io.out))
    else io.out.write(jsonText(conformanceJson(run)))
    const isWell = run.halted === undefined && run.leftovers.length === 0
    return isWell && reports.every(({ outcome }) => outcome !== 'failed') ? 0 : 1
  } catch (error) {
    await live.end()
    throw error
  }
}

function chosen(cases: Cases, only: readonly string[]): Cases {
  if (only.length === 0) return cases
  const found = cases.filter(({ title }) => only.some((part) => title.includes(part)))
  if (found.length > 0) return found
  throw new MailsyncError('usage', `no case has ${quoted(only.join(', '))} in its title`, {
    hint: 'without --only all titles are told',
  })
}

async function watched(live: LiveRun, cases: Cases, isText: boolean, io: Io): Promise<readonly CaseReport[]> {
  const progress = progressLine(io, 'Cases')
  try {
    return await runCases(cases, {
      halted: live.halted,
      onStart: (_, done) => progress.update(done, cases.length),
      onEnd: (report) => {
        if (!isText) return
        progress.clear()
        print(io.out, reportLines(report, io.out))
      },
    })
  } finally {
    progress.end()
  }
}

function withoutZones(): MailsyncError {
  return new MailsyncError('usage', 'the adapter holds no zones, only the PTRs of its addresses', {
    hint: 'name addresses in place of a zone: --address 198.51.100.7 --name test.example',
  })
}

/** The side of a provider that has the addresses. */
async function ownerOf({ connect, plugin }: Prepared): Promise<Connected> {
  const connected = await connect()
  const owner = holderOf(connected, ARPA)
  if (owner.plugin.traits.serves === 'addresses') return owner
  await connected.provider.close?.()
  throw new MailsyncError('usage', `the class ${plugin.type} has zones, and no PTRs of addresses`, {
    hint: 'name a zone of it: --zone test.example',
  })
}

async function prepare(
  options: ConformanceOptions,
  use: Pick<OneProvider, 'zones' | 'ownsAddresses'>,
  { env, redaction, watch }: Io,
): Promise<Prepared> {
  const { adapter, provider: name, option, config } = options
  const given = { env, onSecret: redaction.add, watch }
  if (adapter !== undefined && name === undefined) {
    const type = /^[^./\\].*\.[cm]?js$/.test(adapter) ? `./${adapter}` : adapter
    return prepareOne({ name: type, type, options: readOptions(option), ...use }, { ...given, directory: resolve('.') })
  }
  if (adapter !== undefined || name === undefined || option.length > 0)
    throw new MailsyncError(
      'usage',
      'it is one adapter that is tried: a class with --option, or --provider of a spec',
      {
        hint: 'for example: mailsync conformance ./my-adapter.js --zone test.example --option token=env/MY_TOKEN',
      },
    )
  const { provider, directory, locate } = await providerOf(config, name)
  return prepareOne({ name, type: provider.class, options: provider.options, ...use }, { ...given, directory, locate })
}

function readZones(texts: readonly string[]): Name[] {
  if (texts.length === 0)
    throw new MailsyncError('usage', 'no zone is named to try it at', {
      hint: '--zone test.example: a zone at the provider that nobody uses; at an address owner --address 198.51.100.7 --name test.example',
    })
  return texts.map((text) => read(text, parseName))
}

/** The addresses to try it at, where some are named. */
function readAddresses({ address, name, zone }: ConformanceOptions): AddressView | undefined {
  if (address.length === 0 && name === undefined) return undefined
  if (address.length === 0 || name === undefined || zone.length > 0)
    throw new MailsyncError('usage', 'an address owner is tried with --address and --name, and without a zone', {
      hint: 'for example --address 198.51.100.7 --name test.example, where *.test.example has that address',
    })
  const addresses = new Set(address.map((text) => read(text, parseAddress)))
  return addressView([...addresses], read(name, parseName))
}

function read<R extends string | { readonly error: string; readonly hint?: string }>(
  text: string,
  parse: (text: string) => R,
): Extract<R, string> {
  const value = parse(text)
  if (typeof value === 'string') return value as Extract<R, string>
  throw new MailsyncError('usage', value.error, value.hint === undefined ? {} : { hint: value.hint })
}

function readSkips(texts: readonly string[]): Record<string, string> {
  const skips = texts.map((text) => {
    const [, title, reason] = /^([^=]+)=(.*\S.*)$/s.exec(text) ?? []
    if (title === undefined || reason === undefined)
      throw new MailsyncError('usage', '--skip takes TITLE=REASON', {
        hint: 'for example --skip "a TXT value of 0 octets=the API refuses it"',
      })
    return [title, reason]
  })
  return Object.fromEntries(skips)
}

function readTimeout(seconds: number): number {
  if (seconds > 0 && seconds <= 3600) return seconds * 1000
  throw new MailsyncError('usage', '--timeout takes seconds, up to 3600')
}
