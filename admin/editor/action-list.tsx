// What the customer gets: one action or several.
import { type ActionType, actions } from '../../lib/promos/actions.ts'
import { t } from '../i18n.ts'
import { Args } from './arg-field.tsx'
import { argsOf } from './arg-kinds.ts'
import { type Config, type Path, pointerOf } from './config-tree.ts'
import { ErrorsAt } from './fields.tsx'
import { ItemList } from './item-list.tsx'
import { TypeSelect } from './type-select.tsx'

const types = Object.keys(actions) as ActionType[]

export const ActionList = ({ path, items }: { path: Path; items: readonly unknown[] }) => (
  <ItemList
    path={path}
    items={items}
    make={() => ({ type: 'percent_off' }) as unknown}
    addLabel={t('discount.add')}
    isSortable
    draw={(item, at) => <Action path={at} value={item as Config} />}
  />
)

function Action({ path, value }: { path: Path; value: Config }) {
  const type = types.find((name) => name === value.type)
  return (
    <div class="grid" id={pointerOf(path)}>
      <TypeSelect
        path={path}
        value={value}
        label={t('discount.kind')}
        kind="actions"
        types={types}
        argsOf={(name) => argsOf(actions[name as ActionType].args)}
      />
      {type && <Args path={path} args={argsOf(actions[type].args)} value={value} owner={type} />}
      <ErrorsAt path={path} />
    </div>
  )
}
