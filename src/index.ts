/** The public API: the vocabulary, the adapter contract, and the stages: `openSession`, `makePlan`, `applyPlan`. */

export type { CallOutcome, Calls, EndedCall, OpenCalls } from '../providers/calls/calls.js'
export { surpriseIn } from '../providers/expect.js'
export type {
  ConnectContext,
  OptionDoc,
  Provider,
  ProviderPlugin,
  ServerView,
  Traits,
  WriteResult,
  ZoneCheck,
} from '../providers/provider.js'
export { cancelled, stale } from '../providers/refusal.js'
export { type Compiled, compile } from '../records/compile.js'
export { diffZone } from '../records/diff.js'
export { type ErrorCode, MailsyncError, type Where } from '../records/error.js'
export type { MailRecord, Purpose, Slot } from '../records/families/mail-record.js'
export type { StsPolicy } from '../records/families/mta-sts/policy.js'
export { readStsPolicy } from '../records/families/mta-sts/read-policy.js'
export { readStsRecord, type StsRecord } from '../records/families/mta-sts/read-record.js'
export type { Fault, Reading } from '../records/families/reading.js'
export { type Name, parseHostname, parseName } from '../records/rr/name.js'
export type { Mx, RdataByType, RRType } from '../records/rr/rdata.js'
export {
  type AnyRRset,
  type Change,
  canonical,
  keyOf,
  type OpaqueRRset,
  opaque,
  type RRset,
  type RRsetOf,
  sameRRset,
  subjectOf,
} from '../records/rr/rrset.js'
export { quoteTxt, splitTxt, unquoteTxt } from '../records/rr/txt.js'
export { type Place, type Zone, zoneWith } from '../records/rr/zone.js'
export type { MailSpec } from '../records/spec.js'
export { type ApplyInput, applyPlan } from './apply/apply-plan.js'
export type { ApplyResult, ZoneOutcome } from './apply/result.js'
export type { Connected } from './connect/connect.js'
export { makePlan } from './plan/make-plan.js'
export type { Plan, PlannedChange, ZonePlan } from './plan/plan.js'
export type { PlanInput } from './plan/plan-input.js'
export { type Problem, SpecErrors } from './problem.js'
export { closeAll, type OpenOptions, openSession, type Session } from './session.js'
