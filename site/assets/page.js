// Every page: copy buttons, and the search, which is loaded when it is first wanted. Works from a disk: no module, no fetch.
(() => {
  'use strict';
  const root = document.body.dataset.root;

  // Puts text on the clipboard and says so on the button. Pages of a plain http server have no clipboard: they select.
  globalThis.stopcodeCopy = async (button, text) => {
    const was = button.textContent;
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const box = document.createElement('textarea');
      box.value = text;
      box.className = 'aside';
      document.body.append(box);
      box.select();
      copied = document.execCommand('copy');
      box.remove();
      button.focus();
    }
    button.textContent = copied ? 'Copied' : 'Not copied';
    setTimeout(() => { button.textContent = was; }, 1500);
  };

  for (const pre of document.querySelectorAll('pre.copied')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'take';
    button.textContent = 'Copy';
    button.addEventListener('click', () => globalThis.stopcodeCopy(button, pre.querySelector('code').textContent.trimEnd()));
    pre.append(button);
  }

  const form = document.querySelector('.search');
  if (!form) return;
  const input = document.getElementById('query');
  const list = document.getElementById('results');
  form.hidden = false;

  function script(name) {
    return new Promise((done, failed) => {
      const s = document.createElement('script');
      s.src = `${root}assets/${name}`;
      s.onload = done;
      s.onerror = failed;
      document.head.append(s);
    });
  }

  let engine; // a promise of the index
  function load() {
    engine ??= Promise.all([script('minisearch.js'), script('index.js')]).then(() => {
      const pages = globalThis.stopcodeIndex.map(([path, kind, title, about = '', words = '', text = ''], id) => ({ id, path, kind, title, about, words, text }));
      const search = new MiniSearch({
        fields: ['title', 'words', 'about', 'text'],
        storeFields: ['path', 'kind', 'title', 'about'],
        tokenize: (text) => text.split(/[\s!,.:;()/|"'`#*]+/u).flatMap((w) => (/[_-]/u.test(w) ? [w, ...w.split(/[_-]+/u)] : [w])).filter(Boolean),
        searchOptions: {
          boost: { title: 3, words: 3, text: 0.3 },
          boostDocument: (id, term, { kind }) => ({ rule: 1.5, 'bug check': 1.5 })[kind] ?? 1,
          prefix: true,
          fuzzy: (term) => (term.length > 4 && !/[0-9]/u.test(term) ? 0.2 : false),
        },
      });
      search.addAll(pages);
      return search;
    });
    return engine;
  }

  function show(hits) {
    list.replaceChildren(...hits.slice(0, 12).map((hit) => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      const title = document.createElement('b');
      const about = document.createElement('small');
      const [path, anchor] = hit.path.split('#');
      link.href = `${root}${path}index.html${anchor ? `#${encodeURIComponent(anchor)}` : ''}`;
      title.textContent = hit.title;
      about.textContent = `${hit.kind}${hit.about ? ': ' : ''}${hit.about.length > 140 ? `${hit.about.slice(0, 137)}...` : hit.about}`;
      link.append(title, about);
      item.append(link);
      return item;
    }));
    if (!hits.length) {
      const item = document.createElement('li');
      item.textContent = 'Nothing is found.';
      list.append(item);
    }
    list.hidden = false;
  }

  input.addEventListener('focus', load, { once: true });
  input.addEventListener('input', async () => {
    const wanted = input.value.trim();
    if (!wanted) {
      list.hidden = true;
      return;
    }
    const search = await load();
    if (input.value.trim() !== wanted) return;
    const words = wanted.replace(/^0x0*/iu, '0x');
    const hits = search.search(words, { combineWith: 'AND' });
    const ids = new Set(hits.map((hit) => hit.id));
    show([...hits, ...search.search(words).filter((hit) => !ids.has(hit.id))]); // first what has all of the words
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    list.querySelector('a')?.click();
  });
  document.addEventListener('keydown', (event) => {
    const typing = /^(?:INPUT|TEXTAREA|SELECT)$/u.test(document.activeElement.tagName);
    if (event.key === '/' && !typing) {
      event.preventDefault();
      input.focus();
    } else if (event.key === 'Escape' && !list.hidden) {
      if (list.contains(document.activeElement)) input.focus();
      list.hidden = true;
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && form.contains(document.activeElement) && !list.hidden) {
      const stops = [input, ...list.querySelectorAll('a')];
      const at = stops.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1);
      event.preventDefault();
      stops[(at + stops.length) % stops.length].focus();
    }
  });
  document.addEventListener('click', (event) => {
    if (!form.contains(event.target)) list.hidden = true;
  });
})();
