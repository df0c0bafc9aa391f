interface Size {
  readonly width: number;
  readonly height: number;
}

/** Height of a pane's caption in CSS pixels. */
const CAPTION = 64;
/** Narrower panes have no room for their settings. */
const LEAST_WIDTH = 180;

/** The number of columns in which so many panes show an image largest; the fewest of these. */
export function columnsFor(count: number, image: Size, room: Size): number {
  let best = { columns: 1, zoom: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const width = room.width / columns;
    if (columns > 1 && width < LEAST_WIDTH) break;
    const height = room.height / Math.ceil(count / columns) - CAPTION;
    const zoom = Math.min(width / image.width, height / image.height);
    if (zoom > best.zoom * 1.001) best = { columns, zoom };
  }
  return best.columns;
}
