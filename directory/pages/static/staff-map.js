// Fetches the map once it is about to be seen. Until then, and where it cannot come, the page is whole without it.
const near = new IntersectionObserver(
  (seen) => {
    const map = seen.find((each) => each.isIntersecting)?.target;
    if (!map) return;
    near.disconnect();
    import(map.dataset.src).catch(() => document.querySelectorAll('staff-map').forEach((each) => each.classList.add('failed')));
  },
  { rootMargin: '200px' },
);
const look = (part) => part.querySelectorAll('staff-map').forEach((map) => near.observe(map));
look(document);
// One that comes with a part of the page.
document.addEventListener('htmx:afterSwap', ({ target }) => look(target));
