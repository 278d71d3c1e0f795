import { expect, it } from 'vitest'
import { isLater } from '../../../providers/dns/serial.js'

it('serials go round: a small one may come after a large one', () => {
  expect(isLater(2, 1)).toBe(true)
  expect(isLater(1, 2)).toBe(false)
  expect(isLater(7, 7)).toBe(false)
  expect(isLater(3, 4_294_967_290)).toBe(true)
  expect(isLater(4_294_967_290, 3)).toBe(false)
})

it('of two that are half the circle apart neither comes after the other', () => {
  expect(isLater(2 ** 31, 0)).toBe(false)
  expect(isLater(0, 2 ** 31)).toBe(false)
})
