// Which orders: conditions, and groups of them in any depth.
import { type ConditionType, conditions } from '../../lib/promos/conditions.ts'
import { t } from '../i18n.ts'
import { labelOf } from '../labels.ts'
import { Args } from './arg-field.tsx'
import { argsOf } from './arg-kinds.ts'
import { type Config, type Path, pointerOf } from './config-tree.ts'
import { setAt } from './editor-state.ts'
import { ErrorsAt } from './fields.tsx'
import { ItemList } from './item-list.tsx'
import { TypeSelect } from './type-select.tsx'

const types = Object.keys(conditions) as ConditionType[]
const groupKinds = ['any', 'all', 'not'] as const
type GroupKind = (typeof groupKinds)[number]

export const ConditionList = ({ path, items }: { path: Path; items: readonly unknown[] }) => (
  <ItemList
    path={path}
    items={items}
    make={() => ({ type: 'total_value' }) as unknown}
    addLabel={t('order.add')}
    draw={(item, at) => <Condition path={at} value={item as Config} />}
  >
    <button type="button" class="add" onClick={() => setAt(path, [...items, { any: [{ type: 'total_value' }] }])}>
      + {t('group.add')}
    </button>
  </ItemList>
)

const groupKindOf = (value: Config): GroupKind | undefined => groupKinds.find((kind) => Object.hasOwn(value, kind))

function Condition({ path, value }: { path: Path; value: Config }) {
  const kind = groupKindOf(value)
  if (kind) return <ConditionGroup path={path} value={value} kind={kind} />
  const definition = types.find((type) => type === value.type)
  return (
    <div class="grid" id={pointerOf(path)}>
      <TypeSelect
        path={path}
        value={value}
        label={t('order.condition')}
        kind="conditions"
        types={types}
        argsOf={(type) => argsOf(conditions[type as ConditionType].args)}
      />
      {definition && <Args path={path} args={argsOf(conditions[definition].args)} value={value} owner={definition} />}
      <ErrorsAt path={path} />
    </div>
  )
}

/** What is inside: of `not` one condition, shown as "none of these". */
function partsOf(value: Config, kind: GroupKind): readonly unknown[] {
  const inner = value[kind]
  if (kind !== 'not') return Array.isArray(inner) ? inner : []
  const any = (inner as Config | null)?.any
  return Array.isArray(any) ? any : inner === undefined ? [] : [inner]
}

const groupWith = (kind: GroupKind, parts: readonly unknown[]): Config =>
  kind === 'not' ? { not: parts.length === 1 ? parts[0] : { any: parts } } : { [kind]: parts }

function ConditionGroup({ path, value, kind }: { path: Path; value: Config; kind: GroupKind }) {
  const parts = partsOf(value, kind)
  const isOne = kind === 'not' && !Array.isArray((value.not as Config | null)?.any)
  return (
    <fieldset class={`filter nested ${kind}`} id={pointerOf(path)}>
      <legend class="hidden">{labelOf('nested', kind).label}</legend>
      <select
        aria-label={t('group.kind')}
        value={kind}
        onChange={(event) => setAt(path, groupWith(event.currentTarget.value as GroupKind, parts))}
      >
        {groupKinds.map((name) => (
          <option key={name} value={name}>
            {t(`group.${name}`)}
          </option>
        ))}
      </select>
      {isOne ? (
        <div class="stack">
          <Condition path={[...path, 'not']} value={(value.not ?? {}) as Config} />
          <div class="buttons">
            <button
              type="button"
              class="add"
              onClick={() => setAt(path, { not: { any: [...parts, { type: 'total_value' }] } })}
            >
              + {t('order.add')}
            </button>
          </div>
        </div>
      ) : (
        <ConditionList path={kind === 'not' ? [...path, 'not', 'any'] : [...path, kind]} items={parts} />
      )}
    </fieldset>
  )
}
