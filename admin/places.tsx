// What the page shows at each place.
import { EditorPage } from './editor/editor-page.tsx'
import { HistoryPage } from './history/history-page.tsx'
import { Calendar } from './list/calendar.tsx'
import { PromoList } from './list/promo-list.tsx'
import { Results } from './results/results.tsx'
import type { Place } from './router.ts'

export function PlaceView({ at }: { at: Place }) {
  if (at.name === 'list') return <PromoList />
  if (at.name === 'calendar') return <Calendar />
  if (at.name === 'results') return <Results />
  if (at.name === 'new') return <EditorPage key={`new/${at.from ?? ''}`} {...(at.from ? { from: at.from } : {})} />
  if (at.name === 'edit') return <EditorPage key={`edit/${at.id}`} id={at.id} />
  return <HistoryPage key={at.id} id={at.id} />
}
