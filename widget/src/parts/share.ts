/** Handing a link on. */
import type { Context } from '../context';

/** The device's own way to share where it has one, else the clipboard. */
export async function shareLink({ words, announce }: Context, url: string, title: string): Promise<void> {
  try {
    if ('share' in navigator) await navigator.share({ url, title });
    else {
      await (navigator as Navigator).clipboard.writeText(url);
      announce(words.say('shared'));
    }
  } catch {
    // The member changed their mind, or the browser refuses: the address bar holds the same link.
  }
}
