// A list whose entries are added, moved and taken away; the focus goes where the hands are.

import type { ComponentChildren } from 'preact'
import { t } from '../i18n.ts'
import { useRef } from '../signals.ts'
import { moved, type Path } from './config-tree.ts'
import { setAt } from './editor-state.ts'

type Props<Item> = {
  path: Path
  items: readonly Item[]
  make: () => Item
  addLabel: string
  draw: (item: Item, path: Path) => ComponentChildren
  /** Of the list's last part, as further ways to add. */
  children?: ComponentChildren
  isSortable?: boolean
}

export function ItemList<Item>({ path, items, make, addLabel, draw, children, isSortable = false }: Props<Item>) {
  const ref = useRef<HTMLDivElement>()
  const add = (): void => {
    setAt(path, [...items, make()])
    requestAnimationFrame(() => {
      ref.current?.querySelector<HTMLElement>(':scope > ol > li:last-child :is(input,select)')?.focus()
    })
  }
  const remove = (at: number): void => {
    setAt([...path, at], undefined)
    requestAnimationFrame(() => ref.current?.querySelector<HTMLElement>(':scope > .buttons button')?.focus())
  }
  return (
    <div class="items" ref={ref}>
      <ol>
        {items.map((item, i) => (
          <li key={i} class="item">
            <div class="body">{draw(item, [...path, i])}</div>
            <div class="tools">
              {isSortable && i > 0 && (
                <button
                  type="button"
                  class="quiet icon"
                  aria-label={t('list.up', { n: i + 1 })}
                  onClick={() => setAt(path, moved(items, i, i - 1))}
                >
                  ↑
                </button>
              )}
              <button
                type="button"
                class="quiet icon"
                aria-label={t('list.remove', { n: i + 1 })}
                onClick={() => remove(i)}
              >
                ×
              </button>
            </div>
          </li>
        ))}
      </ol>
      <div class="buttons">
        <button type="button" class="add" onClick={add}>
          + {addLabel}
        </button>
        {children}
      </div>
    </div>
  )
}
