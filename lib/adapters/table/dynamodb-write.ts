// Changes of a write as DynamoDB transaction items, and what a cancelled transaction means.
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { KramError } from '../../base/errors.ts'
import type { JsonValue } from '../../base/json.ts'
import { limits } from '../../base/limits.ts'
import type { Condition, WriteOp } from '../../ports/table.ts'
import { listingAttributes } from './dynamodb-listing.ts'
import {
  type AttributeMap,
  itemBytes,
  keyAttributes,
  storedName,
  toAttribute,
  toAttributes,
} from './dynamodb-values.ts'

/** Collects the names and values of one item's expressions under placeholders. */
function createPlaceholders() {
  const names: Record<string, string> = {}
  const values: AttributeMap = {}
  return {
    name(attribute: string): string {
      const stored = storedName(attribute)
      const known = Object.keys(names).find((placeholder) => names[placeholder] === stored)
      if (known !== undefined) return known
      const placeholder = `#n${Object.keys(names).length}`
      names[placeholder] = stored
      return placeholder
    },
    value(value: JsonValue): string {
      const placeholder = `:v${Object.keys(values).length}`
      values[placeholder] = toAttribute(value)
      return placeholder
    },
    /** The members of a request; DynamoDB refuses empty ones. */
    members: () => ({
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    }),
  }
}

type Placeholders = ReturnType<typeof createPlaceholders>

const signs = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function conditionExpression(condition: Condition, use: Placeholders): string {
  if ('exists' in condition)
    return `${condition.exists ? 'attribute_exists' : 'attribute_not_exists'}(${use.name('pk')})`
  const name = use.name(condition.attribute)
  const holds = `${name} ${signs[condition.op]} ${use.value(condition.value)}`
  if (condition.orAbsent) return `(attribute_not_exists(${name}) OR ${holds})`
  // A missing attribute is unequal to everything, for DynamoDB; for the port no comparison holds on it.
  return condition.op === 'ne' ? `(attribute_exists(${name}) AND ${holds})` : holds
}

type Count = WriteOp & { op: 'count' }

// The bound holds after the addition, so the stored number is compared with what it leaves room for; what is missing
// counts from 0.
function boundExpressions({ add, atMost = {}, atLeast = {} }: Count, use: Placeholders): string[] {
  const bounded = (bounds: Record<string, number>, sign: '<=' | '>='): string[] =>
    Object.entries(bounds).map(([attribute, bound]) => {
      const by = add[attribute] ?? 0
      const name = use.name(attribute)
      const holds = `${name} ${sign} ${use.value(bound - by)}`
      const absentFits = sign === '<=' ? by <= bound : by >= bound
      return absentFits ? `(attribute_not_exists(${name}) OR ${holds})` : holds
    })
  return [...bounded(atMost, '<='), ...bounded(atLeast, '>=')]
}

function updateExpression({ add, set = {} }: Count, use: Placeholders): string {
  const adds = Object.entries(add).map(([name, by]) => `${use.name(name)} ${use.value(by)}`)
  const sets = Object.entries(set).map(([name, value]) => `${use.name(name)} = ${use.value(value)}`)
  const clauses = [adds.length > 0 ? `ADD ${adds.join(', ')}` : '', sets.length > 0 ? `SET ${sets.join(', ')}` : '']
  // An update that changes nothing still makes the item; an expression must say something.
  return clauses.filter(Boolean).join(' ') || `REMOVE ${use.name('\\')}`
}

function putItem(op: WriteOp & { op: 'put' }): AttributeMap {
  const item = { ...toAttributes(op.item), ...(op.list && listingAttributes(op.item, op.list)) }
  if (itemBytes(item) > limits.itemBytes) {
    throw new KramError('invalid', 'item_too_large', `An item is larger than ${limits.itemBytes} bytes.`)
  }
  return item
}

/** @throws KramError invalid: item_too_large, table_key */
export function transactItem(op: WriteOp, TableName: string): TransactWriteItem {
  const use = createPlaceholders()
  const conditions = op.if ? [conditionExpression(op.if, use)] : []
  if (op.op === 'put') {
    const Put = { TableName, Item: putItem(op), ...conditionMember(conditions), ...use.members() }
    return { Put }
  }
  const Key = keyAttributes(op.key)
  switch (op.op) {
    case 'count': {
      const UpdateExpression = updateExpression(op, use)
      const all = conditionMember([...conditions, ...boundExpressions(op, use)])
      return { Update: { TableName, Key, UpdateExpression, ...all, ...use.members() } }
    }
    case 'delete':
      return { Delete: { TableName, Key, ...conditionMember(conditions), ...use.members() } }
    case 'check':
      return { ConditionCheck: { TableName, Key, ConditionExpression: conditions.join(), ...use.members() } }
  }
}

const conditionMember = (conditions: string[]) =>
  conditions.length > 0 ? { ConditionExpression: conditions.join(' AND ') } : {}

/** Reasons that pass: another write was on the item, or the table was asked for too much at once. */
const passingReasons = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])

type Reason = { Code?: string | undefined; Message?: string | undefined }

/** What a cancelled transaction says: positions refused for good, and whether some were not judged and may be. */
export type Cancellation = { failed: number[]; undecided: boolean }

/**
 * What DynamoDB finds wrong only when it looks at the stored items; undefined for what is wrong with the request itself.
 * A cancelled transaction gives it as a reason; DynamoDB Local refuses the whole request with it.
 */
export function readInvalid(message: string, cause: unknown): KramError | undefined {
  if (/item size/i.test(message)) {
    return new KramError('invalid', 'item_too_large', `An item is larger than ${limits.itemBytes} bytes.`)
  }
  if (/incorrect data type|type mismatch/i.test(message)) {
    return new KramError('invalid', 'counter_type', 'What is counted is no number.', { cause })
  }
  return undefined
}

/**
 * Reads the reasons, one for each change in order.
 * @throws KramError invalid `counter_type`, `item_too_large`; the error itself for what is none of these
 */
export function readCancellation(reasons: readonly Reason[], error: unknown): Cancellation {
  const invalid = reasons.find(({ Code }) => Code === 'ValidationError')
  if (invalid) throw readInvalid(invalid.Message ?? '', error) ?? error
  const failed = reasons.flatMap(({ Code }, position) => (Code === 'ConditionalCheckFailed' ? [position] : []))
  const undecided = reasons.some(({ Code }) => passingReasons.has(Code ?? ''))
  if (failed.length === 0 && !undecided) throw error
  return { failed, undecided }
}
