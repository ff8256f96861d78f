// The search keeps its view in the fragment of the address: in another language it goes on with the same view.
const links = document.querySelectorAll('.languages a');
const follow = () => links.forEach((link) => (link.hash = location.hash));
// The widget writes the fragment without an event, so it is read when a link is about to be used.
for (const event of ['pointerdown', 'focusin', 'click']) document.querySelector('.languages').addEventListener(event, follow, true);
