const kViewers = 4;

/** Meanwhile viewers ask for a playlist again and again, without a pause: what they cost is the relay's own work. */
export async function whileManyAsk<T>(playlist: string, awaited: Promise<T>): Promise<T> {
  let over = false;
  const viewers = Array.from({ length: kViewers }, async () => {
    while (!over) await (await fetch(playlist)).arrayBuffer();
  });
  try {
    return await awaited;
  } finally {
    over = true;
    await Promise.all(viewers);
  }
}
