// Fetches the map once it is about to be seen. Until then, and where it cannot come, the page is whole without it.
const maps = document.querySelectorAll('staff-map');
const near = new IntersectionObserver(
  (seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    near.disconnect();
    import(maps[0].dataset.src).catch(() => maps.forEach((map) => map.classList.add('failed')));
  },
  { rootMargin: '200px' },
);
maps.forEach((map) => near.observe(map));
