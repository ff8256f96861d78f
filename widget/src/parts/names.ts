/** Names that fit on a card: cut where they do not differ from those beside them, never where they do. */

/** By each name what is shown of it, in `most` letters or a few more. Two names that differ are shown as two. */
export function shortNames(names: readonly string[], most: number): ReadonlyMap<string, string> {
  const all = [...new Set(names)];
  const shown = new Map(all.map((name) => [name, shorten(name, all, most)]));
  const counts = new Map<string, number>();
  for (const short of shown.values()) counts.set(short, (counts.get(short) ?? 0) + 1);
  return new Map([...shown].map(([name, short]) => [name, (counts.get(short) ?? 0) > 1 ? name : short]));
}

function shorten(name: string, others: readonly string[], most: number): string {
  if (name.length <= most) return name;
  const words = name.split(' ');
  const shared = Math.max(0, ...others.map((other) => (other === name ? 0 : sharedWords(words, other.split(' ')))));
  // It differs in its first words: its middle goes. Else all from where it differs stays, as far as it fits.
  const tail = shared > 1 ? fitting(words.slice(shared), most / 1.5) : lastOf(words, most / 3);
  const head = fitting(words.slice(0, shared > 1 ? shared : words.length), Math.max(1, most - tail.length - 3));
  const short = `${head} … ${tail}`;
  return short.length < name.length ? short : name;
}

function sharedWords(words: readonly string[], others: readonly string[]): number {
  const end = words.findIndex((word, at) => word !== others[at]);
  return end < 0 ? words.length - 1 : end;
}

/** As many words from the beginning as fit, and one at least. */
function fitting(words: readonly string[], most: number): string {
  let text = words[0] ?? '';
  for (const word of words.slice(1)) {
    if (`${text} ${word}`.length > most) break;
    text = `${text} ${word}`;
  }
  return text;
}

function lastOf(words: readonly string[], most: number): string {
  return fitting([...words].reverse(), most).split(' ').reverse().join(' ');
}
