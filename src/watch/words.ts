import { numberText } from '../render/words.js'

/** A rough length of time: `45 s`, `9 min`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const rest = minutes % 60
  return `${numberText(Math.floor(minutes / 60))} h${rest === 0 ? '' : ` ${rest} min`}`
}

/** What is left of a wait, as a clock shows it: `4:12`, `1:04:12`. */
export function countdownText(seconds: number): string {
  const whole = Math.ceil(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (number: number): string => String(number).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** `83/s`, `40/min`. */
export function rateText(perSecond: number): string {
  if (perSecond >= 10) return `${numberText(Math.round(perSecond))}/s`
  if (perSecond >= 1) return `${Math.round(perSecond * 10) / 10}/s`
  return `${Math.max(1, Math.round(perSecond * 60))}/min`
}
